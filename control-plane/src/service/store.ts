import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { MonitoredSettings } from "@mycloud/protocol/monitored";
import {
  type PassiveServiceInput,
  PassiveServiceSettings,
  type Service,
  ServiceFilter,
} from "@mycloud/protocol/service";
import { sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { ConflictError, NotFoundError } from "../error/index.ts";
import { freshnessOfService } from "../freshness/overdue-after.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import {
  effectiveSchedule,
  findInDowntime,
  hasLabelsSql,
  type InDowntime,
  impactExpression,
  inGroupSql,
  isShownAs,
  lastServiceStateOf,
  loadRuntimeOverrides,
  matchesPatternSql,
  observationColumns,
  observationOf,
  overrideKeyOf,
  type RuntimeOverrides,
  shownHostStateOf,
  shownServiceStateOf,
} from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";

const Arguments = z.array(z.string());

function servicesIn(executor: Executor, scope: Scope) {
  const services = executor
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .innerJoin("service_state", "service_state.service_id", "service.id")
    .innerJoin("host_state", "host_state.host_id", "service.host_id")
    .leftJoin("check_definition", "check_definition.id", "service.check_id");
  return scope.kind === "all" ? services : services.where("host.customer", "=", scope.customer);
}

const stateColumns = observationColumns.map((column) => `service_state.${column}` as const);

function selectColumns(query: ReturnType<typeof servicesIn>, scope: Scope, inDowntime: InDowntime) {
  return query
    .select([
      "service.id",
      "service.host_id",
      "service.name",
      "service.check_id",
      "service.max_check_attempts",
      "service.freshness_seconds",
      "service.notes",
      "service.settings_json",
      "service.created_at_ms",
      "service.updated_at_ms",
      "host.name as host_name",
      "host_state.state as host_state_number",
      "host_state.is_stale as host_is_stale",
      "host_state.has_been_checked as host_has_been_checked",
      "check_definition.name as check_name",
      "check_definition.command",
      "check_definition.arguments_json",
      "check_definition.check_interval_seconds",
      "check_definition.retry_interval_seconds",
      "check_definition.timeout_seconds",
      "check_definition.is_enabled",
      "check_definition.max_check_attempts as check_max_check_attempts",
      "check_definition.notes as check_notes",
      "check_definition.settings_json as check_settings_json",
      "check_definition.is_flap_detection_enabled",
      "check_definition.low_flap_percent",
      "check_definition.high_flap_percent",
      "service_state.next_check_at_ms",
      "service_state.execution_time_seconds",
      "service_state.latency_seconds",
      "service_state.is_clock_skewed",
    ])
    .select((eb) => {
      const probers = eb
        .selectFrom("host_prober")
        .innerJoin("host as prober", "prober.id", "host_prober.prober_host_id")
        .select("prober.name")
        .whereRef("host_prober.host_id", "=", "service.host_id");
      // What the operator's own machines are called is not for customers.
      const seen = scope.kind === "all" ? probers : probers.where("prober.customer", "=", scope.customer);
      return seen.as("prober_name");
    })
    .select(stateColumns)
    .select(sql<number>`case when ${inDowntime.service} then 1 else 0 end`.as("is_in_downtime"));
}

function selectRows(query: ReturnType<typeof servicesIn>, scope: Scope, inDowntime: InDowntime) {
  return selectColumns(query, scope, inDowntime).execute();
}

type ServiceRow = Awaited<ReturnType<typeof selectRows>>[number];

const isProblem = sql<boolean>`(service_state.is_stale = 1 or service_state.state <> 0)`;
const isHostDown = sql<boolean>`(host_state.is_stale = 1 or (host_state.is_hard = 1 and host_state.state <> 0))`;

