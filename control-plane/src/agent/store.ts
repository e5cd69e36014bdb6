import type { ScheduledCheck } from "@mycloud/protocol/agent";
import type { HostAgent } from "@mycloud/protocol/host";
import { MonitoredSettings } from "@mycloud/protocol/monitored";
import { Labels } from "@mycloud/protocol/name";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { chunksOf, computedCommands, idList } from "../monitored/index.ts";
import {
  effectiveSchedule,
  effectiveSettings,
  loadRuntimeOverrides,
  type RuntimeOverrides,
} from "../monitored/runtime-override.ts";
import type { Scope } from "../scope/index.ts";

/** An agent as authentication and revocation need it. */
export interface AgentRecord {
  readonly id: string;
  readonly hostId: number;
  readonly hostName: string;
  readonly customer: string | null;
  readonly publicKeyJson: string;
  readonly revokedAtMs: number | null;
}

/** The agent of an id, whatever has become of it. */
export async function findAgent(
  executor: Executor,
  id: string,
  scope: Scope = { kind: "all" },
): Promise<AgentRecord | undefined> {
  let query = executor
    .selectFrom("agent")
    .innerJoin("host", "host.id", "agent.host_id")
    .select(["agent.id", "agent.host_id", "agent.public_key_json", "agent.revoked_at_ms", "host.name", "host.customer"])
    .where("agent.id", "=", id);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const row = await query.executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    hostId: row.host_id,
    hostName: row.name,
    customer: row.customer,
    publicKeyJson: row.public_key_json,
    revokedAtMs: row.revoked_at_ms,
  };
}

/** Keeps a new agent. */
export async function insertAgent(
  executor: Executor,
  agent: { readonly id: string; readonly hostId: number; readonly publicKeyJson: string; readonly version: string },
  nowMs: number,
): Promise<void> {
  await executor
    .insertInto("agent")
    .values({
      id: agent.id,
      host_id: agent.hostId,
      public_key_json: agent.publicKeyJson,
      version: agent.version,
      enrolled_at_ms: nowMs,
      revoked_at_ms: null,
      last_seen_at_ms: null,
      started_at_ms: null,
      clock_offset_ms: null,
      status_json: null,
    })
    .execute();
}

/** Revokes agents that are not yet; answers how many that were. */
export async function revokeAgents(
  executor: Executor,
  which: { readonly id: string } | { readonly hostId: number },
  nowMs: number,
): Promise<number> {
  const update = executor.updateTable("agent").set({ revoked_at_ms: nowMs }).where("revoked_at_ms", "is", null);
  const narrowed = "id" in which ? update.where("id", "=", which.id) : update.where("host_id", "=", which.hostId);
  return Number((await narrowed.executeTakeFirst()).numUpdatedRows);
}

/** Of these agents, those that are revoked or gone. */
export async function findRevokedAgents(executor: Executor, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const valid = new Set<string>();
  for (let at = 0; at < ids.length; at += 500) {
    const rows = await executor
      .selectFrom("agent")
      .select("id")
      .where("id", "in", ids.slice(at, at + 500))
      .where("revoked_at_ms", "is", null)
      .execute();
    for (const row of rows) valid.add(row.id);
  }
  return ids.filter((id) => !valid.has(id));
}

/** A host's present agent, or the last it had. */
export async function findAgentOfHost(executor: Executor, hostId: number): Promise<HostAgent | null> {
  const row = await executor
    .selectFrom("agent")
    .selectAll()
    .where("host_id", "=", hostId)
    .orderBy("revoked_at_ms", "asc")
    .orderBy("enrolled_at_ms", "desc")
    .execute();
  const agent = row.find((candidate) => candidate.revoked_at_ms === null) ?? row[0];
  if (agent === undefined) return null;
  return {
    id: agent.id,
    version: agent.version,
    isRevoked: agent.revoked_at_ms !== null,
    enrolledAtMs: agent.enrolled_at_ms,
    lastSeenAtMs: agent.last_seen_at_ms,
  };
}

/** A host and what its agent has to run, before macros are replaced. */
export interface ConfiguredHost {
  readonly id: number;
  readonly name: string;
  readonly address: string | null;
  readonly labels: Labels;
  readonly freshnessSeconds: number | null;
  readonly checks: readonly ScheduledCheck[];
}

const Arguments = z.array(z.string());

/** What agents need to know of a check, whichever service it is of. */
interface ConfiguredCheck {
  readonly command: string;
  readonly arguments: string[];
  readonly schedule: ReturnType<typeof scheduleOf>;
  readonly timeoutSeconds: number;
  readonly settings: MonitoredSettings;
}

/** Checks that were read already, by id; null for those that no agent runs. Kept until definitions change: they are few, their services are many. */
export type ConfiguredChecks = Map<number, ConfiguredCheck | null>;

