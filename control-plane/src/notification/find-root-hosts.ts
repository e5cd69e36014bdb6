import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { type DefinitionCache, sortedIds } from "../monitored/index.ts";
import { findHostConditions } from "../state-change/state-row-store.ts";
import type { CompiledDefinitions } from "./definition-cache.ts";

/** The names of the hosts that are at the bottom of what is wrong with others, by the ids of those; absent where a host is its own root. */
export type RootHosts = ReadonlyMap<number, string>;

export type FindRootHosts = (
  executor: Executor,
  known: Pick<CompiledDefinitions, "rules">,
  hostIds: Iterable<number>,
) => Promise<RootHosts>;

const none: RootHosts = new Map();

/**
 * Makes what finds, for hosts behind others that are down, the topmost of those; in the transaction that decides, after its states are written. It looks
 * only while some rule groups by roots.
 */
export function createFindRootHosts(
  hosts: Pick<DefinitionCache, "hostsById" | "parents">,
  dialect: Dialect,
): FindRootHosts {
  return async (executor, { rules }, hostIds) => {
    if (!rules.some(({ groupBy }) => groupBy.includes("problem-root"))) return none;
    const graph = await hosts.parents(executor);
    const asked = new Set(hostIds);
    const above = new Set<number>();
    const waiting = [...asked];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      for (const parent of graph.parentsOf(id)) {
        if (above.has(parent)) continue;
        above.add(parent);
        waiting.push(parent);
      }
    }
    if (above.size === 0) return none;
    const conditions = await findHostConditions(executor, dialect, sortedIds([...asked, ...above]));
    const isUp = (id: number) => conditions.get(id)?.isUp ?? true;
    const rootIds = new Map([...asked].map((id) => [id, rootOf(id, graph.parentsOf, isUp)]));
    const named = await hosts.hostsById(executor, new Set(rootIds.values()));
    return new Map(
      [...rootIds].flatMap(([id, rootId]) => {
        const name = named.get(rootId)?.name;
        return rootId === id || name === undefined ? [] : [[id, name] as const];
      }),
    );
  };
}

/** Climbs from a host that is not up, from parent to parent that is not up either. Pure. */
export function rootOf(
  hostId: number,
  parentsOf: (hostId: number) => readonly number[],
  isUp: (hostId: number) => boolean,
): number {
  const seen = new Set<number>();
  let root = hostId;
  while (!seen.has(root)) {
    seen.add(root);
    const parents = parentsOf(root);
    // Reached by another way, it is wrong by itself.
    if (isUp(root) || parents.length === 0 || parents.some(isUp)) return root;
    root = Math.min(...parents);
  }
  return root;
}
