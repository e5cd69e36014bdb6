import { AlertMatcher } from "@mycloud/protocol/alert";
import { ServiceSelector } from "@mycloud/protocol/selector";
import type { Selectable } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { SilenceTable } from "../database/schema.ts";
import { lastEffectMs } from "../downtime/downtime-effect.ts";
import type { Scope } from "../scope/index.ts";
import type { Matcher } from "./matcher.ts";
import { matchersOfSelector } from "./selector-matchers.ts";

/** A silence as it is kept, or a downtime made elsewhere, seen as one. Instants in ms UTC. */
export interface KnownSilence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly comment: string;
  readonly authorName: string;
  readonly customer: string | null;
  readonly expiredAtMs: number | null;
  readonly updatedAtMs: number;
  /** The downtime that it is, when it was not made as a silence. */
  readonly downtimeId: number | null;
  /** That downtime is not simply from start to end. */
  readonly isFlexible: boolean;
}

/** A downtime that carries a silence out. */
export interface SilenceDowntime {
  readonly downtimeId: number;
  readonly selectorJson: string;
  readonly isCancelled: boolean;
}

const Matchers = z.array(AlertMatcher);

/** Alertmanager forgets silences that ended so long ago. */
const shownAfterEndMs = 5 * 86_400_000;

/** Silences that are not over for long, downtimes made elsewhere included. */
export async function findSilences(executor: Executor, scope: Scope, nowMs: number): Promise<KnownSilence[]> {
  const sinceMs = nowMs - shownAfterEndMs;
  const rows = await executor.selectFrom("silence").selectAll().where("end_at_ms", ">", sinceMs).execute();
  const cancelled = await findCancelled(executor);
  const own = rows.filter(({ customer }) => isWithin(scope, customer)).map((row) => toSilence(row, cancelled));
  return [...own, ...(await findDowntimeSilences(executor, scope, sinceMs, null))];
}

/** A silence, or the downtime that has that id as one; null when there is none or it is not to be seen. */
export async function findSilence(executor: Executor, scope: Scope, id: string): Promise<KnownSilence | null> {
  const downtimeId = downtimeIdOf(id);
  if (downtimeId !== null) return (await findDowntimeSilences(executor, scope, 0, downtimeId))[0] ?? null;
  const row = await executor.selectFrom("silence").selectAll().where("id", "=", id).executeTakeFirst();
  return row !== undefined && isWithin(scope, row.customer) ? toSilence(row, await findCancelled(executor)) : null;
}

/** Silences that were made as such and are neither over nor expired; locked until the transaction ends. */
export async function findOpenSilences(tx: Executor, dialect: Dialect, nowMs: number): Promise<KnownSilence[]> {
  const rows = await tx
    .selectFrom("silence")
    .selectAll()
    .where("expired_at_ms", "is", null)
    .where("end_at_ms", ">", nowMs)
    .orderBy("id")
    .modifyEnd(dialect.forUpdate)
    .execute();
  const cancelled = await findCancelled(tx);
  return rows.map((row) => toSilence(row, cancelled));
}

/** The matchers of the silences that could need other downtimes when objects change. */
export async function findOpenMatchers(executor: Executor, nowMs: number): Promise<Matcher[][]> {
  const rows = await executor
    .selectFrom("silence")
    .select("matchers_json")
    .where("expired_at_ms", "is", null)
    .where("end_at_ms", ">", nowMs)
    .execute();
  return rows.map(({ matchers_json }) => readMatchers(matchers_json));
}

/** A silence that could need other downtimes when alerts begin, and what the downtimes that carry it out cover. */
export interface OpenSilence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly customer: string | null;
  readonly selectors: readonly ServiceSelector[];
}

export async function findOpenSilencesWithSelectors(executor: Executor, nowMs: number): Promise<OpenSilence[]> {
  const rows = await executor
    .selectFrom("silence")
    .leftJoin("silence_downtime", (join) =>
      join.onRef("silence_id", "=", "silence.id").on("silence_downtime.is_current", "=", 1),
    )
    .leftJoin("downtime", "downtime.id", "silence_downtime.downtime_id")
    .select(["silence.id", "silence.matchers_json", "silence.customer", "downtime.selector_json"])
    .where("silence.expired_at_ms", "is", null)
    .where("silence.end_at_ms", ">", nowMs)
    .execute();
  return Array.from(Map.groupBy(rows, ({ id }) => id).values(), ([first, ...others]) => ({
    id: first?.id ?? "",
    matchers: readMatchers(first?.matchers_json ?? "[]"),
    customer: first?.customer ?? null,
    selectors: [first, ...others].flatMap((row) =>
      row?.selector_json ? [ServiceSelector.parse(JSON.parse(row.selector_json))] : [],
    ),
  }));
}

export async function insertSilence(tx: Executor, silence: KnownSilence): Promise<void> {
  await tx
    .insertInto("silence")
    .values({
      id: silence.id,
      matchers_json: JSON.stringify(silence.matchers),
      start_at_ms: silence.startAtMs,
      end_at_ms: silence.endAtMs,
      comment: silence.comment,
      author_name: silence.authorName,
      customer: silence.customer,
      expired_at_ms: silence.expiredAtMs,
      updated_at_ms: silence.updatedAtMs,
    })
    .execute();
}