/** One page of services, in four queries. */
export async function listServices(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  query: ListQuery,
  nowMs: number,
): Promise<ListAnswer<Service>> {
  const inDowntime = await findInDowntime(executor, dialect, nowMs);
  const isHandled = sql<boolean>`(service_state.acknowledgement_id is not null or ${isHostDown} or ${inDowntime.service})`;
  const when = (isWanted: boolean, condition: ReturnType<typeof sql<boolean>>) =>
    isWanted ? condition : sql<boolean>`not ${condition}`;
  const { data, total } = await readList({
    query,
    filterSchema: ServiceFilter,
    from: servicesIn(executor, scope),
    select: (rows) => selectColumns(rows, scope, inDowntime),
    sortable: {
      id: "service.id",
      name: "service.name",
      hostName: "host.name",
      state: impactExpression("service_state"),
      checkName: "check_definition.name",
      lastCheckAtMs: "service_state.last_check_at_ms",
      lastStateChangeAtMs: "service_state.last_state_change_at_ms",
      nextCheckAtMs: "service_state.next_check_at_ms",
      executionTimeSeconds: "service_state.execution_time_seconds",
      latencySeconds: "service_state.latency_seconds",
      percentStateChange: "service_state.percent_state_change",
    },
    defaultSort: "hostName",
    idColumn: "service.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "service.id", id),
      q: (eb, words) => hasWords(eb, ["service.name", "host.name", "host.display_name", "service_state.output"], words),
      name: (_, name) => matchesPatternSql(dialect.kind, "service.name", name),
      hostId: (eb, hostId) => isOneOf(eb, "service.host_id", hostId),
      hostName: (_, hostName) => matchesPatternSql(dialect.kind, "host.name", hostName),
      state: (_, state) => isShownAs("service_state", typeof state === "string" ? [state] : state),
      stateType: (eb, stateType) => eb("service_state.is_hard", "=", stateType === "HARD" ? 1 : 0),
      checkId: (eb, checkId) => eb("service.check_id", "=", checkId),
      group: (_, group) => inGroupSql(dialect.kind, group),
      label: (_, labels) => hasLabelsSql(dialect.kind, labels),
      customer: (eb, customer) =>
        customer === null ? eb("host.customer", "is", null) : eb("host.customer", "=", customer),
      isPassive: (eb, isPassive) => eb("service.check_id", isPassive ? "is" : "is not", null),
      isStale: (eb, isStale) => eb("service_state.is_stale", "=", isStale ? 1 : 0),
      isFlapping: (eb, isFlapping) => eb("service_state.is_flapping", "=", isFlapping ? 1 : 0),
      hasProblem: (_, hasProblem) => when(hasProblem, isProblem),
      isHandled: (_, wanted) => when(wanted, isHandled),
      isAcknowledged: (eb, isAcknowledged) =>
        eb("service_state.acknowledgement_id", isAcknowledged ? "is not" : "is", null),
      isInDowntime: (_, wanted) => (wanted ? inDowntime.service : sql<boolean>`not ${inDowntime.service}`),
    },
    toItem: (row: ServiceRow) => row,
  });
  return { data: await toServices(executor, data), total };
}

/** Throws NotFoundError, also for a service outside the scope. */
export async function findService(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  id: number,
  nowMs: number,
): Promise<Service> {
  const inDowntime = await findInDowntime(executor, dialect, nowMs);
  const rows = await selectRows(servicesIn(executor, scope).where("service.id", "=", id), scope, inDowntime);
  const [service] = await toServices(executor, rows);
  if (service === undefined) throw new NotFoundError(`there is no service ${id}`);
  return service;
}

/** How many attempts a passive service's own definition says, which what operators changed goes before. */
export async function findOwnAttempts(tx: Executor, id: number): Promise<number> {
  const query = tx.selectFrom("service").select("max_check_attempts").where("id", "=", id);
  return (await query.executeTakeFirstOrThrow()).max_check_attempts;
}

