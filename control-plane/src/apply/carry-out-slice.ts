import { PassiveServiceSettings } from "@mycloud/protocol/service";
import { sql } from "kysely";
import type { AuditLog } from "../audit/index.ts";
import { forgetHostStates } from "../check/host-check-store.ts";
import { forgetStates } from "../check/store.ts";
import { deleteServices, syncChecksOnHosts } from "../check/sync-services.ts";
import type { ConnectedDatabase, Dialect, Executor } from "../database/dialect/dialect.ts";
import type { Actor } from "../http/actor.ts";
import { idList } from "../monitored/index.ts";
import { remove, write } from "../resource/carry-out.ts";
import { definitionKey } from "../resource/definition.ts";
import type { PlannedChange } from "../resource/plan-changes.ts";
import { auditRecordOf } from "../resource/record-change.ts";
import { saveTemplateUses } from "../resource/template-use-store.ts";
import type { Sealer } from "../sealing/index.ts";
import { createServices } from "../service/create-services.ts";
import { findNamedIds } from "./find-named-ids.ts";
import type { ApplyStep } from "./step.ts";

export interface CarryOutDependencies {
  readonly database: Pick<ConnectedDatabase, "dialect">;
  readonly audit: AuditLog;
  readonly sealer: Sealer;
  readonly now: () => number;
  /** Milliseconds on a clock that is never set back. */
  readonly monotonicNow: () => number;
}

/** How much is done at once. */
export interface SliceLimit {
  /** On the monotonic clock. */
  readonly untilMs: number;
  /** One change, or one group of hosts, and no more: for finding the one that cannot be carried out. */
  readonly isSingle: boolean;
}

/** What came of a slice. */
export interface SliceOutcome {
  /** Where in the step to go on; null when it is done. */
  readonly position: number | null;
  /** Changes carried out. */
  readonly done: number;
}

/**
 * Carries out a part of a step, beginning at `position`, until `untilMs` on the monotonic clock; at least one portion. Whatever somebody else did since
 * the plan was made is respected as far as it goes: what is there already is changed, what is gone is made again, what is to go and is gone is fine.
 */
export async function carryOutSlice(
  tx: Executor,
  step: ApplyStep,
  position: number,
  actor: Actor,
  { untilMs, isSingle }: SliceLimit,
  dependencies: CarryOutDependencies,
): Promise<SliceOutcome> {
  let at: number | null = position;
  let done = 0;
  do {
    const portion = await carryOutPortion(tx, step, at, actor, isSingle, dependencies);
    at = portion.position;
    done += portion.done;
  } while (at !== null && !isSingle && dependencies.monotonicNow() < untilMs);
  return { position: at, done };
}

async function carryOutPortion(
  tx: Executor,
  step: ApplyStep,
  position: number,
  actor: Actor,
  isSingle: boolean,
  dependencies: CarryOutDependencies,
): Promise<SliceOutcome> {
  switch (step.do) {
    case "write":
    case "delete": {
      const size = isSingle ? 1 : portionOf(step);
      const changes = step.changes.slice(position, position + size);
      await (step.do === "write" ? writeAll : deleteAll)(tx, step.kind, changes, dependencies, actor);
      const { audit, database } = dependencies;
      const records = changes.map((change) => auditRecordOf(actor, change));
      await audit.recordAll(tx, database.dialect, records);
      return { position: position + size < step.changes.length ? position + size : null, done: changes.length };
    }
    case "sync-checks":
    case "clear-checks":
      return await changeGroup(tx, step, position, dependencies);
  }
}

/** Rows that come alone go in portions; what brings other rows with it goes by itself. */
function portionOf({ do: action, kind }: ApplyStep & { readonly do: "write" | "delete" }): number {
  if (kind === "Service") return 25;
  if (kind === "Host") return action === "delete" ? 1 : 4;
  return 4;
}

async function writeAll(
  tx: Executor,
  kind: PlannedChange["kind"],
  changes: readonly PlannedChange[],
  { database: { dialect }, sealer, now }: CarryOutDependencies,
  actor: Actor,
): Promise<void> {
  const named = await findNamedIds(tx, kind, changes);
  const ids = new Map(named.ids);
  const names = { ids, stored: named, sealer, isSyncedLater: true, actor };
  const created: { readonly key: string; readonly service: Parameters<typeof createServices>[2][number] }[] = [];
  for (const { before, after } of changes) {
    if (after === null) continue;
    const key = definitionKey(after);
    // Under its present name first: it may get the name of something that came meanwhile, which is then refused.
    const id = (before === null ? undefined : ids.get(definitionKey(before))) ?? ids.get(key) ?? null;
    if (after.kind !== "Service" || id !== null) {
      ids.set(key, await write(tx, dialect, after, id, names, now()));
      continue;
    }
    const hostId = ids.get(`Host ${after.host}`);
    // Its host was deleted by somebody while this apply was under way, or a check has taken its name.
    if (hostId === undefined || named.takenNames.has(key)) continue;
    const input = { name: after.name, hostId, ...after.spec };
    const service = { ...input, settings: PassiveServiceSettings.parse(input), checkId: null, overdueAtMs: null };
    created.push({ key, service });
  }
  const newIds = await createServices(
    tx,
    dialect,
    created.map(({ service }) => service),
    now(),
  );
  for (const [index, { key }] of created.entries()) ids.set(key, newIds[index] ?? 0);
  await saveTemplateUses(tx, changes, ids);
}

