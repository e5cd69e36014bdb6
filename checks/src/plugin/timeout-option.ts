import type { ReturnCode } from "../plugin-api/return-code.ts";
import type { OptionValues } from "./option-values.ts";

/** When a run is given up, and what it then reports. */
export interface TimeoutPolicy {
  readonly seconds: number;
  readonly returnCode: ReturnCode;
}

const STATES: ReadonlyMap<string, ReturnCode> = new Map([
  ["ok", 0],
  ["warning", 1],
  ["critical", 2],
  ["unknown", 3],
]);
const MAX_SECONDS = 3_600;

/** Reads `-t SECONDS[:STATE]`; CRITICAL unless said otherwise, as `service_check_timeout_state=c` does in nagios. */
export function readTimeout(options: OptionValues, fallbackSeconds: number): TimeoutPolicy {
  const text = options.text("timeout");
  if (text === undefined) return { seconds: fallbackSeconds, returnCode: 2 };
  const [seconds = "", state = "critical", ...more] = text.split(":");
  const returnCode = STATES.get(state.toLowerCase());
  if (returnCode === undefined || more.length > 0) {
    throw options.refuse("timeout", text, "SECONDS or SECONDS:STATE with a state of ok, warning, critical or unknown");
  }
  const value = options.numberIn("timeout", seconds, { min: 0, max: MAX_SECONDS });
  if (value === 0) throw options.refuse("timeout", text, "a number of seconds above 0, e.g. 10");
  return { seconds: value, returnCode };
}
