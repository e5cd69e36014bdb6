import type { ServiceSelector } from "@mycloud/protocol/selector";

/** From when until when something keeps quiet, ms UTC; the end no longer belongs to it. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The times of a downtime and the spans that a flexible one began for objects. */
export interface DowntimeTimes {
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly isFixed: boolean;
  readonly durationSeconds: number | null;
  readonly triggeredById: number | null;
  readonly triggeredAtMs: number | null;
  /** By `objectKeyOf`; empty for what is not flexible. */
  readonly activations: ReadonlyMap<string, Span>;
}

/** A downtime that is neither cancelled nor over, with what decides whom it covers. */
export interface LiveDowntime extends DowntimeTimes {
  readonly id: number;
  readonly selector: ServiceSelector;
  readonly comment: string;
  readonly authorName: string;
  readonly customer: string | null;
}

/** A fixed downtime's times, as of before there were others; for those who make one up. */
export const fixedTimes = {
  isFixed: true,
  durationSeconds: null,
  triggeredById: null,
  triggeredAtMs: null,
  activations: new Map<string, Span>(),
} as const;

/** How a host or service is named among activations. */
export function objectKeyOf(hostName: string, serviceName: string | null): string {
  return serviceName === null ? hostName : `${hostName}/${serviceName}`;
}

/** True for a downtime that begins by itself for each object, at its first bad state. Pure. */
export function isPerObject({ isFixed, triggeredById }: DowntimeTimes): boolean {
  return !isFixed && triggeredById === null;
}

/** When everything a downtime covers is quiet; null while its trigger has not begun, and for a flexible one. Pure. */
export function spanOfAll(downtime: DowntimeTimes): Span | null {
  const { startAtMs, endAtMs, isFixed, durationSeconds, triggeredById, triggeredAtMs } = downtime;
  if (isPerObject(downtime)) return null;
  if (triggeredById === null) return { fromMs: startAtMs, untilMs: endAtMs };
  if (triggeredAtMs === null) return null;
  const untilMs = isFixed ? endAtMs : triggeredAtMs + (durationSeconds ?? 0) * 1000;
  return untilMs > triggeredAtMs ? { fromMs: triggeredAtMs, untilMs } : null;
}

/** The last instant at which a downtime could still keep anything quiet, ms UTC. Pure. */
export function lastEffectMs(downtime: DowntimeTimes): number {
  const all = spanOfAll(downtime);
  if (all !== null) return all.untilMs;
  let last = downtime.endAtMs;
  for (const { untilMs } of downtime.activations.values()) last = Math.max(last, untilMs);
  return last;
}

/**
 * The span in which a downtime keeps an object quiet at an instant; null when it does not. A flexible one that has not begun for an object begins
 * by the very state that is asked about, when that is bad. Whether the selector covers the object is asked elsewhere. Pure.
 */
export function spanFor(downtime: DowntimeTimes, objectKey: string, isBad: boolean, atMs: number): Span | null {
  const span = isPerObject(downtime) ? spanOfObject(downtime, objectKey, isBad, atMs) : spanOfAll(downtime);
  return span !== null && span.fromMs <= atMs && atMs < span.untilMs ? span : null;
}

function spanOfObject(downtime: DowntimeTimes, objectKey: string, isBad: boolean, atMs: number): Span | null {
  const begun = downtime.activations.get(objectKey);
  if (begun !== undefined) return begun;
  const { startAtMs, endAtMs, durationSeconds } = downtime;
  if (!isBad || atMs < startAtMs || atMs >= endAtMs) return null;
  return { fromMs: atMs, untilMs: atMs + (durationSeconds ?? 0) * 1000 };
}
