import type { RuleState } from "@mycloud/checks/business-rule";
import { shownHostState, shownServiceState } from "@mycloud/checks/state";
import { sql } from "kysely";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/index.ts";
import type { LeafState } from "./compute-rule.ts";
import type { RuleElementName } from "./expand-leaf.ts";

const columns = ["state", "is_hard", "is_stale", "has_been_checked", "last_hard_state", "output"] as const;

interface StateRow {
  readonly state: number;
  readonly is_hard: number;
  readonly is_stale: number;
  readonly has_been_checked: number;
  readonly last_hard_state: number;
  readonly output: string;
}

/** Reads what these count as: their last HARD state; UNKNOWN while stale or never checked, for what is unknown is never green. */
export async function readLeafStates(
  { db, dialect }: ConnectedDatabase,
  elements: readonly RuleElementName[],
): Promise<(element: RuleElementName) => LeafState | undefined> {
  const hosts = new Map<number, LeafState>();
  const services = new Map<number, LeafState>();
  const hostIds = [...new Set(elements.flatMap((one) => (one.serviceId === null ? one.hostId : [])))];
  const serviceIds = [...new Set(elements.flatMap((one) => one.serviceId ?? []))];
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    const condition = sql<boolean>`host_id in ${idList(dialect, chunk)}`;
    const rows = await db
      .selectFrom("host_state")
      .select(["host_id", ...columns])
      .where(condition)
      .execute();
    for (const row of rows) {
      hosts.set(
        row.host_id,
        leafState(row, (hard) => (hard === 0 ? 0 : 2), shownHostState(shownOf(row))),
      );
    }
  }
  for (const chunk of chunksOf(serviceIds, idsPerQuery)) {
    const condition = sql<boolean>`service_id in ${idList(dialect, chunk)}`;
    const rows = await db
      .selectFrom("service_state")
      .select(["service_id", ...columns])
      .where(condition)
      .execute();
    for (const row of rows) {
      services.set(row.service_id, leafState(row, serviceState, shownServiceState(shownOf(row))));
    }
  }
  return ({ hostId, serviceId }) => (serviceId === null ? hosts.get(hostId) : services.get(serviceId));
}

function leafState(row: StateRow, stateOf: (hard: number) => RuleState, shown: string): LeafState {
  const isUnknown = row.is_stale === 1 || row.has_been_checked === 0;
  const hard = row.is_hard === 1 ? row.state : row.last_hard_state;
  return { state: isUnknown ? 3 : stateOf(hard), shown, output: row.output };
}

function serviceState(hard: number): RuleState {
  return hard === 0 || hard === 1 || hard === 2 ? hard : 3;
}

function shownOf(row: StateRow) {
  return { state: row.state, isStale: row.is_stale === 1, hasBeenChecked: row.has_been_checked === 1 };
}
