import { DependencyInput } from "@mycloud/protocol/dependency";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import type { Executor } from "../database/dialect/dialect.ts";
import type { MasterName } from "./dependency-index.ts";
import { type MasterState, type MasterStates, masterStatesOf } from "./master-states.ts";

export async function findDependencies(executor: Executor): Promise<DependencyInput[]> {
  return (await findSpecs(executor, "Dependency")).map((spec) => DependencyInput.parse(spec));
}

export async function findTimePeriods(executor: Executor): Promise<TimePeriodInput[]> {
  return (await findSpecs(executor, "TimePeriod")).map((spec) => TimePeriodInput.parse(spec));
}

async function findSpecs(executor: Executor, kind: string): Promise<unknown[]> {
  const rows = await executor
    .selectFrom("definition")
    .select(["name", "spec_json"])
    .where("kind", "=", kind)
    .orderBy("name")
    .execute();
  return rows.map(({ name, spec_json: json }) => ({ ...Object(JSON.parse(json)), name }));
}

/** Reads what masters count as: their last HARD state, PENDING before the first result, UNKNOWN while stale. Those that do not exist are left out. */
export async function findMasterStates(
  executor: Executor,
  masters: readonly MasterName[],
): Promise<ReadonlyMap<string, MasterStates>> {
  const states = new Map<string, MasterStates>();
  const hostNames = [...new Set(masters.map((master) => master.host))];
  const serviceNames = [...new Set(masters.flatMap((master) => master.service ?? []))];
  const columns = ["state", "is_hard", "is_stale", "has_been_checked", "last_hard_state"] as const;
  for (let at = 0; at < hostNames.length; at += 500) {
    const part = hostNames.slice(at, at + 500);
    const hosts = await executor
      .selectFrom("host")
      .innerJoin("host_state", "host_state.host_id", "host.id")
      .select(["host.name", ...columns])
      .where("host.name", "in", part)
      .execute();
    for (const row of hosts) {
      states.set(keyOf({ host: row.name, service: null }), masterStatesOf("host", toMasterState(row)));
    }
    for (let from = 0; from < serviceNames.length; from += 500) {
      const services = await executor
        .selectFrom("service")
        .innerJoin("host", "host.id", "service.host_id")
        .innerJoin("service_state", "service_state.service_id", "service.id")
        .select(["host.name as host_name", "service.name", ...columns])
        .where("host.name", "in", part)
        .where("service.name", "in", serviceNames.slice(from, from + 500))
        .execute();
      for (const row of services) {
        states.set(keyOf({ host: row.host_name, service: row.name }), masterStatesOf("service", toMasterState(row)));
      }
    }
  }
  return states;
}

/** What a master is found by in `findMasterStates`' answer. */
export function keyOf({ host, service }: MasterName): string {
  // Neither kind of name has a control character in it.
  return `${host}\n${service ?? ""}`;
}

function toMasterState(row: {
  readonly state: number;
  readonly is_hard: number;
  readonly is_stale: number;
  readonly has_been_checked: number;
  readonly last_hard_state: number;
}): MasterState {
  return {
    state: row.state,
    isHard: row.is_hard === 1,
    isStale: row.is_stale === 1,
    hasBeenChecked: row.has_been_checked === 1,
    lastHardState: row.last_hard_state,
  };
}
