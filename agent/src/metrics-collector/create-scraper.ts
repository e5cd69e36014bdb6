import type { MetricFamily } from "@mycloud/protocol/exposition";
import type { Collector } from "./collector.ts";
import { Families } from "./families.ts";
import { mergeFamilies } from "./merge-families.ts";

/** Which collectors are wanted; both empty: those collected by default. */
export interface Selection {
  readonly collect: readonly string[];
  readonly exclude: readonly string[];
}

export const everythingByDefault: Selection = { collect: [], exclude: [] };

export interface ScraperOptions {
  readonly collectors: readonly Collector[];
  /** Milliseconds, never set back. */
  readonly monotonicNow: () => number;
  /** How long a collector may take before it is given up for this scrape. */
  readonly timeoutMs: number;
  /** Told when a collector begins to fail, and why. */
  readonly onFault: (collector: string, reason: string) => void;
}

export interface Scraper {
  /** Names that may be asked for. */
  readonly names: readonly string[];
  /** Runs the collectors one after the other. Never rejects: what fails is told by its own metrics. */
  scrape(selection: Selection): Promise<MetricFamily[]>;
}

/** So long the event loop, which also delivers check results, may be held by collectors without a pause. */
const pauseAfterMs = 5;

/** Puts collectors together to one scrape. */
export function createScraper({ collectors, monotonicNow, timeoutMs, onFault }: ScraperOptions): Scraper {
  const failing = new Set<string>();
  const inOrder = [...collectors.filter(({ isLast }) => !isLast), ...collectors.filter(({ isLast }) => isLast)];

  function noteFault(name: string, reason: string): void {
    if (!failing.has(name)) onFault(name, reason);
    failing.add(name);
  }

  async function run(
    collector: Collector,
    found: readonly MetricFamily[],
  ): Promise<readonly MetricFamily[] | undefined> {
    try {
      const collected = collector.collect(found);
      return collected instanceof Promise ? await withinTime(collected, timeoutMs) : collected;
    } catch (error) {
      noteFault(collector.name, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  async function scrape(selection: Selection): Promise<MetricFamily[]> {
    const own = new Families();
    const gathered = new GatheredFamilies();
    let pausedAtMs = monotonicNow();
    for (const collector of inOrder) {
      if (!isWanted(collector, selection)) continue;
      if (monotonicNow() - pausedAtMs > pauseAfterMs) {
        await new Promise((resolve) => setImmediate(resolve));
        pausedAtMs = monotonicNow();
      }
      const startedAtMs = monotonicNow();
      const families = await run(collector, gathered.list());
      const fault = gathered.add(families ?? []);
      if (fault !== undefined) noteFault(collector.name, fault);
      else if (families !== undefined) failing.delete(collector.name);
      const labels = { collector: collector.name };
      const seconds = (monotonicNow() - startedAtMs) / 1000;
      const isSuccess = families !== undefined && fault === undefined;
      own.gauge("node_scrape_collector_duration_seconds", "How long each collector took.", seconds, labels);
      own.gauge("node_scrape_collector_success", "Whether each collector found something.", isSuccess ? 1 : 0, labels);
    }
    return [...gathered.list(), ...own.list()];
  }

  return { names: collectors.map(({ name }) => name), scrape };
}

function isWanted({ name, isDefault }: Collector, { collect, exclude }: Selection): boolean {
  return !exclude.includes(name) && (collect.length > 0 ? collect.includes(name) : isDefault);
}

/** What was collected. Names are our own but for those of textfiles, which may be anybody's: only what meets again is compared. */
class GatheredFamilies {
  readonly #names = new Set<string>();
  #families: MetricFamily[] = [];

  /** Adds all or, where they contradict what is there, nothing and says why. */
  add(families: readonly MetricFamily[]): string | undefined {
    if (families.some(({ name }) => this.#names.has(name))) {
      const merged = mergeFamilies(this.#families, families);
      if ("fault" in merged) return merged.fault;
      this.#families = [...merged.families];
    } else {
      this.#families.push(...families);
    }
    for (const { name } of families) this.#names.add(name);
    return undefined;
  }

  list(): readonly MetricFamily[] {
    return this.#families;
  }
}

async function withinTime<Value>(collected: Promise<Value>, ms: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${ms} ms`)), ms);
  });
  // Nobody waits for it any more once it is late.
  collected.catch(() => undefined);
  return await Promise.race([collected, late]).finally(() => clearTimeout(timer));
}