/** Adds the checks of services to those that are known. */
async function readConfiguredChecks(
  executor: Executor,
  services: readonly { readonly check_id: number | null }[],
  known: ConfiguredChecks,
): Promise<void> {
  const missing = new Set(services.flatMap(({ check_id: id }) => (id === null || known.has(id) ? [] : id)));
  for (const ids of chunksOf([...missing], 500)) {
    const rows = await executor.selectFrom("check_definition").selectAll().where("id", "in", ids).execute();
    for (const row of rows) {
      const isRun = row.is_enabled === 1 && !computedCommands.includes(row.command);
      const check = {
        command: row.command,
        arguments: Arguments.parse(JSON.parse(row.arguments_json)),
        schedule: scheduleOf(row),
        timeoutSeconds: row.timeout_seconds,
        settings: MonitoredSettings.parse(JSON.parse(row.settings_json)),
      };
      known.set(row.id, isRun ? check : null);
    }
  }
}

/** The enabled checks of hosts, by host id; a host that does not exist is absent. `checks` are those known, to which what is read is added. */
export async function findConfiguredHosts(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  checks: ConfiguredChecks,
): Promise<ReadonlyMap<number, ConfiguredHost>> {
  const hosts = await executor
    .selectFrom("host")
    .leftJoin("host_check", "host_check.host_id", "host.id")
    .leftJoin("check_definition", (join) =>
      join.onRef("check_definition.id", "=", "host_check.check_id").on("check_definition.is_enabled", "=", 1),
    )
    .select([
      "host.id",
      "host.name",
      "address",
      "labels_json",
      "facts_json",
      "freshness_seconds",
      "host.settings_json as host_settings_json",
    ])
    .select(["command", "arguments_json", "check_interval_seconds", "retry_interval_seconds"])
    .select(["check_definition.max_check_attempts", "timeout_seconds", "check_definition.settings_json"])
    .where("host.id", "in", idList(dialect, hostIds) as never)
    .execute();
  const services = await executor
    .selectFrom("service")
    .select(["id", "host_id", "name", "check_id"])
    .where("host_id", "in", idList(dialect, hostIds) as never)
    .where("check_id", "is not", null)
    .orderBy("id")
    .execute();
  await readConfiguredChecks(executor, services, checks);
  const overrides = await loadRuntimeOverrides(executor);
  const scheduled = services.flatMap(({ id, host_id, name, check_id }) => {
    const check = check_id === null ? null : checks.get(check_id);
    if (check === null || check === undefined) return [];
    const { checkPeriod, isActiveCheckEnabled } = effectiveSettings(check.settings, overrides, host_id, id);
    const schedule = effectiveSchedule(check.schedule, overrides, host_id, id);
    return isActiveCheckEnabled ? [{ id, host_id, name, check, checkPeriod, schedule }] : [];
  });
  const byHost = Map.groupBy(scheduled, (service) => service.host_id);
  return new Map(
    hosts.map((host) => [
      host.id,
      {
        id: host.id,
        name: host.name,
        address: host.address,
        labels: effectiveLabels(Labels.parse(JSON.parse(host.facts_json)), Labels.parse(JSON.parse(host.labels_json))),
        freshnessSeconds: host.freshness_seconds,
        checks: [
          ...hostCheckOf(host, overrides),
          ...(byHost.get(host.id) ?? []).map(({ id, name, check, schedule, checkPeriod }) => ({
            serviceId: id,
            serviceName: name,
            command: check.command,
            arguments: check.arguments,
            ...schedule,
            timeoutSeconds: check.timeoutSeconds,
            ...(checkPeriod === null ? {} : { checkPeriod }),
          })),
        ],
      },
    ]),
  );
}

interface HostCheckRow {
  readonly id: number;
  readonly name: string;
  readonly host_settings_json: string;
  readonly command: string | null;
  readonly arguments_json: string | null;
  readonly check_interval_seconds: number | null;
  readonly retry_interval_seconds: number | null;
  readonly max_check_attempts: number | null;
  readonly timeout_seconds: number | null;
  readonly settings_json: string | null;
}

function scheduleOf(
  row: Pick<HostCheckRow, "check_interval_seconds" | "retry_interval_seconds" | "max_check_attempts">,
) {
  return {
    checkIntervalSeconds: row.check_interval_seconds ?? 60,
    retryIntervalSeconds: row.retry_interval_seconds ?? 30,
    maxCheckAttempts: row.max_check_attempts ?? 3,
  };
}

/** The check that tells whether a host is UP, if it has one that runs. The host's own check period goes before the check's. */
function hostCheckOf(host: HostCheckRow, overrides: RuntimeOverrides): ScheduledCheck[] {
  if (host.command === null) return [];
  const ofCheck = MonitoredSettings.parse(JSON.parse(host.settings_json ?? "{}"));
  const defined = MonitoredSettings.parse(JSON.parse(host.host_settings_json));
  const { isActiveCheckEnabled, checkPeriod } = effectiveSettings(defined, overrides, host.id, null);
  if (!isActiveCheckEnabled || !ofCheck.isActiveCheckEnabled) return [];
  const period = checkPeriod ?? ofCheck.checkPeriod;
  return [
    {
      serviceId: null,
      serviceName: null,
      hostId: host.id,
      hostName: host.name,
      command: host.command,
      arguments: Arguments.parse(JSON.parse(host.arguments_json ?? "[]")),
      ...effectiveSchedule(scheduleOf(host), overrides, host.id, null),
      timeoutSeconds: host.timeout_seconds ?? 30,
      ...(period === null ? {} : { checkPeriod: period }),
    },
  ];
}
