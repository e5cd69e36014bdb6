import { parsePerfdata, parsePluginOutput, toBaseUnit } from "@mycloud/checks/plugin-api";
import type { MetricLabels } from "@mycloud/protocol/exposition";
import { type MeasuredPerfdatum, perfdataFamilies } from "@mycloud/protocol/perfdata-metric";
import type { Collector } from "../collector.ts";
import { Families } from "../families.ts";

/** The latest result of a check that this agent runs. Without `service` it is the host's own. */
export interface LatestResult {
  readonly host: string;
  readonly service: string | null;
  readonly returnCode: number;
  /** As the plugin printed it, perfdata included. */
  readonly output: string;
  readonly checkedAtMs: number;
  readonly executionTimeSeconds: number;
  readonly latencySeconds: number;
  /** From when on the check ought to have run again, and the result says nothing any more. */
  readonly staleAtMs: number;
}

/** States and perfdata of the latest results. What is stale is absent: Prometheus then knows that nothing is known. */
export function createCheckCollector(results: () => Iterable<LatestResult>, now: () => number): Collector {
  const parsed = new WeakMap<LatestResult, readonly MeasuredPerfdatum[]>();

  /** Read when somebody first asks, and once for each result. */
  function perfdataOf(result: LatestResult): readonly MeasuredPerfdatum[] {
    let perfdata = parsed.get(result);
    if (perfdata === undefined) {
      perfdata = readPerfdata(result.output);
      parsed.set(result, perfdata);
    }
    return perfdata;
  }

  function collect() {
    const families = new Families();
    const measured: { labels: MetricLabels; perfdata: readonly MeasuredPerfdatum[] }[] = [];
    for (const result of results()) {
      if (result.staleAtMs < now()) continue;
      const { host, service } = result;
      const labels: MetricLabels = service === null ? { host } : { host, service };
      const state = result.returnCode >= 0 && result.returnCode <= 3 ? result.returnCode : 3;
      const help =
        "State of the latest result: 0 OK or UP, 1 WARNING, 2 CRITICAL or DOWN, 3 UNKNOWN; absent when it is stale.";
      families.gauge("mycloud_check_state", help, state, labels);
      const at = "When the check last ran, in seconds since 1970.";
      families.gauge("mycloud_check_timestamp_seconds", at, result.checkedAtMs / 1000, labels);
      families.gauge(
        "mycloud_check_execution_seconds",
        "How long the check took.",
        result.executionTimeSeconds,
        labels,
      );
      const latency = "How long after its time the check began.";
      families.gauge("mycloud_check_latency_seconds", latency, result.latencySeconds, labels);
      measured.push({ labels, perfdata: perfdataOf(result) });
    }
    const perfdata = perfdataFamilies(measured, { prefix: "mycloud_check_perfdata" });
    const left = "Values of perfdata left out since there were too many.";
    families.gauge("mycloud_check_perfdata_left_out", left, perfdata.dropped);
    return [...families.list(), ...perfdata.families];
  }
  return { name: "mycloud_checks", isDefault: true, collect };
}

function readPerfdata(output: string): MeasuredPerfdatum[] {
  const { perfdata } = parsePerfdata(parsePluginOutput(output).perfdata);
  return perfdata.map(({ label, value, unit }) =>
    value === null ? { label, value, unit } : { label, ...toBaseUnit(value, unit) },
  );
}
