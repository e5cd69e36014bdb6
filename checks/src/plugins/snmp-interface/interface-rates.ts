import { counterGrowth, hasRestarted } from "../../snmp/counter-growth.ts";
import type { SnmpValue } from "../../snmp/snmp-value.ts";
import type { InterfaceRow } from "./interface-row.ts";
import type { InterfaceReading } from "./read-interfaces.ts";

/** All per second; both directions of errors and discards together. */
export interface InterfaceRates {
  readonly inBits: number;
  readonly outBits: number;
  readonly errors: number;
  readonly discards: number;
}

/** A reading and when it was taken, in milliseconds of this host's clock. */
export interface TimedReading extends InterfaceReading {
  readonly atMs: number;
}

/**
 * How fast an interface's counters grew between two readings; null when that cannot be said: the interface is new, its counters began anew (RFC 2863,
 * ifCounterDiscontinuityTime), or the device did. Time is the device's own where it tells, so that a late answer changes nothing. Pure.
 */
export function ratesBetween(before: TimedReading, after: TimedReading, index: string): InterfaceRates | null {
  const old = before.rows.find((row) => row.index === index);
  const present = after.rows.find((row) => row.index === index);
  if (old === undefined || present === undefined || old.name !== present.name) return null;
  const elapsedMs = after.atMs - before.atMs;
  const isAnew =
    old.discontinuityTicks !== present.discontinuityTicks ||
    (before.upTicks !== undefined &&
      after.upTicks !== undefined &&
      hasRestarted(before.upTicks, after.upTicks, elapsedMs));
  if (isAnew) return null;
  const seconds = secondsBetween(before, after);
  const bits = (from: SnmpValue | undefined, to: SnmpValue | undefined) => rate(from, to, seconds / 8);
  const [inBits, outBits] = [
    bits(old.counters.inOctets, present.counters.inOctets),
    bits(old.counters.outOctets, present.counters.outOctets),
  ];
  const errors = sum(old.counters.errors, present.counters.errors, seconds);
  const discards = sum(old.counters.discards, present.counters.discards, seconds);
  return inBits === null || outBits === null ? null : { inBits, outBits, errors, discards };
}

/** The device's time where both readings have it and it went on plausibly, else this host's. */
function secondsBetween(before: TimedReading, after: TimedReading): number {
  const ours = Math.max(after.atMs - before.atMs, 1) / 1_000;
  if (before.upTicks === undefined || after.upTicks === undefined) return ours;
  const theirs = (after.upTicks - before.upTicks) / 100;
  return theirs > ours / 2 && theirs < ours * 2 ? theirs : ours;
}

/** A missing counter counts nothing; one that went back, or of another width than before, says nothing. */
function rate(before: SnmpValue | undefined, after: SnmpValue | undefined, seconds: number): number | null {
  if (before === undefined && after === undefined) return 0;
  const growth = counterGrowth(before, after);
  return growth === undefined || growth === null ? null : Number(growth) / seconds;
}

function sum(
  before: InterfaceRow["counters"]["errors"],
  after: InterfaceRow["counters"]["errors"],
  seconds: number,
): number {
  return after.reduce((total, value, at) => total + (rate(before[at], value, seconds) ?? 0), 0);
}
