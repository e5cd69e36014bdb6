import type { SnmpValue } from "./snmp-value.ts";

const range32 = 1n << 32n;
/** A counter of 32 bits that would have to grow by more than this went back instead: three quarters of its range. */
const likelyReset = (range32 * 3n) / 4n;

/**
 * By how much a counter grew; undefined when these are no counters of one width. One of 32 bits that is lower than before has come round once (RFC 2578
 * §7.1.6), unless it would have had to grow by most of its range; one of 64 bits does not come round, so lower is null: it began anew. Pure.
 */
export function counterGrowth(before: SnmpValue | undefined, after: SnmpValue | undefined): bigint | null | undefined {
  if (before?.kind === "counter64" && after?.kind === "counter64") {
    return after.value >= before.value ? after.value - before.value : null;
  }
  if (before?.kind !== "counter32" || after?.kind !== "counter32") return undefined;
  const growth = BigInt(after.value) - BigInt(before.value);
  if (growth >= 0n) return growth;
  const around = growth + range32;
  return around > likelyReset ? null : around;
}

const tickRange = 2 ** 32;
/** How far the clocks of device and host may drift apart between two looks, in hundredths of a second. */
const slackTicks = 6_000;

/**
 * Whether a device began anew between two looks at its sysUpTime (hundredths of a second). After 497 days it comes round to 0, which is no restart: then it
 * is as far behind as time went on. Pure.
 */
export function hasRestarted(beforeTicks: number, afterTicks: number, elapsedMs: number): boolean {
  if (afterTicks >= beforeTicks) return false;
  const expected = (beforeTicks + elapsedMs / 10) % tickRange;
  const isAround = beforeTicks + elapsedMs / 10 >= tickRange - slackTicks;
  return !(
    isAround && Math.min(Math.abs(expected - afterTicks), tickRange - Math.abs(expected - afterTicks)) <= slackTicks
  );
}
