import { isDeepStrictEqual } from "node:util";
import { type Check, CheckFilter, type CheckInput } from "@mycloud/protocol/check";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { MonitoredSettings } from "@mycloud/protocol/monitored";
import { HostSelector } from "@mycloud/protocol/selector";
import { type Selectable, sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { NamePage } from "../database/name-page.ts";
import type { CheckDefinitionTable } from "../database/schema.ts";
import { ConflictError, NotFoundError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { idList, mayNameSql, type Named, pendingServiceStateColumns } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { findHostsOfCheck, forgetHostStates } from "./host-check-store.ts";
import { syncServicesOfCheck } from "./sync-services.ts";

const Arguments = z.array(z.string());

type CheckRow = Selectable<CheckDefinitionTable> & { service_count: number | null };

/** Checks are everybody's to read; how many services they have is counted within the scope. */
function checksIn(executor: Executor) {
  return executor.selectFrom("check_definition");
}

function serviceCountOf(executor: Executor, scope: Scope) {
  const services = executor
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .whereRef("service.check_id", "=", "check_definition.id" as never)
    .select((eb) => eb.fn.countAll<number>().as("count"));
  const hosts = executor
    .selectFrom("host_check")
    .innerJoin("host", "host.id", "host_check.host_id")
    .whereRef("host_check.check_id", "=", "check_definition.id" as never)
    .select((eb) => eb.fn.countAll<number>().as("count"));
  const isAll = scope.kind === "all";
  const ofServices = isAll ? services : services.where("host.customer", "=", scope.customer);
  const ofHosts = isAll ? hosts : hosts.where("host.customer", "=", scope.customer);
  // A check has one or the other, never both.
  return sql<number>`(${ofServices}) + (${ofHosts})`;
}

export async function listChecks(executor: Executor, scope: Scope, query: ListQuery): Promise<ListAnswer<Check>> {
  return await readList({
    query,
    filterSchema: CheckFilter,
    from: checksIn(executor),
    select: (rows) => rows.selectAll().select(serviceCountOf(executor, scope).as("service_count")),
    sortable: {
      id: "id",
      name: "name",
      command: "command",
      checkIntervalSeconds: "check_interval_seconds",
      isEnabled: "is_enabled",
      updatedAtMs: "updated_at_ms",
    },
    defaultSort: "name",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["name", "service_name", "command", "notes"], words),
      name: (eb, name) => eb("name", "=", name),
      command: (eb, command) => eb("command", "=", command),
      isEnabled: (eb, isEnabled) => eb("is_enabled", "=", isEnabled ? 1 : 0),
    },
    toItem: toCheck,
  });
}

/** Throws NotFoundError. */
export async function findCheck(executor: Executor, scope: Scope, id: number): Promise<Check> {
  const row = await checksIn(executor)
    .selectAll()
    .select(serviceCountOf(executor, scope).as("service_count"))
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no check ${id}`);
  return toCheck(row);
}

/** The id of a check by its name. Throws NotFoundError. */
export async function findCheckId(executor: Executor, name: string): Promise<number> {
  const row = await checksIn(executor).select("id").where("name", "=", name).executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no check "${name}"`);
  return row.id;
}

/** All checks by name, for export, or those that may name a definition. */
export async function findAllChecks(executor: Executor, scope: Scope, naming?: Named): Promise<Check[]> {
  const all = checksIn(executor);
  const columns = { settings: "settings_json", id: "check_definition.id", use: "template_use.check_id" };
  const rows = await (naming === undefined ? all : all.where(mayNameSql(naming, columns)))
    .selectAll()
    .select(serviceCountOf(executor, scope).as("service_count"))
    .orderBy("name")
    .execute();
  return rows.map(toCheck);
}

/** All checks by name, so many at a time, without counting their services. */
export async function findChecksPage(
  executor: Executor,
  { after, limit }: NamePage,
): Promise<Omit<Check, "serviceCount">[]> {
  const all = checksIn(executor).selectAll();
  const behind = after === null ? all : all.where("name", ">", after);
  const rows = await behind.orderBy("name").limit(limit).execute();
  return rows.map((row) => {
    const { serviceCount: _, ...check } = toCheck({ ...row, service_count: null });
    return check;
  });
}

/**
 * Stores a check and gives matching hosts their service; answers its id. Throws ConflictError when its name is taken, or its service's name
 * on a host.
 */
export async function createCheck(tx: Executor, dialect: Dialect, input: CheckInput, nowMs: number): Promise<number> {
  const id = await insertCheck(tx, dialect, input, nowMs);
  await syncServicesOfCheck(tx, dialect, id, nowMs);
  return id;
}

/** Stores a check alone: the caller gives hosts their services. Throws ConflictError when its name is taken. */
export async function insertCheck(tx: Executor, dialect: Dialect, input: CheckInput, nowMs: number): Promise<number> {
  const { id } = await refusingTakenName(dialect, input.name, () =>
    tx
      .insertInto("check_definition")
      .values({ ...columnsOf(input, nowMs), created_at_ms: nowMs })
      .returning("id")
      .executeTakeFirstOrThrow(),
  );
  return id;
}

