import { formatDuration } from "../mail/format-time.ts";

/** What is stored of a host or service when a command is run, as macros need it. */
export interface ObservedObject {
  readonly notes: string;
  readonly notesUrl: string | null;
  readonly actionUrl: string | null;
  /** Empty for what others report. */
  readonly checkCommand: string;
  readonly isPassive: boolean;
  readonly isHard: boolean;
  readonly attempt: number;
  readonly maxCheckAttempts: number;
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
  readonly percentStateChange: number;
  readonly isNotificationEnabled: boolean;
  readonly lastCheckAtMs: number | null;
  readonly lastStateChangeAtMs: number | null;
  readonly lastOkAtMs: number | null;
  readonly latencySeconds: number;
  readonly executionTimeSeconds: number;
}

/** The macros that nagios4 has of any host or service, whatever a message is about; a message's own win over them. Pure. */
export function observedMacros(
  kind: "HOST" | "SERVICE",
  object: ObservedObject,
  nowMs: number,
): Record<string, string> {
  const lasted = Math.max(0, nowMs - (object.lastStateChangeAtMs ?? nowMs));
  return {
    [`${kind}NOTES`]: object.notes,
    [`${kind}NOTESURL`]: object.notesUrl ?? "",
    [`${kind}ACTIONURL`]: object.actionUrl ?? "",
    [`${kind}CHECKCOMMAND`]: object.checkCommand,
    [`${kind}CHECKTYPE`]: object.isPassive ? "PASSIVE" : "ACTIVE",
    [`${kind}STATETYPE`]: object.isHard ? "HARD" : "SOFT",
    [`${kind}ATTEMPT`]: String(object.attempt),
    [`MAX${kind}ATTEMPTS`]: String(object.maxCheckAttempts),
    [`${kind}OUTPUT`]: object.output,
    [`LONG${kind}OUTPUT`]: object.longOutput,
    [`${kind}PERFDATA`]: object.perfdata,
    [`${kind}PERCENTCHANGE`]: object.percentStateChange.toFixed(2),
    [`${kind}NOTIFICATIONENABLED`]: object.isNotificationEnabled ? "YES" : "NO",
    [`${kind}LATENCY`]: object.latencySeconds.toFixed(3),
    [`${kind}EXECUTIONTIME`]: object.executionTimeSeconds.toFixed(3),
    [`${kind}DURATION`]: formatDuration(lasted),
    [`${kind}DURATIONSEC`]: String(Math.floor(lasted / 1000)),
    [`LAST${kind}CHECK`]: seconds(object.lastCheckAtMs),
    [`LAST${kind}STATECHANGE`]: seconds(object.lastStateChangeAtMs),
    [`LAST${kind}${kind === "HOST" ? "UP" : "OK"}`]: seconds(object.lastOkAtMs),
  };
}

/** Seconds since 1970; 0 for never, as nagios says it. */
function seconds(atMs: number | null): string {
  return String(Math.floor((atMs ?? 0) / 1000));
}
