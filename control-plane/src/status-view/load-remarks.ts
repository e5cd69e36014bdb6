import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { chunksOf, idList } from "../monitored/index.ts";
import type { ViewedAcknowledgement, ViewedComment } from "./viewed.ts";

/** All comments by what they are about. */
export interface LoadedComments {
  /** Says whether anything was added or deleted since; comments are never changed. */
  readonly stamp: string;
  readonly ofHosts: ReadonlyMap<number, readonly ViewedComment[]>;
  readonly ofServices: ReadonlyMap<number, readonly ViewedComment[]>;
}

export const noComments: LoadedComments = { stamp: "", ofHosts: new Map(), ofServices: new Map() };

/** The comments, or `known` when none came or went. */
export async function loadComments(executor: Executor, known: LoadedComments): Promise<LoadedComments> {
  const { count, newest } = await executor
    .selectFrom("comment")
    .select((eb) => [eb.fn.countAll<number>().as("count"), eb.fn.max<number | null>("id").as("newest")])
    .executeTakeFirstOrThrow();
  const stamp = `${count} ${newest}`;
  if (stamp === known.stamp) return known;
  const rows = await executor.selectFrom("comment").selectAll().orderBy("id").execute();
  const ofHosts = new Map<number, ViewedComment[]>();
  const ofServices = new Map<number, ViewedComment[]>();
  for (const row of rows) {
    const comment = {
      id: row.id,
      authorName: row.author_name,
      text: row.text,
      createdAtMs: row.created_at_ms,
      isPersistent: row.is_persistent === 1,
      expiresAtMs: row.expires_at_ms,
      acknowledgementId: row.acknowledgement_id,
    };
    if (row.service_id === null) addTo(ofHosts, row.host_id, comment);
    else addTo(ofServices, row.service_id, comment);
  }
  return { stamp, ofHosts, ofServices };
}

function addTo<T>(lists: Map<number, T[]>, key: number, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** Acknowledgements by id. */
export async function loadAcknowledgements(
  executor: Executor,
  dialect: Dialect,
  ids: readonly number[],
): Promise<ViewedAcknowledgement[]> {
  const found: ViewedAcknowledgement[] = [];
  for (const chunk of chunksOf(ids, 900)) {
    const rows = await executor
      .selectFrom("acknowledgement")
      .select(["id", "author_name", "comment", "is_sticky", "created_at_ms"])
      .where(sql<boolean>`id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) {
      found.push({
        id: row.id,
        authorName: row.author_name,
        comment: row.comment,
        isSticky: row.is_sticky === 1,
        createdAtMs: row.created_at_ms,
      });
    }
  }
  return found;
}

/** How often, and when last, somebody was told of an open problem. */
export interface ToldOfProblem {
  readonly count: number;
  readonly lastAtMs: number;
}

/** What was told of the problems that are open, by problem: messages of one state change are one notification. */
export async function loadToldOfProblems(executor: Executor): Promise<Map<number, ToldOfProblem>> {
  const rows = await executor
    .selectFrom("notification")
    .innerJoin("problem", "problem.id", "notification.problem_id")
    .select("problem.id")
    .select((eb) => [
      eb.fn.count<number>("notification.state_change_id").distinct().as("count"),
      eb.fn.max("notification.created_at_ms").as("last_at_ms"),
    ])
    .where("problem.ended_at_ms", "is", null)
    .groupBy("problem.id")
    .execute();
  return new Map(rows.map(({ id, count, last_at_ms }) => [id, { count: Number(count), lastAtMs: Number(last_at_ms) }]));
}