async function deleteAll(
  tx: Executor,
  kind: PlannedChange["kind"],
  changes: readonly PlannedChange[],
  { database: { dialect }, now }: CarryOutDependencies,
): Promise<void> {
  const { ids } = await findNamedIds(tx, kind, changes);
  const present = changes.flatMap(({ before }) => {
    const id = before === null ? undefined : ids.get(definitionKey(before));
    return before === null || id === undefined ? [] : [{ before, id }];
  });
  if (kind === "Service")
    return await deleteServices(
      tx,
      dialect,
      present.map(({ id }) => id),
    );
  for (const { before, id } of present) await remove(tx, dialect, before, id, now());
}

/** One group of hosts: a host's services change together. */
async function changeGroup(
  tx: Executor,
  step: ApplyStep & { readonly do: "sync-checks" | "clear-checks" },
  position: number,
  { database: { dialect }, now }: CarryOutDependencies,
): Promise<SliceOutcome> {
  const group = step.groups[position];
  const next = position + 1 < step.groups.length ? position + 1 : null;
  if (group === undefined) return { position: null, done: 0 };
  const checks = await findChecks(tx, group.checks);
  const hosts = await tx.selectFrom("host").select("id").where("name", "in", group.hosts).execute();
  const hostIds = hosts.map((row) => row.id);
  if (hostIds.length === 0 || checks.length === 0) return { position: next, done: 0 };
  const checkIds = checks.map(({ id }) => id);
  if (step.do === "clear-checks")
    return { position: next, done: await clearChecks(tx, dialect, checkIds, hostIds, now()) };
  const plan = await syncChecksOnHosts(tx, dialect, checkIds, hostIds, now());
  for (const { id, isEnabled } of checks) {
    if (isEnabled) continue;
    await forgetStates(tx, dialect, id, now(), hostIds);
    await forgetHostStates(tx, dialect, await findHostsOfChecks(tx, dialect, [id], hostIds), now());
  }
  return { position: next, done: plan.create.length + plan.remove.length };
}

/** Takes what checks have on hosts; answers how many services went. */
async function clearChecks(
  tx: Executor,
  dialect: Dialect,
  checkIds: readonly number[],
  hostIds: readonly number[],
  nowMs: number,
): Promise<number> {
  const rows = await tx
    .selectFrom("service")
    .select("id")
    .where(sql<boolean>`check_id in ${idList(dialect, checkIds)}`)
    .where(sql<boolean>`host_id in ${idList(dialect, hostIds)}`)
    .execute();
  const ids = rows.map((row) => row.id);
  await deleteServices(tx, dialect, ids);
  const told = await findHostsOfChecks(tx, dialect, checkIds, hostIds);
  if (told.length === 0) return ids.length;
  await forgetHostStates(tx, dialect, told, nowMs);
  await tx
    .deleteFrom("host_check")
    .where(sql<boolean>`host_id in ${idList(dialect, told)}`)
    .execute();
  return ids.length;
}

/** Of these hosts, those that some checks tell of. */
async function findHostsOfChecks(
  tx: Executor,
  dialect: Dialect,
  checkIds: readonly number[],
  hostIds: readonly number[],
): Promise<number[]> {
  const rows = await tx
    .selectFrom("host_check")
    .select("host_id")
    .where(sql<boolean>`check_id in ${idList(dialect, checkIds)}`)
    .where(sql<boolean>`host_id in ${idList(dialect, hostIds)}`)
    .execute();
  return rows.map((row) => row.host_id);
}

async function findChecks(tx: Executor, names: readonly string[]) {
  const found: { id: number; isEnabled: boolean }[] = [];
  for (let at = 0; at < names.length; at += 500) {
    const part = names.slice(at, at + 500);
    const rows = await tx
      .selectFrom("check_definition")
      .select(["id", "is_enabled"])
      .where("name", "in", part)
      .execute();
    found.push(...rows.map((row) => ({ id: row.id, isEnabled: row.is_enabled === 1 })));
  }
  return found;
}

/** Passes over one change, or one group of hosts. Pure. */
export function passOver(step: ApplyStep, position: number): SliceOutcome {
  const length = "groups" in step ? step.groups.length : step.changes.length;
  return { position: position + 1 < length ? position + 1 : null, done: 1 };
}
