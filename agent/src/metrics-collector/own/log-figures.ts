import type { LogDestinationStatus, LogPipelineStatus, LogSourceStatus } from "@mycloud/protocol/log-source";
import type { Collector } from "../collector.ts";
import { Families } from "../families.ts";

const sourceCounters = [
  ["lines_total", "lines", "Lines read."],
  ["records_total", "records", "Records made of them."],
  ["parse_failures_total", "parseFailures", "Lines that were not as expected."],
  ["filtered_total", "filtered", "Records left out on purpose."],
  ["suppressed_total", "suppressed", "Records over the rate limit."],
  ["redacted_total", "redacted", "Secrets taken out."],
  ["pattern_timeouts_total", "patternTimeouts", "Lines on which a pattern of the configuration took too long."],
  ["lost_files_total", "lost", "Files that were gone before they were read to their end."],
] as const satisfies readonly (readonly [string, keyof LogSourceStatus, string])[];

const destinationCounters = [
  ["shipped_records_total", "shippedRecords", "Records the destination has taken."],
  ["dropped_records_total", "droppedRecords", "Records dropped since the queue was full."],
  ["refused_records_total", "refusedRecords", "Records the destination never takes."],
] as const satisfies readonly (readonly [string, keyof LogDestinationStatus, string])[];

/** The logs of this host on their way; nothing where none are read. */
export function createLogCollector(status: () => LogPipelineStatus | undefined, now: () => number): Collector {
  function collect() {
    const families = new Families();
    const pipeline = status();
    if (pipeline === undefined) return [];
    families.gauge(
      "mycloud_log_pipeline_up",
      "Whether the process that reads logs is there.",
      pipeline.pid === null ? 0 : 1,
    );
    families.gauge(
      "mycloud_log_pipeline_fault",
      "Whether something keeps logs from being read.",
      pipeline.fault === null ? 0 : 1,
    );
    families.counter("mycloud_log_pipeline_restarts_total", "How often that process ended unasked.", pipeline.restarts);
    for (const source of pipeline.sources) {
      const labels = { source: source.name };
      families.gauge("mycloud_log_pipeline_files", "Files that are followed.", source.files, labels);
      families.gauge("mycloud_log_pipeline_lag_bytes", "Bytes in files that wait to be read.", source.lagBytes, labels);
      families.gauge("mycloud_log_pipeline_refused", "Files that may not or cannot be read.", source.refused, labels);
      families.gauge(
        "mycloud_log_pipeline_polled_directories",
        "Directories that are looked at every second, since the kernel had no watch left for them.",
        source.polledDirectories,
        labels,
      );
      for (const [name, field, help] of sourceCounters) {
        families.counter(`mycloud_log_pipeline_${name}`, help, source[field], labels);
      }
    }
    for (const destination of pipeline.destinations) addDestination(families, destination, now());
    return families.list();
  }
  return { name: "mycloud_logs", isDefault: true, collect };
}

function addDestination(families: Families, destination: LogDestinationStatus, nowMs: number): void {
  const labels = { destination: destination.name };
  const gauge = (name: string, help: string, value: number) =>
    families.gauge(`mycloud_log_pipeline_${name}`, help, value, labels);
  gauge("connected", "Whether the destination is connected.", destination.isConnected ? 1 : 0);
  gauge("queue_chunks", "Chunks of records that wait on disk.", destination.chunks);
  gauge("queue_bytes", "Bytes of them.", destination.bytes);
  gauge("queue_maximum_bytes", "Bytes that may wait.", destination.maximumBytes);
  const age = destination.oldestAtMs === null ? 0 : Math.max(0, nowMs - destination.oldestAtMs) / 1000;
  gauge("queue_oldest_age_seconds", "How long the oldest record has waited; 0 when none waits.", age);
  for (const [name, field, help] of destinationCounters) {
    families.counter(`mycloud_log_pipeline_${name}`, help, destination[field], labels);
  }
}
