import type { Executor } from "../../database/dialect/dialect.ts";
import { hostStates, serviceStates } from "./state-names.ts";
import type { StateCount } from "./surrounding-macros.ts";

/** How many hosts and services are in which state, for the TOTAL macros. */
export interface Totals {
  readonly hosts: readonly StateCount[];
  readonly services: readonly StateCount[];
}

/** Totals of everything, which many messages at once share. */
export interface TotalCounts {
  /** Counted at `atMs` or later, so that what a message is about is among them; some seconds old at most. */
  asOf(atMs: number): Promise<Totals>;
}

const keptMs = 5_000;

/** Counts at most once in five seconds, however many messages are sent; a message that is newer than the last count has everything counted again. */
export function createTotalCounts(count: () => Promise<Totals>, now: () => number): TotalCounts {
  let last: { readonly atMs: number; readonly totals: Promise<Totals> } | undefined;
  return {
    async asOf(atMs) {
      const startedAtMs = now();
      const isFresh = last !== undefined && last.atMs >= atMs && startedAtMs - last.atMs < keptMs;
      if (last === undefined || !isFresh) last = { atMs: startedAtMs, totals: count() };
      const counted = last;
      try {
        return await counted.totals;
      } catch (error) {
        if (last === counted) last = undefined;
        throw error;
      }
    },
  };
}

/** Counts all hosts and services. */
export async function countEverything(executor: Executor): Promise<Totals> {
  return { hosts: await countHosts(executor), services: await countServices(executor, null) };
}

async function countHosts(executor: Executor): Promise<StateCount[]> {
  const rows = await executor
    .selectFrom("host_state")
    .select(["state", "is_stale", "has_been_checked"])
    .select((eb) => [eb.fn.countAll<number>().as("count"), eb.fn.count<number>("acknowledgement_id").as("handled")])
    .groupBy(["state", "is_stale", "has_been_checked"])
    .execute();
  return rows.map((row) => countOf(row, hostStates, "UNREACHABLE"));
}

/** The services of one host, or of all. */
export async function countServices(executor: Executor, hostId: number | null): Promise<StateCount[]> {
  let query = executor
    .selectFrom("service_state")
    .select(["state", "is_stale", "has_been_checked"])
    .select((eb) => [eb.fn.countAll<number>().as("count"), eb.fn.count<number>("acknowledgement_id").as("handled")])
    .groupBy(["state", "is_stale", "has_been_checked"]);
  if (hostId !== null) {
    query = query.where("service_id", "in", (eb) =>
      eb.selectFrom("service").select("id").where("host_id", "=", hostId),
    );
  }
  return (await query.execute()).map((row) => countOf(row, serviceStates, "UNKNOWN"));
}

/** What never came is pending, which is no problem in nagios and none of its states; what comes no more is not known. */
function countOf(
  row: {
    readonly state: number;
    readonly is_stale: number;
    readonly has_been_checked: number;
    readonly count: number;
    readonly handled: number;
  },
  names: readonly string[],
  stale: string,
): StateCount {
  const checked = row.has_been_checked === 1 ? (names[row.state] ?? stale) : "PENDING";
  const count = Number(row.count);
  return { state: row.is_stale === 1 ? stale : checked, count, unhandled: count - Number(row.handled) };
}
