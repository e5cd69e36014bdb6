/** What a system says of one host (`service` null) or service right now. */
export interface ObservedState {
  readonly host: string;
  readonly service: string | null;
  /** OK, WARNING, ... or UP, DOWN, UNREACHABLE; PENDING before the first result; ours may be STALE. */
  readonly state: string;
  readonly stateType: "SOFT" | "HARD";
  readonly isAcknowledged: boolean;
  readonly isInDowntime: boolean;
  readonly isFlapping: boolean;
}

const hostStates = ["UP", "DOWN", "UNREACHABLE"];
const serviceStates = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

/** A state's name from Nagios' numbers. What was never checked is PENDING and HARD. Pure. */
export function stateOf(isHost: boolean, code: number, hasBeenChecked: boolean): string {
  return hasBeenChecked ? ((isHost ? hostStates : serviceStates)[code] ?? `state ${code}`) : "PENDING";
}

/** `web1` or `web1/disk`. Pure. */
export function nameOfObserved({ host, service }: Pick<ObservedState, "host" | "service">): string {
  return service === null ? host : `${host}/${service}`;
}
