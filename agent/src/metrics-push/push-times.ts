import { createHash } from "node:crypto";

/**
 * Milliseconds until a host's next push, more than 0: every host has its own moment within the interval, the same after each start, so that two thousand of
 * them do not come at once. Pure.
 */
export function untilNextPush(hostName: string, intervalMs: number, nowMs: number): number {
  const share = createHash("sha256").update(hostName).digest().readUInt32BE(0) / 2 ** 32;
  const phaseMs = Math.floor(share * intervalMs);
  const since = (nowMs - phaseMs) % intervalMs;
  return intervalMs - (since < 0 ? since + intervalMs : since);
}