/** Changes a check and its services. A disabled check's services become PENDING: what is not looked at is not green. Throws as `createCheck`. */
export async function updateCheck(
  tx: Executor,
  dialect: Dialect,
  id: number,
  input: CheckInput,
  nowMs: number,
): Promise<void> {
  const before = await tx.selectFrom("check_definition").selectAll().where("id", "=", id).executeTakeFirst();
  await changeCheck(tx, dialect, id, input, nowMs);
  // Thresholds and the like are the check's own: its services, of which there may be a hundred thousand, stay as they are.
  if (before !== undefined && !reachesServices(toCheck({ ...before, service_count: 0 }), input)) return;
  await tx
    .updateTable("service")
    .set({ max_check_attempts: input.maxCheckAttempts })
    .where("check_id", "=", id)
    .execute();
  await syncServicesOfCheck(tx, dialect, id, nowMs);
  if (input.isEnabled) return;
  await forgetStates(tx, dialect, id, nowMs);
  await forgetHostStates(tx, dialect, await findHostsOfCheck(tx, id), nowMs);
}

/** Changes a check alone: the caller brings its services in line where `reachesServices`. Throws ConflictError when the name is taken. */
export async function changeCheck(
  tx: Executor,
  dialect: Dialect,
  id: number,
  input: CheckInput,
  nowMs: number,
): Promise<void> {
  await refusingTakenName(dialect, input.name, () =>
    tx.updateTable("check_definition").set(columnsOf(input, nowMs)).where("id", "=", id).execute(),
  );
}

const reachingFields = [
  "name",
  "serviceName",
  "selector",
  "target",
  "command",
  "isEnabled",
  "maxCheckAttempts",
] as const satisfies readonly (keyof CheckInput)[];

/** Whether changing a check changes which services there are, or what is stored of them. Pure. */
export function reachesServices(
  before: Pick<CheckInput, (typeof reachingFields)[number]>,
  after: Pick<CheckInput, (typeof reachingFields)[number]>,
): boolean {
  return reachingFields.some((field) => !isDeepStrictEqual(before[field], after[field]));
}

/** Deletes a check with its services and their history. */
export async function deleteCheck(tx: Executor, dialect: Dialect, id: number, nowMs: number): Promise<void> {
  await forgetHostStates(tx, dialect, await findHostsOfCheck(tx, id), nowMs);
  await tx.deleteFrom("check_definition").where("id", "=", id).execute();
}

/** Makes a check's services PENDING: all of them, or those of some hosts. */
export async function forgetStates(
  tx: Executor,
  dialect: Dialect,
  checkId: number,
  nowMs: number,
  hostIds?: readonly number[],
): Promise<void> {
  const isOnHosts =
    hostIds === undefined ? sql<boolean>`1 = 1` : sql<boolean>`service.host_id in ${idList(dialect, hostIds)}`;
  const ofCheck = tx.selectFrom("service").select("service.id").where("check_id", "=", checkId).where(isOnHosts);
  await tx
    .updateTable("problem")
    .set({ ended_at_ms: nowMs })
    .where("ended_at_ms", "is", null)
    .where("service_id", "in", ofCheck)
    .execute();
  await tx
    .updateTable("acknowledgement")
    .set({ ended_at_ms: nowMs, end_reason: "removed" })
    .where("ended_at_ms", "is", null)
    .where("service_id", "in", ofCheck)
    .execute();
  // From here to the next result nothing is known of them, which availability must not take for the state they had.
  await sql`insert into watch_gap (service_id, from_at_ms)
    select service_state.service_id, ${nowMs} from service_state
    join service on service.id = service_state.service_id
    where service.check_id = ${checkId} and ${isOnHosts} and service_state.has_been_checked = 1`.execute(tx);
  await tx
    .updateTable("service_state")
    .set((eb) => ({ ...pendingServiceStateColumns, output: "the check is disabled", version: eb("version", "+", 1) }))
    .where("service_id", "in", ofCheck)
    .execute();
}

async function refusingTakenName<T>(dialect: Dialect, name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    const issues = [{ field: "name", value: name, message: "is taken" }];
    throw new ConflictError(`there is a check named "${name}" already`, issues);
  }
}

function columnsOf(input: CheckInput, nowMs: number) {
  return {
    name: input.name,
    service_name: input.serviceName,
    command: input.command,
    arguments_json: JSON.stringify(input.arguments),
    selector_json: JSON.stringify(input.selector),
    check_interval_seconds: input.checkIntervalSeconds,
    retry_interval_seconds: input.retryIntervalSeconds,
    max_check_attempts: input.maxCheckAttempts,
    timeout_seconds: input.timeoutSeconds,
    is_flap_detection_enabled: input.flapDetection.isEnabled ? 1 : 0,
    low_flap_percent: input.flapDetection.lowPercent,
    high_flap_percent: input.flapDetection.highPercent,
    is_enabled: input.isEnabled ? 1 : 0,
    notes: input.notes,
    target: input.target,
    settings_json: JSON.stringify(MonitoredSettings.parse(input)),
    updated_at_ms: nowMs,
  };
}

function toCheck(row: CheckRow): Check {
  return {
    id: row.id,
    name: row.name,
    serviceName: row.service_name,
    command: row.command,
    arguments: Arguments.parse(JSON.parse(row.arguments_json)),
    selector: HostSelector.parse(JSON.parse(row.selector_json)),
    checkIntervalSeconds: row.check_interval_seconds,
    retryIntervalSeconds: row.retry_interval_seconds,
    maxCheckAttempts: row.max_check_attempts,
    timeoutSeconds: row.timeout_seconds,
    flapDetection: {
      isEnabled: row.is_flap_detection_enabled === 1,
      lowPercent: row.low_flap_percent,
      highPercent: row.high_flap_percent,
    },
    isEnabled: row.is_enabled === 1,
    notes: row.notes,
    target: row.target === "host" ? "host" : "service",
    ...MonitoredSettings.parse(JSON.parse(row.settings_json)),
    serviceCount: Number(row.service_count ?? 0),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
