import type { MetricFamily } from "@mycloud/protocol/exposition";
import type { Collected, Collector } from "./collector.ts";

/**
 * A collector whose figures are dear (the kernel walks a whole table for them) and stand for a while: in between, the last ones are
 * told again.
 */
export function refreshedEvery(ms: number, monotonicNow: () => number, collector: Collector): Collector {
  let collected: Collected;
  let validUntilMs = Number.NEGATIVE_INFINITY;

  async function collect(found: readonly MetricFamily[]): Promise<Collected> {
    if (monotonicNow() < validUntilMs) return collected;
    // What fails is tried again with the next scrape.
    collected = await collector.collect(found);
    validUntilMs = monotonicNow() + ms;
    return collected;
  }
  return { name: collector.name, isDefault: collector.isDefault, collect };
}