/** Changes when a silence is and what is said of it; its matchers are for ever. */
export async function changeSilence(
  tx: Executor,
  { id, startAtMs, endAtMs, comment, authorName, expiredAtMs, updatedAtMs }: KnownSilence,
): Promise<void> {
  await tx
    .updateTable("silence")
    .set({
      start_at_ms: startAtMs,
      end_at_ms: endAtMs,
      comment,
      author_name: authorName,
      expired_at_ms: expiredAtMs,
      updated_at_ms: updatedAtMs,
    })
    .where("id", "=", id)
    .execute();
}

/** The downtimes that carry a silence out now. */
export async function findDowntimesOf(executor: Executor, silenceId: string): Promise<SilenceDowntime[]> {
  const rows = await executor
    .selectFrom("silence_downtime")
    .innerJoin("downtime", "downtime.id", "silence_downtime.downtime_id")
    .select(["downtime.id", "downtime.selector_json", "downtime.cancelled_at_ms"])
    .where("silence_id", "=", silenceId)
    .where("is_current", "=", 1)
    .orderBy("downtime.id")
    .execute();
  return rows.map((row) => ({
    downtimeId: row.id,
    selectorJson: row.selector_json,
    isCancelled: row.cancelled_at_ms !== null,
  }));
}

export async function linkDowntime(tx: Executor, silenceId: string, downtimeId: number): Promise<void> {
  await tx
    .insertInto("silence_downtime")
    .values({ silence_id: silenceId, downtime_id: downtimeId, is_current: 1 })
    .execute();
}

/** The downtime stays on record as the silence's, and is no longer what carries it out. */
export async function retireDowntime(tx: Executor, downtimeId: number): Promise<void> {
  await tx.updateTable("silence_downtime").set({ is_current: 0 }).where("downtime_id", "=", downtimeId).execute();
}

/** The ids of silences by those of their downtimes. A downtime without one is its own, as `silenceIdOf` says. */
export async function findSilenceIds(executor: Executor): Promise<ReadonlyMap<number, string>> {
  const rows = await executor.selectFrom("silence_downtime").select(["downtime_id", "silence_id"]).execute();
  return new Map(rows.map((row) => [row.downtime_id, row.silence_id]));
}

/** The silence's id that a downtime made elsewhere has. Pure. */
export function silenceIdOf(downtimeId: number): string {
  return `00000000-0000-4000-8000-${downtimeId.toString(16).padStart(12, "0")}`;
}

function downtimeIdOf(silenceId: string): number | null {
  const digits = /^00000000-0000-4000-8000-([0-9a-f]{12})$/i.exec(silenceId)?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 16);
}

/** Silences one of whose downtimes was cancelled by somebody: then the silence is over, wherever that was done. With when. */
async function findCancelled(executor: Executor): Promise<ReadonlyMap<string, number>> {
  const rows = await executor
    .selectFrom("silence_downtime")
    .innerJoin("downtime", "downtime.id", "silence_downtime.downtime_id")
    .select(["silence_id", "downtime.cancelled_at_ms"])
    .where("is_current", "=", 1)
    .where("downtime.cancelled_at_ms", "is not", null)
    .execute();
  return new Map(rows.map((row) => [row.silence_id, row.cancelled_at_ms ?? 0]));
}

async function findDowntimeSilences(
  executor: Executor,
  scope: Scope,
  sinceMs: number,
  id: number | null,
): Promise<KnownSilence[]> {
  let query = executor
    .selectFrom("downtime")
    .selectAll("downtime")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("silence_downtime")
            .select("silence_downtime.downtime_id")
            .whereRef("silence_downtime.downtime_id", "=", "downtime.id"),
        ),
      ),
    )
    .where("end_at_ms", ">", sinceMs);
  if (id !== null) query = query.where("id", "=", id);
  if (scope.kind === "customer") query = query.where("customer", "=", scope.customer);
  const rows = await query.orderBy("id", "desc").limit(5_000).execute();
  return rows.map((row) => {
    const times = {
      startAtMs: row.start_at_ms,
      endAtMs: row.end_at_ms,
      isFixed: row.is_fixed === 1,
      durationSeconds: row.duration_seconds,
      triggeredById: row.triggered_by_id,
      triggeredAtMs: row.triggered_at_ms,
      activations: new Map(),
    };
    return {
      id: silenceIdOf(row.id),
      matchers: matchersOfSelector(ServiceSelector.parse(JSON.parse(row.selector_json))),
      startAtMs: row.triggered_at_ms ?? row.start_at_ms,
      endAtMs: lastEffectMs(times),
      comment: row.comment,
      authorName: row.author_name,
      customer: row.customer,
      expiredAtMs: row.cancelled_at_ms,
      updatedAtMs: row.cancelled_at_ms ?? row.created_at_ms,
      downtimeId: row.id,
      isFlexible: row.is_fixed !== 1 || row.triggered_by_id !== null,
    };
  });
}

function isWithin(scope: Scope, customer: string | null): boolean {
  return scope.kind === "all" || scope.customer === customer;
}

function toSilence(row: Selectable<SilenceTable>, cancelled: ReadonlyMap<string, number>): KnownSilence {
  return {
    id: row.id,
    matchers: readMatchers(row.matchers_json),
    startAtMs: row.start_at_ms,
    endAtMs: row.end_at_ms,
    comment: row.comment,
    authorName: row.author_name,
    customer: row.customer,
    expiredAtMs: row.expired_at_ms ?? cancelled.get(row.id) ?? null,
    updatedAtMs: row.updated_at_ms,
    downtimeId: null,
    isFlexible: false,
  };
}

function readMatchers(json: string): Matcher[] {
  return Matchers.parse(JSON.parse(json)).map((matcher) => ({ ...matcher, isEqual: matcher.isEqual ?? true }));
}
