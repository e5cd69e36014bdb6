/** How the probing of a host without an agent stands. */
export interface Probing {
  /** As the host names them. */
  readonly names: readonly string[];
  readonly proberName: string | null;
  readonly isLive: boolean;
  readonly lastSeenAtMs: number | null;
  readonly sinceMs: number;
}

/** Why no results come, when no prober is there; null when one is. Pure. */
export function noProberReason({ names, isLive }: Probing): string | null {
  if (isLive) return null;
  const which = names.map((name) => `"${name}"`).join(", ");
  return names.length === 1
    ? `no live prober: the agent of ${which} is not connected`
    : `no live prober: none of the agents of ${which} is connected`;
}

/** Who runs a host's checks, as a sentence. Pure. */
export function probingInWords(probing: Probing): string {
  const reason = noProberReason(probing);
  if (reason !== null) return `${reason[0]?.toUpperCase()}${reason.slice(1)}.`;
  const since = new Date(probing.sinceMs).toISOString().slice(0, 16).replace("T", " ");
  return `Its checks are run by the agent of prober "${probing.proberName}", since ${since} UTC.`;
}
