import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { type MasterName, mastersOf } from "./dependency-index.ts";
import { findMasterStates, keyOf } from "./store.ts";

export interface WatchHeldChecksDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  /** Which checks are held may have changed: agents have to be told. */
  readonly onChanged: () => void;
  readonly now: () => number;
}

/**
 * Makes the function that looks whether execution dependencies hold other checks than before: call it every few seconds. It compares what the
 * masters count as and which periods hold, not what depends on them, and does nothing where no dependency holds checks.
 */
export function createHeldChecksWatch(dependencies: WatchHeldChecksDependencies): () => Promise<void> {
  const { database, definitions, onChanged, now } = dependencies;
  let last: string | undefined;

  async function describe(): Promise<string> {
    const index = await definitions.dependencies(database.db);
    if (!index.hasExecution) return "";
    const periods = await definitions.timePeriods(database.db);
    const masters: MasterName[] = [];
    const parts: string[] = [];
    for (const dependency of index.all) {
      if (dependency.executionFailureStates.length === 0 && !dependency.isTransitive) continue;
      if (dependency.period !== null) parts.push(`${dependency.name} ${periods.isInside(dependency.period, now())}`);
      const isOwnHost = dependency.masters.some((master) => master.host === null);
      const hosts = isOwnHost
        ? await findHostNames(
            database,
            dependency.masters.flatMap(({ service }) => service ?? []),
            dependency.executionFailureStates.some((state) => state === "OK" || state === "UP"),
          )
        : [];
      for (const name of isOwnHost ? hosts : [""]) {
        masters.push(...mastersOf(dependency, { host: { name, groups: [], labels: {} }, serviceName: "\n" }));
      }
    }
    const states = await findMasterStates(database.db, masters);
    for (const master of masters) parts.push(`${keyOf(master)} ${states.get(keyOf(master))?.join() ?? ""}`);
    return parts.sort().join("\n");
  }

  return async () => {
    const present = await describe();
    const isFirst = last === undefined;
    const isSame = present === last;
    last = present;
    if (!isFirst && !isSame) onChanged();
  };
}

/** Hosts that are not UP, or have a service of one of these names that is not OK: masters on others are in no state that fails, unless a fine one does. */
async function findHostNames(
  { db }: ConnectedDatabase,
  serviceNames: readonly string[],
  failsWhileFine: boolean,
): Promise<string[]> {
  if (failsWhileFine)
    return (await db.selectFrom("host").select("name").orderBy("name").execute()).map(({ name }) => name);
  const rows = await db
    .selectFrom("host")
    .innerJoin("host_state", "host_state.host_id", "host.id")
    .select("host.name")
    .where((eb) =>
      eb.or([
        eb("host_state.state", "<>", 0),
        eb("host_state.is_stale", "=", 1),
        eb("host_state.has_been_checked", "=", 0),
        eb.exists(
          eb
            .selectFrom("service")
            .innerJoin("service_state", "service_state.service_id", "service.id")
            .select("service.id")
            .whereRef("service.host_id", "=", "host.id")
            .where("service.name", "in", serviceNames.length === 0 ? [""] : serviceNames)
            .where((state) =>
              state.or([
                state("service_state.last_hard_state", "<>", 0),
                state("service_state.state", "<>", 0),
                state("service_state.is_stale", "=", 1),
                state("service_state.has_been_checked", "=", 0),
              ]),
            ),
        ),
      ]),
    )
    .orderBy("host.name")
    .execute();
  return rows.map((row) => row.name);
}
