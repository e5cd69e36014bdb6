import type { Tone } from "../theme/palette.ts";

/** A shape of its own for each state, so that nobody needs to tell colours apart. */
export type Shape = "disc" | "triangle" | "octagon" | "diamond" | "clock" | "ring" | "arrow-down" | "broken-link";

/** How one state is shown. */
export interface StateLook {
  readonly tone: Tone;
  readonly shape: Shape;
  readonly text: string;
}

const looks: Readonly<Record<string, StateLook>> = {
  OK: { tone: "ok", shape: "disc", text: "OK" },
  UP: { tone: "ok", shape: "disc", text: "UP" },
  WARNING: { tone: "warning", shape: "triangle", text: "WARNING" },
  CRITICAL: { tone: "critical", shape: "octagon", text: "CRITICAL" },
  DOWN: { tone: "critical", shape: "arrow-down", text: "DOWN" },
  UNREACHABLE: { tone: "unknown", shape: "broken-link", text: "UNREACHABLE" },
  UNKNOWN: { tone: "unknown", shape: "diamond", text: "UNKNOWN" },
  STALE: { tone: "stale", shape: "clock", text: "STALE" },
  OUTAGE: { tone: "stale", shape: "clock", text: "NOBODY WATCHED" },
  PENDING: { tone: "pending", shape: "ring", text: "PENDING" },
};

/** Looks a state up; a state from a newer server is shown as unknown, never as fine. */
export function stateLook(state: string): StateLook {
  return looks[state] ?? { tone: "unknown", shape: "diamond", text: state };
}

/** One sentence on what a state means, for tooltips. */
export const stateMeaning: Readonly<Record<string, string>> = {
  OK: "The last check was fine.",
  UP: "The host answers.",
  WARNING: "The warning threshold is crossed.",
  CRITICAL: "The critical threshold is crossed.",
  DOWN: "The host does not answer.",
  UNREACHABLE: "Something between us and the host is down.",
  UNKNOWN: "The check could not tell.",
  STALE: "No result arrived when one was due: nobody knows.",
  OUTAGE: "No control plane was watching.",
  PENDING: "No result yet.",
};
