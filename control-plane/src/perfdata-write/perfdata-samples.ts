import { parsePerfdata, toBaseUnit } from "@mycloud/checks/plugin-api";
import { perfdataFamilies } from "@mycloud/protocol/perfdata-metric";
import type { MeasuredResult } from "../check-result/observation-run.ts";
import { hasEnded, type WrittenSample } from "../remote-write/index.ts";

/** What names of perfdata begin with, here and where services are exposed. */
export const perfdataPrefix = "mycloud_perfdata";

/** A result's perfdata as samples at the result's own time, in base units. Pure. */
export function perfdataSamples({ hostName, serviceName, perfdata, checkedAtMs }: MeasuredResult): WrittenSample[] {
  const measured = parsePerfdata(perfdata).perfdata.map(({ label, value, unit }) =>
    value === null ? { label, value, unit } : { label, ...toBaseUnit(value, unit) },
  );
  const labels = { instance: hostName, host: hostName, ...(serviceName === null ? {} : { service: serviceName }) };
  const { families } = perfdataFamilies([{ labels, perfdata: measured }], { prefix: perfdataPrefix });
  return families.flatMap(({ samples }) => samples.map((sample) => ({ ...sample, atMs: checkedAtMs })));
}

/** Which series each service's last result had: those that the next one has no more have ended. */
export class KnownSeries {
  readonly #maximumServices: number;
  readonly #bySource = new Map<string, { readonly atMs: number; readonly series: readonly WrittenSample[] }>();

  constructor(maximumServices = 50_000) {
    this.#maximumServices = maximumServices;
  }

  /** Takes a result in; answers the ends of series that it has no more. A late result ends nothing. */
  note(result: MeasuredResult, series: readonly WrittenSample[]): WrittenSample[] {
    const source = JSON.stringify([result.hostName, result.serviceName]);
    const before = this.#bySource.get(source);
    if (before !== undefined && before.atMs > result.checkedAtMs) return [];
    this.#bySource.delete(source);
    this.#bySource.set(source, { atMs: result.checkedAtMs, series });
    const [oldest] = this.#bySource.keys();
    if (this.#bySource.size > this.#maximumServices && oldest !== undefined) this.#bySource.delete(oldest);
    if (before === undefined) return [];
    const present = new Set(series.map(keyOf));
    return before.series
      .filter((sample) => !present.has(keyOf(sample)))
      .map((sample) => ({ ...sample, value: hasEnded, atMs: result.checkedAtMs }));
  }
}

function keyOf({ name, labels }: WrittenSample): string {
  return `${name} ${labels.label ?? ""}`;
}
