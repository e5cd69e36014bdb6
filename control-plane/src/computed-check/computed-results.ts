import type { IncomingResult } from "../check-result/index.ts";
import type { ComputedPace } from "./computed-pace.ts";

/** What a computed check submits: an active result, whose next time is known. Pure. */
export function computedResult(
  { hostId, serviceId }: { readonly hostId: number; readonly serviceId: number },
  { result, dueAtMs }: ComputedPace,
  nowMs: number,
): IncomingResult {
  return {
    hostId,
    serviceId,
    returnCode: result.state,
    output: result.output,
    checkedAtMs: nowMs,
    executionTimeSeconds: 0,
    latencySeconds: 0,
    nextCheckAtMs: dueAtMs,
    isPassive: false,
  };
}
