import { setTimeout as sleep } from "node:timers/promises";
import type { PluginContext } from "../../plugin/plugin.ts";
import { counterGrowth } from "../../snmp/counter-growth.ts";
import { numberOf, type SnmpValue, type SnmpVarbind } from "../../snmp/snmp-value.ts";

interface Sample {
  readonly atMs: number;
  readonly values: readonly SnmpVarbind[];
}

const memoryKey = "snmp-rate";
const minimumAgeMs = 900;
const maximumAgeMs = 3_600_000;
const pauseMs = 1_000;

/** A device's values, and how fast each grows; rates are null for what is new or went back. Read twice, a second apart, where there was no last run. */
export async function measureRates(
  context: PluginContext,
  read: () => Promise<readonly SnmpVarbind[]>,
): Promise<{ readonly values: readonly SnmpVarbind[]; readonly perSecond: readonly (number | null)[] }> {
  const take = async (): Promise<Sample> => {
    const values = await read();
    const sample = { atMs: context.now(), values };
    context.memory.set(memoryKey, sample);
    return sample;
  };
  const kept = context.memory.get(memoryKey);
  const first = await take();
  const before = isSample(kept) ? kept : undefined;
  const ageMs = before === undefined ? 0 : first.atMs - before.atMs;
  if (before !== undefined && ageMs >= minimumAgeMs && ageMs <= maximumAgeMs) return between(before, first);
  await sleep(pauseMs, undefined, { signal: context.signal });
  return between(first, await take());
}

function between(before: Sample, after: Sample) {
  const seconds = Math.max(after.atMs - before.atMs, 1) / 1_000;
  const perSecond = after.values.map(({ oid, value }, at) => {
    const old = before.values[at];
    return old?.oid === oid ? growth(old.value, value, seconds) : null;
  });
  return { values: after.values, perSecond };
}

function growth(before: SnmpValue, after: SnmpValue, seconds: number): number | null {
  const counted = counterGrowth(before, after);
  if (counted !== undefined) return counted === null ? null : Number(counted) / seconds;
  const [old, present] = [numberOf(before), numberOf(after)];
  return old === undefined || present === undefined ? null : (present - old) / seconds;
}

function isSample(value: unknown): value is Sample {
  return typeof value === "object" && value !== null && "atMs" in value && "values" in value;
}
