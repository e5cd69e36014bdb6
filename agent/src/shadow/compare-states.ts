import { nameOfObserved, type ObservedState } from "./observed-state.ts";

/** One thing of one host or service that both systems see, and see differently; or an object we lack. */
export interface Difference {
  readonly host: string;
  readonly service: string | null;
  readonly field: "state" | "stateType" | "acknowledged" | "downtime" | "flapping" | "missing";
  readonly theirs: string;
  readonly ours: string;
}

export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** Hosts and services that only we have; no difference, for nothing is lost. */
  readonly onlyHere: number;
}

const illegal = /[`~!$%^&*|'"<>?,()=;\p{Cc}]/gu;

/**
 * Compares what the old system says with what we say, by name (as an import renames what is not allowed here). Where the state differs, its type is not
 * compared as well. Pure.
 */
export function compareStates(theirs: readonly ObservedState[], ours: readonly ObservedState[]): Comparison {
  const own = new Map(ours.map((state) => [keyOf(state), state]));
  const differences: Difference[] = [];
  let compared = 0;
  for (const their of theirs) {
    const key = keyOf(their);
    const mine = own.get(key);
    own.delete(key);
    const about = { host: their.host, service: their.service };
    if (mine === undefined) {
      differences.push({ ...about, field: "missing", theirs: their.state, ours: "not here" });
      continue;
    }
    compared++;
    if (their.state !== mine.state)
      differences.push({ ...about, field: "state", theirs: their.state, ours: mine.state });
    else if (their.stateType !== mine.stateType)
      differences.push({ ...about, field: "stateType", theirs: their.stateType, ours: mine.stateType });
    for (const [field, theirFlag, ourFlag] of [
      ["acknowledged", their.isAcknowledged, mine.isAcknowledged],
      ["downtime", their.isInDowntime, mine.isInDowntime],
      ["flapping", their.isFlapping, mine.isFlapping],
    ] as const) {
      if (theirFlag !== ourFlag) differences.push({ ...about, field, theirs: said(theirFlag), ours: said(ourFlag) });
    }
  }
  return { compared, differences, onlyHere: own.size };
}

function keyOf(state: ObservedState): string {
  return nameOfObserved({ host: renamed(state.host), service: state.service === null ? null : renamed(state.service) });
}

function renamed(name: string): string {
  return name.replace(illegal, "_").trim();
}

function said(isSo: boolean): string {
  return isSo ? "yes" : "no";
}
