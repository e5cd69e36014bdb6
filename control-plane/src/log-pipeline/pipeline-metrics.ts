import type { LogPipelineReport } from "@mycloud/protocol/log-source";
import { Counter, Gauge, type Registry } from "prom-client";

/** What agents told of their hosts' logs. */
export interface LogPipelines {
  /** A keepalive came; `report` is undefined where the host's logs are not read. */
  note(hostId: number, report: LogPipelineReport | undefined): void;
}

interface Told {
  readonly report: LogPipelineReport;
  readonly atMs: number;
}

/** An agent that has said nothing for so long counts no more. */
const forgottenAfterMs = 15 * 60_000;

/**
 * Makes metrics of what is told: sums over hosts and the worst of them, never one for each. Of several control planes each knows the hosts whose
 * keepalives it took.
 */
export function createLogPipelines({
  registry,
  now,
}: {
  readonly registry: Registry;
  readonly now: () => number;
}): LogPipelines {
  const told = new Map<number, Told>();
  const registers = [registry];
  const present = () => {
    const since = now() - forgottenAfterMs;
    for (const [hostId, { atMs }] of told) if (atMs < since) told.delete(hostId);
    return [...told.values()].map(({ report }) => report);
  };
  const gauge = (name: string, help: string, value: (reports: readonly LogPipelineReport[]) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(present()));
      },
    });
  gauge("mycloud_log_pipeline_hosts", "Hosts whose logs are read, as their agents tell.", ({ length }) => length);
  gauge(
    "mycloud_log_pipeline_faulty_hosts",
    "Hosts of which logs are not read, cannot be kept, or a source cannot be read.",
    (reports) => reports.filter(isFaulty).length,
  );
  gauge("mycloud_log_pipeline_lag_bytes", "Bytes in files of all hosts that wait to be read.", (reports) =>
    sum(reports.map(({ lagBytes }) => lagBytes)),
  );
  gauge(
    "mycloud_log_pipeline_polled_directories",
    "Directories of all hosts that are looked at every second, since a kernel had no watch left for them.",
    (reports) => sum(reports.map(({ polledDirectories }) => polledDirectories)),
  );
  gauge("mycloud_log_pipeline_refused_files", "Files of all hosts that were asked for and are not read.", (reports) =>
    sum(reports.map(({ refused }) => refused)),
  );
  gauge("mycloud_log_pipeline_queue_bytes", "Bytes in the queues of all hosts.", (reports) =>
    sum(reports.flatMap(({ destinations }) => destinations.map(({ bytes }) => bytes))),
  );
  gauge("mycloud_log_pipeline_worst_queue_fill_ratio", "How full the fullest queue of any host is.", (reports) =>
    worst(reports.flatMap(({ destinations }) => destinations.map((one) => fillOf(one)))),
  );
  gauge(
    "mycloud_log_pipeline_worst_age_seconds",
    "For how long the record that has waited longest on any host has waited to be taken by a destination.",
    (reports) =>
      worst(
        reports.flatMap(({ destinations }) =>
          destinations.flatMap(({ oldestAtMs }) => (oldestAtMs === null ? [] : [(now() - oldestAtMs) / 1000])),
        ),
      ),
  );
  const lines = new Counter({ name: "mycloud_log_pipeline_lines_total", help: "Lines that agents read.", registers });
  const notShipped = new Counter({
    name: "mycloud_log_pipeline_lost_total",
    help: "Records that agents dropped since a queue was full, that a destination never took, or that were gone before they were read, by reason.",
    labelNames: ["reason"],
    registers,
  });
  const parseFailures = new Counter({
    name: "mycloud_log_pipeline_parse_failures_total",
    help: "Lines that agents' parsers did not understand.",
    registers,
  });
  const patternTimeouts = new Counter({
    name: "mycloud_log_pipeline_pattern_timeouts_total",
    help: "Lines on which a pattern of the configuration took too long.",
    registers,
  });
  const suppressed = new Counter({
    name: "mycloud_log_pipeline_suppressed_total",
    help: "Lines over their sources' rate limits.",
    registers,
  });

  return {
    note(hostId, report) {
      const before = told.get(hostId)?.report;
      if (report === undefined) {
        told.delete(hostId);
        return;
      }
      told.set(hostId, { report, atMs: now() });
      // What had been counted when this control plane heard of it first was told to its predecessor.
      if (before === undefined) return;
      const grown = (of: (from: LogPipelineReport) => number) => {
        const isSameProcess = before.startedAtMs === report.startedAtMs;
        return Math.max(0, of(report) - (isSameProcess ? of(before) : 0));
      };
      lines.inc(grown((from) => from.lines));
      parseFailures.inc(grown((from) => from.parseFailures));
      patternTimeouts.inc(grown((from) => from.patternTimeouts));
      suppressed.inc(grown((from) => from.suppressed));
      notShipped.inc(
        { reason: "vanished" },
        grown(({ lost }) => lost),
      );
      notShipped.inc(
        { reason: "queue-full" },
        grown(({ destinations }) => sum(destinations.map((one) => one.droppedRecords))),
      );
      notShipped.inc(
        { reason: "refused" },
        grown(({ destinations }) => sum(destinations.map((one) => one.refusedRecords))),
      );
    },
  };
}

function isFaulty({ isRunning, fault, faultySources }: LogPipelineReport): boolean {
  return !isRunning || fault !== null || faultySources.length > 0;
}

function fillOf({ bytes, maximumBytes }: LogPipelineReport["destinations"][number]): number {
  return maximumBytes === 0 ? 0 : bytes / maximumBytes;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function worst(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
