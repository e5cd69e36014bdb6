/** A host without an agent that names probers. */
export interface ProbedHost {
  readonly id: number;
  /** Ids of the probers that exist, the preferred first. */
  readonly candidates: readonly number[];
}

/** Whose agent runs a host's checks now. */
export interface Assignment {
  readonly hostId: number;
  /** Null = nobody can, so far. */
  readonly proberHostId: number | null;
}

/**
 * Decides who probes each host: the first candidate whose agent is there. While none is, it stays with whom it was, if that one is still named: it
 * goes on at once when it is back. Answers what differs from `present`, with hosts that need no prober any more as `ended`. Pure.
 */
export function chooseProbers(
  hosts: readonly ProbedHost[],
  live: ReadonlySet<number>,
  present: readonly Assignment[],
): { readonly changed: readonly Assignment[]; readonly ended: readonly number[] } {
  const before = new Map(present.map((assignment) => [assignment.hostId, assignment.proberHostId]));
  const changed: Assignment[] = [];
  for (const { id, candidates } of hosts) {
    const last = before.get(id);
    const isStillNamed = last !== undefined && last !== null && candidates.includes(last);
    const chosen = candidates.find((candidate) => live.has(candidate)) ?? (isStillNamed ? last : null);
    if (chosen !== last) changed.push({ hostId: id, proberHostId: chosen });
    before.delete(id);
  }
  return { changed, ended: [...before.keys()] };
}
