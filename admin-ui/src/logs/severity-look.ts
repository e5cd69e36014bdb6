import type { LogSeverity } from "@mycloud/protocol/log-record";
import type { Tone } from "../theme/palette.ts";

/** How a severity is coloured; its word always says it. Pure. */
export function toneOf(severity: LogSeverity | "none" | null): Tone {
  switch (severity) {
    case "emerg":
    case "alert":
    case "crit":
    case "err":
      return "critical";
    case "warning":
      return "warning";
    case "notice":
    case "info":
      return "ok";
    default:
      return "pending";
  }
}

/** Of what is piled on each other, the worst lies at the bottom. */
export const pileOrder = ["critical", "warning", "ok", "pending"] as const satisfies readonly Tone[];
