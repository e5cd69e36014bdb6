import type { Scope } from "../scope/index.ts";

/** A prober that a host names and that cannot probe it now. */
export interface UnableProber {
  readonly name: string;
  /** Whose host it is; null = the operator's, or nobody's. */
  readonly customer: string | null;
  /** `silent`: its agent is there no more, or not yet; `hidden`: it is not the reader's, who is not told more. */
  readonly fault: "missing" | "foreign" | "no-agent" | "refusing" | "silent" | "hidden";
}

/** How the probing of a host without an agent stands. */
export interface Probing {
  /** Whose host it is; null = the operator's. */
  readonly customer: string | null;
  /** Those that it names and that cannot, in their order. */
  readonly unable: readonly UnableProber[];
  /** Null while nobody could be chosen, and for a reader whose host it is not: then `isLive` tells which. */
  readonly proberName: string | null;
  readonly proberCustomer: string | null;
  readonly isLive: boolean;
  readonly lastSeenAtMs: number | null;
  /** How often the prober's agent says that it is there. */
  readonly keepaliveSeconds: number;
  readonly sinceMs: number;
}

/**
 * The probing of a host as its customer may see it: what the operator's own machines are called is the operator's. Those that cannot probe and are not the
 * customer's are one, without a name and without its fault. Pure.
 */
export function probingSeenBy(scope: Scope, probing: Probing): Probing {
  if (scope.kind === "all") return probing;
  const isOwn = ({ customer }: { readonly customer: string | null }) => customer === scope.customer;
  const own = probing.unable.filter(isOwn);
  const unable: UnableProber[] =
    own.length === probing.unable.length ? own : [...own, { name: "", customer: null, fault: "hidden" }];
  const proberName = isOwn({ customer: probing.proberCustomer }) ? probing.proberName : null;
  return { ...probing, unable, proberName };
}

const faults: Readonly<Record<UnableProber["fault"], (name: string) => string>> = {
  missing: (name) => `there is no host "${name}"`,
  foreign: (name) => `"${name}" is of another customer`,
  "no-agent": (name) => `"${name}" has no agent`,
  refusing: (name) => `the policy of "${name}" does not allow to probe`,
  silent: (name) => `the agent of "${name}" is not connected`,
  hidden: () => "a prober of the operator cannot look at it now",
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
  const prober = probing.proberName === null ? "a prober of the operator" : `prober "${probing.proberName}"`;
  const who = `Its checks are run by the agent of ${prober}, since ${since} UTC`;
  const others = probing.unable.map(({ name, fault }) => faults[fault](name)).join("; ");
  return others === "" ? `${who}.` : `${who}; ${others}.`;
}
