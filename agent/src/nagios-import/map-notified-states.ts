import { listOf } from "@mycloud/checks/nagios-objects";

const serviceStates: Readonly<Record<string, string>> = {
  w: "WARNING",
  u: "UNKNOWN",
  c: "CRITICAL",
  r: "RECOVERY",
  f: "FLAPPING",
  s: "DOWNTIME",
};
const hostStates: Readonly<Record<string, string>> = {
  d: "DOWN",
  u: "UNREACHABLE",
  r: "RECOVERY",
  f: "FLAPPING",
  s: "DOWNTIME",
};
const longOptions: Readonly<Record<string, string>> = {
  warning: "w",
  unknown: "u",
  critical: "c",
  recovery: "r",
  flapping: "f",
  downtime: "s",
  down: "d",
  unreachable: "u",
  none: "n",
  all: "a",
};
const inState: Readonly<Record<string, string>> = { w: "WARNING", u: "UNKNOWN", c: "CRITICAL", d: "DOWN" };

/** Letters or words of a `*_options` directive as states; all when nothing is set. */
export function statesOf(text: string | undefined, kind: "host" | "service"): string[] {
  const names = kind === "host" ? hostStates : serviceStates;
  const letters = listOf(text ?? "a").map((word) => longOptions[word.toLowerCase()] ?? word.toLowerCase()[0] ?? "");
  if (letters.includes("n")) return [];
  return letters.includes("a")
    ? Object.values(names)
    : Object.entries(names).flatMap(([letter, state]) => (letters.includes(letter) ? [state] : []));
}

/** States, with STALE where a state that means trouble is among them. Pure. */
export function withStale(states: readonly string[]): string[] {
  const isTold = Object.values(inState).some((state) => state !== "WARNING" && states.includes(state));
  return isTold ? [...states, "STALE"] : [...states];
}
