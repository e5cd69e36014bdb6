import { Acknowledgement, AcknowledgementFilter } from "@mycloud/protocol/acknowledgement";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { idList, shownHostStateOf, shownServiceStateOf, sortedIds } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";

const EndReason = Acknowledgement.shape.endReason;

function acknowledgementsIn(executor: Executor, scope: Scope) {
  const acknowledgements = executor
    .selectFrom("acknowledgement")
    .innerJoin("host", "host.id", "acknowledgement.host_id")
    .leftJoin("service", "service.id", "acknowledgement.service_id");
  return scope.kind === "all" ? acknowledgements : acknowledgements.where("host.customer", "=", scope.customer);
}

export async function listAcknowledgements(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
): Promise<ListAnswer<Acknowledgement>> {
  return await readList({
    query,
    filterSchema: AcknowledgementFilter,
    from: acknowledgementsIn(executor, scope),
    select: (rows) =>
      rows.selectAll("acknowledgement").select(["host.name as host_name", "service.name as service_name"]),
    sortable: {
      id: "acknowledgement.id",
      hostName: "host.name",
      serviceName: "service.name",
      authorName: "acknowledgement.author_name",
      createdAtMs: "acknowledgement.created_at_ms",
    },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "acknowledgement.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "acknowledgement.id", id),
      q: (eb, words) =>
        hasWords(eb, ["host.name", "service.name", "acknowledgement.comment", "acknowledgement.author_name"], words),
      hostId: (eb, id) => eb("acknowledgement.host_id", "=", id),
      serviceId: (eb, id) => eb("acknowledgement.service_id", "=", id),
      isOpen: (eb, isOpen) => eb("acknowledgement.ended_at_ms", isOpen ? "is" : "is not", null),
    },
    toItem: (row) => ({
      id: row.id,
      hostId: row.host_id,
      hostName: row.host_name,
      serviceId: row.service_id,
      serviceName: row.service_name,
      problemId: row.problem_id,
      authorName: row.author_name,
      comment: row.comment,
      isSticky: row.is_sticky === 1,
      isUntilWorse: row.is_until_worse === 1,
      expiresAtMs: row.expires_at_ms,
      createdAtMs: row.created_at_ms,
      endedAtMs: row.ended_at_ms,
      endReason: EndReason.parse(row.end_reason),
    }),
  });
}

/** A host or service with its state, locked, as acknowledging needs it. */
export interface LockedObject {
  readonly hostId: number;
  readonly hostName: string;
  readonly serviceId: number | null;
  readonly serviceName: string | null;
  readonly shownState: string;
  readonly attempt: number;
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
  readonly problemId: number | null;
  readonly acknowledgementId: number | null;
}

const stateColumns = [
  "state",
  "is_stale",
  "has_been_checked",
  "attempt",
  "output",
  "long_output",
  "perfdata",
  "problem_id",
  "acknowledgement_id",
] as const;

/** Locks and reads the hosts of these ids that exist and are seen, in ascending order as ingest does. */
export async function lockHosts(
  tx: Executor,
  dialect: Dialect,
  scope: Scope,
  ids: readonly number[],
): Promise<LockedObject[]> {
  await tx
    .selectFrom("host_state")
    .select("host_id")
    .where(sql<boolean>`host_id in ${idList(dialect, sortedIds(ids))}`)
    .orderBy("host_id")
    .modifyEnd(dialect.forUpdate)
    .execute();
  const hosts = tx
    .selectFrom("host_state")
    .innerJoin("host", "host.id", "host_state.host_id")
    .select(["host_state.host_id", "host.name as host_name"])
    .select(stateColumns)
    .where(sql<boolean>`host_state.host_id in ${idList(dialect, sortedIds(ids))}`);
  const rows = await (scope.kind === "all" ? hosts : hosts.where("host.customer", "=", scope.customer)).execute();
  return rows.map((row) => ({
    hostId: row.host_id,
    hostName: row.host_name,
    serviceId: null,
    serviceName: null,
    shownState: shownHostStateOf(row),
    ...reportOf(row),
  }));
}

