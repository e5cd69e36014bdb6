import { Variables } from "@mycloud/protocol/monitored";
import { z } from "zod";
import type { Executor } from "../../database/dialect/dialect.ts";
import type { MonitoredStateTable } from "../../database/schema.ts";
import { loadRuntimeOverrides } from "../../monitored/runtime-override.ts";
import { isBundle } from "../mail/bundle-content.ts";
import type { ChannelMessage } from "./channel.ts";
import type { MacroFacts } from "./nagios-macros.ts";
import type { ObservedObject } from "./observed-macros.ts";
import { hostStates } from "./state-names.ts";

const Settings = z.object({
  variables: Variables.default({}),
  notesUrl: z.string().nullable().default(null),
  actionUrl: z.string().nullable().default(null),
  isNotificationEnabled: z.boolean().default(true),
});
const stateColumns = [
  "attempt",
  "is_hard",
  "output",
  "long_output",
  "perfdata",
  "percent_state_change",
  "is_passive",
  "last_check_at_ms",
  "last_state_change_at_ms",
  "last_ok_at_ms",
] as const;

/** What is stored of the host and the service that a message is about. */
export async function findMacroFacts(executor: Executor, { content }: ChannelMessage): Promise<MacroFacts> {
  if (isBundle(content)) return { hostState: "", hostVariables: {}, serviceVariables: {} };
  const host = await executor
    .selectFrom("host")
    .innerJoin("host_state", "host_state.host_id", "host.id")
    .leftJoin("host_check", "host_check.host_id", "host.id")
    .leftJoin("check_definition", "check_definition.id", "host_check.check_id")
    .select(["host.settings_json", "state", "is_stale", "host.notes", "host.max_check_attempts"])
    .select(["check_definition.command", "check_definition.max_check_attempts as check_attempts"])
    .select(stateColumns)
    .where("host.id", "=", content.hostId)
    .executeTakeFirst();
  const service =
    content.serviceId === null
      ? undefined
      : await executor
          .selectFrom("service")
          .leftJoin("check_definition", "check_definition.id", "service.check_id")
          .innerJoin("service_state", "service_state.service_id", "service.id")
          .select(["service.settings_json as own_json", "check_definition.settings_json as check_json"])
          .select(["service.notes", "check_definition.notes as check_notes", "check_definition.command"])
          .select(["service.max_check_attempts", "check_definition.max_check_attempts as check_attempts"])
          .select(["latency_seconds", "execution_time_seconds"])
          .select(stateColumns)
          .where("service.id", "=", content.serviceId)
          .executeTakeFirst();
  const { hosts, services } = await loadRuntimeOverrides(executor);
  return {
    hostState: host === undefined ? "" : host.is_stale === 1 ? "UNREACHABLE" : (hostStates[host.state] ?? "DOWN"),
    hostVariables: { ...variablesOf(host?.settings_json), ...hosts.get(content.hostId)?.variables },
    serviceVariables: {
      ...variablesOf(service?.check_json ?? service?.own_json),
      ...services.get(content.serviceId ?? -1)?.variables,
    },
    ...(host === undefined ? {} : { host: observed(host, host.settings_json, host.notes) }),
    ...(service === undefined
      ? {}
      : { service: observed(service, service.check_json ?? service.own_json, service.check_notes ?? service.notes) }),
  };
}

type StoredObject = Pick<MonitoredStateTable, (typeof stateColumns)[number]> & {
  readonly command: string | null;
  readonly max_check_attempts: number;
  readonly check_attempts: number | null;
  readonly latency_seconds?: number | null;
  readonly execution_time_seconds?: number | null;
};

function observed(row: StoredObject, settingsJson: string | null, notes: string): ObservedObject {
  const { notesUrl, actionUrl, isNotificationEnabled } = Settings.parse(JSON.parse(settingsJson ?? "{}"));
  return {
    notes,
    notesUrl,
    actionUrl,
    isNotificationEnabled,
    checkCommand: row.command ?? "",
    isPassive: row.is_passive === 1,
    isHard: row.is_hard === 1,
    attempt: row.attempt,
    maxCheckAttempts: row.check_attempts ?? row.max_check_attempts,
    output: row.output,
    longOutput: row.long_output,
    perfdata: row.perfdata,
    percentStateChange: row.percent_state_change,
    lastCheckAtMs: row.last_check_at_ms,
    lastStateChangeAtMs: row.last_state_change_at_ms,
    lastOkAtMs: row.last_ok_at_ms,
    latencySeconds: row.latency_seconds ?? 0,
    executionTimeSeconds: row.execution_time_seconds ?? 0,
  };
}

function variablesOf(json: string | null | undefined): Readonly<Record<string, string>> {
  return Settings.parse(JSON.parse(json ?? "{}")).variables;
}
