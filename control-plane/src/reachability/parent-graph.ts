/** A host by id with the hosts it is reached through (Nagios: parents). */
export interface HostWithParents {
  readonly id: number;
  readonly parentIds: readonly number[];
}

/** Which hosts are reached through which. Hosts without parents are not in it. */
export interface ParentGraph {
  /** Ids of hosts that have parents. */
  readonly childIds: readonly number[];
  parentsOf(hostId: number): readonly number[];
  childrenOf(hostId: number): readonly number[];
  /** How many hosts, at most, lie between a host and the monitoring: 0 without parents. A circle, which writing refuses, ends the count. */
  depthOf(hostId: number): number;
}

const none: readonly number[] = [];

export function createParentGraph(hosts: readonly HostWithParents[]): ParentGraph {
  const parents = new Map<number, readonly number[]>();
  const children = new Map<number, number[]>();
  for (const { id, parentIds } of hosts) {
    const others = parentIds.filter((parentId) => parentId !== id);
    if (others.length === 0) continue;
    parents.set(id, others);
    for (const parentId of others) children.set(parentId, [...(children.get(parentId) ?? []), id]);
  }
  const depths = new Map<number, number>();
  function depthOf(hostId: number): number {
    const known = depths.get(hostId);
    if (known !== undefined) return known;
    // Set before its parents are asked, so that a circle finds it.
    depths.set(hostId, 0);
    const above = (parents.get(hostId) ?? none).map((parentId) => 1 + depthOf(parentId));
    const depth = Math.max(0, ...above);
    depths.set(hostId, depth);
    return depth;
  }
  return {
    childIds: [...parents.keys()],
    parentsOf: (hostId) => parents.get(hostId) ?? none,
    childrenOf: (hostId) => children.get(hostId) ?? none,
    depthOf,
  };
}

/** Whether a host can be seen: it has no parents, or one of them is UP. Pure. */
export function isReachable(graph: ParentGraph, hostId: number, isUp: (parentId: number) => boolean): boolean {
  const parents = graph.parentsOf(hostId);
  return parents.length === 0 || parents.some(isUp);
}
