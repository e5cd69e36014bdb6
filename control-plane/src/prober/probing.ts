/** A prober that a host names and that cannot probe it now. */
export interface UnableProber {
  readonly name: string;
  /** `silent`: its agent is there no more, or not yet. */
  readonly fault: "missing" | "foreign" | "no-agent" | "refusing" | "silent";
}

/** How the probing of a host without an agent stands. */
export interface Probing {
  /** Those that it names and that cannot, in their order. */
  readonly unable: readonly UnableProber[];
  readonly proberName: string | null;
  readonly isLive: boolean;
  readonly lastSeenAtMs: number | null;
  /** How often the prober's agent says that it is there. */
  readonly keepaliveSeconds: number;
  readonly sinceMs: number;
}

const faults: Readonly<Record<UnableProber["fault"], (name: string) => string>> = {
  missing: (name) => `there is no host "${name}"`,
  foreign: (name) => `"${name}" is of another customer`,
  "no-agent": (name) => `"${name}" has no agent`,
  refusing: (name) => `the policy of "${name}" does not allow to probe`,
  silent: (name) => `the agent of "${name}" is not connected`,
};

/** Why no results come, when no prober is there; null when one is. Pure. */
export function noProberReason({ unable, isLive }: Probing): string | null {
  if (isLive) return null;
  const isSilence = unable.every(({ fault }) => fault === "silent");
  if (unable.length > 1 && isSilence) {
    const names = unable.map(({ name }) => `"${name}"`).join(", ");
    return `no live prober: none of the agents of ${names} is connected`;
  }
  return `no live prober: ${unable.map(({ name, fault }) => faults[fault](name)).join("; ")}`;
}

/** Who runs a host's checks, as a sentence; with whoever is preferred and cannot. Pure. */
export function probingInWords(probing: Probing): string {
  const reason = noProberReason(probing);
  if (reason !== null) return `${reason[0]?.toUpperCase()}${reason.slice(1)}.`;
  const since = new Date(probing.sinceMs).toISOString().slice(0, 16).replace("T", " ");
  const who = `Its checks are run by the agent of prober "${probing.proberName}", since ${since} UTC`;
  const others = probing.unable.map(({ name, fault }) => faults[fault](name)).join("; ");
  return others === "" ? `${who}.` : `${who}; ${others}.`;
}
