import type { HostState, ServiceState } from "@mycloud/protocol/state";

/** What a plugin exits with: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (Monitoring Plugins guidelines, "Plugin Return Codes"). */
export type ReturnCode = 0 | 1 | 2 | 3;

const STATES_BY_CODE = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const satisfies readonly ServiceState[];

const CODES_BY_STATE = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const satisfies Record<
  ServiceState,
  ReturnCode
>;

/** Reads any exit status as a return code; whatever is not 0, 1 or 2 is UNKNOWN, as nagios4 treats -1 and 9. */
export function toReturnCode(code: number): ReturnCode {
  return code === 0 || code === 1 || code === 2 ? code : 3;
}

/** The service state a return code stands for. */
export function serviceStateOf(code: ReturnCode): ServiceState {
  return STATES_BY_CODE[code];
}

/** The return code a service state is written as. */
export function returnCodeOf(state: ServiceState): ReturnCode {
  return CODES_BY_STATE[state];
}

/**
 * The host state of a *passive* host result: 0 UP, 1 DOWN, 2 UNREACHABLE.
 * Any other code is DOWN: nagios4 drops such a result, but a host whose sender misbehaves must not look UP.
 */
export function hostStateOf(code: number): HostState {
  if (code === 0) return "UP";
  return code === 2 ? "UNREACHABLE" : "DOWN";
}

/** Rank by return code: how bad OK, WARNING, CRITICAL and UNKNOWN are beside each other. */
const SEVERITY = [0, 2, 3, 1] as const;

/**
 * The worst of several return codes: CRITICAL > WARNING > UNKNOWN > OK; UNKNOWN when there are none, since nothing was
 * seen. This is `max_state_alt` of monitoring-plugins. Their `max_state` ranks UNKNOWN *below* OK, which would paint a
 * check green when half of what it looked at could not be read.
 */
export function worstOf(codes: Iterable<ReturnCode>): ReturnCode {
  let worst: ReturnCode | undefined;
  for (const code of codes) {
    if (worst === undefined || SEVERITY[code] > SEVERITY[worst]) worst = code;
  }
  return worst ?? 3;
}