/** Changes a passive service; it stays on its host. Throws ConflictError when the name is taken there. */
export async function updatePassiveService(
  tx: Executor,
  dialect: Dialect,
  id: number,
  input: PassiveServiceInput,
  nowMs: number,
): Promise<void> {
  try {
    await tx
      .updateTable("service")
      .set({
        name: input.name,
        max_check_attempts: input.maxCheckAttempts,
        freshness_seconds: input.freshnessSeconds,
        notes: input.notes,
        settings_json: JSON.stringify(PassiveServiceSettings.parse(input)),
        updated_at_ms: nowMs,
      })
      .where("id", "=", id)
      .where("check_id", "is", null)
      .execute();
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    const issues = [{ field: "name", value: input.name, message: "is taken" }];
    throw new ConflictError(`the host has a service named "${input.name}" already`, issues);
  }
}

async function toServices(executor: Executor, rows: readonly ServiceRow[]): Promise<Service[]> {
  const keys = rows.map((row) => overrideKeyOf(row.host_id, row.id));
  const overrides = await loadRuntimeOverrides(executor, keys);
  return rows.map((row) => toService(row, overrides));
}

function toService(row: ServiceRow, overrides: RuntimeOverrides): Service {
  const isPassive = row.check_id === null;
  const defined = {
    maxCheckAttempts: row.check_max_check_attempts ?? row.max_check_attempts,
    ...(row.check_interval_seconds === null ? {} : { checkIntervalSeconds: row.check_interval_seconds }),
    ...(row.retry_interval_seconds === null ? {} : { retryIntervalSeconds: row.retry_interval_seconds }),
  };
  const schedule: Partial<typeof defined> & Pick<typeof defined, "maxCheckAttempts"> = effectiveSchedule(
    defined,
    overrides,
    row.host_id,
    row.id,
  );
  const freshness = freshnessOfService({
    isPassive,
    isEnabled: row.is_enabled !== 0,
    freshnessSeconds: row.freshness_seconds,
    checkIntervalSeconds: schedule.checkIntervalSeconds ?? 0,
    timeoutSeconds: row.timeout_seconds ?? 0,
  });
  return {
    id: row.id,
    hostId: row.host_id,
    hostName: row.host_name,
    hostState: shownHostStateOf({
      state: row.host_state_number,
      is_stale: row.host_is_stale,
      has_been_checked: row.host_has_been_checked,
    }),
    name: row.name,
    checkId: row.check_id,
    checkName: row.check_name,
    isPassive,
    command: row.command,
    arguments: row.arguments_json === null ? [] : Arguments.parse(JSON.parse(row.arguments_json)),
    checkIntervalSeconds: schedule.checkIntervalSeconds ?? null,
    retryIntervalSeconds: schedule.retryIntervalSeconds ?? null,
    timeoutSeconds: row.timeout_seconds,
    freshnessSeconds: freshness === null ? null : freshness / 1000,
    notes: isPassive ? row.notes : (row.check_notes ?? ""),
    ...(isPassive ? PassiveServiceSettings.parse(JSON.parse(row.settings_json ?? "{}")) : settingsOfCheck(row)),
    state: shownServiceStateOf(row),
    lastState: lastServiceStateOf(row),
    ...observationOf(row, schedule.maxCheckAttempts, row.is_in_downtime === 1),
    nextCheckAtMs: row.next_check_at_ms,
    executionTimeSeconds: row.execution_time_seconds,
    latencySeconds: row.latency_seconds,
    proberName: isPassive ? null : row.prober_name,
    isClockSkewed: row.is_clock_skewed === 1,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

function settingsOfCheck(row: ServiceRow): PassiveServiceSettings {
  const { is_flap_detection_enabled: isEnabled, low_flap_percent: lowPercent, high_flap_percent: highPercent } = row;
  return PassiveServiceSettings.parse({
    ...MonitoredSettings.parse(JSON.parse(row.check_settings_json ?? "{}")),
    flapDetection: {
      isEnabled: isEnabled !== 0,
      lowPercent: lowPercent ?? undefined,
      highPercent: highPercent ?? undefined,
    },
  });
}
