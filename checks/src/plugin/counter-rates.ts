import { setTimeout as sleep } from "node:timers/promises";
import type { PluginContext } from "./plugin.ts";

/** Counters that only grow, by what they count (a CPU, a disk, an interface). */
export type Counters = ReadonlyMap<string, readonly number[]>;

/** By how much counters grew, and in how long. What is new, or was reset in between, is left out. */
export interface CounterGrowth {
  readonly growth: ReadonlyMap<string, readonly number[]>;
  readonly seconds: number;
}

/** A class rather than an interface, so that what is found in `context.memory` can be told apart. */
class CounterSample {
  readonly atMs: number;
  readonly counters: Counters;

  constructor(atMs: number, counters: Counters) {
    this.atMs = atMs;
    this.counters = counters;
  }
}

/** Younger than this a kept sample gives rates that jump; older, it averages over a time nobody asked about. */
const MIN_AGE_MS = 900;
const MAX_AGE_MS = 3_600_000;
const PAUSE_MS = 1_000;
const MEMORY_KEY = "counters";

/**
 * Reads counters and compares them with those of the last run, kept in `context.memory`. Without a usable last run
 * (started by hand, first run, clock set back, reboot) it reads twice, a second apart. Throws AbortError when stopped.
 */
export async function measureGrowth(context: PluginContext, read: () => Counters): Promise<CounterGrowth> {
  const take = (): CounterSample => {
    const sample = new CounterSample(context.now(), read());
    context.memory.set(MEMORY_KEY, sample);
    return sample;
  };
  const kept = context.memory.get(MEMORY_KEY);
  const first = take();
  if (kept instanceof CounterSample) {
    const ageMs = first.atMs - kept.atMs;
    if (ageMs >= MIN_AGE_MS && ageMs <= MAX_AGE_MS) {
      const growth = growthBetween(kept.counters, first.counters);
      if (growth.size > 0) return { growth, seconds: ageMs / 1_000 };
    }
  }
  await sleep(PAUSE_MS, undefined, { signal: context.signal });
  const second = take();
  return {
    growth: growthBetween(first.counters, second.counters),
    seconds: Math.max(second.atMs - first.atMs, 1) / 1_000,
  };
}

function growthBetween(earlier: Counters, later: Counters): Map<string, number[]> {
  const growth = new Map<string, number[]>();
  for (const [name, values] of later) {
    const before = earlier.get(name);
    if (before === undefined || sum(values) < sum(before)) continue;
    // A single field may step back: the kernel documents that iowait does.
    growth.set(
      name,
      values.map((value, index) => Math.max(0, value - (before[index] ?? 0))),
    );
  }
  return growth;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