/** Locks and reads the services of these ids that exist and are seen, in ascending order as ingest does. */
export async function lockServices(
  tx: Executor,
  dialect: Dialect,
  scope: Scope,
  ids: readonly number[],
): Promise<LockedObject[]> {
  await tx
    .selectFrom("service_state")
    .select("service_id")
    .where(sql<boolean>`service_id in ${idList(dialect, sortedIds(ids))}`)
    .orderBy("service_id")
    .modifyEnd(dialect.forUpdate)
    .execute();
  const services = tx
    .selectFrom("service_state")
    .innerJoin("service", "service.id", "service_state.service_id")
    .innerJoin("host", "host.id", "service.host_id")
    .select(["service_state.service_id", "service.name as service_name"])
    .select(["service.host_id", "host.name as host_name"])
    .select(stateColumns)
    .where(sql<boolean>`service_state.service_id in ${idList(dialect, sortedIds(ids))}`);
  const rows = await (scope.kind === "all" ? services : services.where("host.customer", "=", scope.customer)).execute();
  return rows.map((row) => ({
    hostId: row.host_id,
    hostName: row.host_name,
    serviceId: row.service_id,
    serviceName: row.service_name,
    shownState: shownServiceStateOf(row),
    ...reportOf(row),
  }));
}

function reportOf(row: {
  readonly attempt: number;
  readonly output: string;
  readonly long_output: string;
  readonly perfdata: string;
  readonly problem_id: number | null;
  readonly acknowledgement_id: number | null;
}) {
  return {
    attempt: row.attempt,
    output: row.output,
    longOutput: row.long_output,
    perfdata: row.perfdata,
    problemId: row.problem_id,
    acknowledgementId: row.acknowledgement_id,
  };
}

/** An acknowledgement as it is stored. What is absent makes no difference. */
export interface NewAcknowledgement {
  readonly authorName: string;
  readonly comment: string;
  readonly isSticky: boolean;
  readonly isUntilWorse?: boolean;
  readonly expiresAtMs?: number | null;
  readonly userId?: number | null;
  /** Leaves the comment behind when it ends. */
  readonly isPersistent?: boolean;
}

/** Puts an acknowledgement in force, ending the one before it. The object's state must be locked by this transaction. */
export async function putAcknowledgement(
  tx: Executor,
  object: LockedObject,
  input: NewAcknowledgement,
  nowMs: number,
): Promise<number> {
  await endAcknowledgement(tx, object, nowMs);
  const inserted = await tx
    .insertInto("acknowledgement")
    .values({
      host_id: object.hostId,
      service_id: object.serviceId,
      problem_id: object.problemId,
      author_name: input.authorName,
      comment: input.comment,
      is_sticky: input.isSticky ? 1 : 0,
      is_until_worse: input.isUntilWorse === true ? 1 : 0,
      state: object.shownState,
      expires_at_ms: input.expiresAtMs ?? null,
      user_id: input.userId ?? null,
      created_at_ms: nowMs,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await setAcknowledgement(tx, object, inserted.id);
  if (input.isPersistent === true) {
    await tx
      .insertInto("comment")
      .values({
        host_id: object.hostId,
        service_id: object.serviceId,
        author_name: input.authorName,
        text: input.comment,
        kind: "acknowledgement",
        acknowledgement_id: inserted.id,
        created_at_ms: nowMs,
      })
      .execute();
  }
  return inserted.id;
}

/** Takes back what is in force on an object whose state this transaction has locked. */
export async function removeAcknowledgement(
  tx: Executor,
  object: LockedObject,
  nowMs: number,
  reason: "removed" | "expired" = "removed",
): Promise<void> {
  await endAcknowledgement(tx, object, nowMs, reason);
  await setAcknowledgement(tx, object, null);
}

async function endAcknowledgement(
  tx: Executor,
  { acknowledgementId }: LockedObject,
  nowMs: number,
  reason: "removed" | "expired" = "removed",
): Promise<void> {
  if (acknowledgementId === null) return;
  await tx
    .updateTable("acknowledgement")
    .set({ ended_at_ms: nowMs, end_reason: reason })
    .where("id", "=", acknowledgementId)
    .where("ended_at_ms", "is", null)
    .execute();
}

async function setAcknowledgement(tx: Executor, { hostId, serviceId }: LockedObject, id: number | null): Promise<void> {
  const values = { acknowledgement_id: id, version: sql<number>`version + 1` };
  if (serviceId === null) await tx.updateTable("host_state").set(values).where("host_id", "=", hostId).execute();
  else await tx.updateTable("service_state").set(values).where("service_id", "=", serviceId).execute();
}
