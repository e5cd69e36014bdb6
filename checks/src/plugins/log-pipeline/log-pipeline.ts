import type { LogDestinationStatus, LogPipelineStatus, LogSourceStatus } from "@mycloud/protocol/log-source";
import { durationRange } from "../../plugin/duration-range.ts";
import { type Finding, finding } from "../../plugin/finding.ts";
import { formatBytes, formatDuration, plural } from "../../plugin/format-quantity.ts";
import type { Plugin, PluginContext } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { perfdataThresholds, type Thresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { findAgentStatus, STATE_DIR_OPTION } from "../agent/status-file.ts";

/** Reading and shipping of this host's logs. */
export const logPipeline = {
  name: "log-pipeline",
  summary: "the logs of this host on their way: lag, queues, lines lost, sources that cannot be read",
  notes:
    "-w and -c judge for how long the oldest record has waited to be taken by a destination. Records lost since the last run (a full queue, a chunk that " +
    "the destination never takes, a file that was gone before it was read) are CRITICAL; when started by hand, any lost since the log shipper's start are " +
    "WARNING, and so are sources and files that cannot be read (name in `excludePaths` what is not meant). What is read though something is not as it should " +
    "be, such as directories that cannot be watched, is told in further lines.",
  options: [
    { letter: "w", name: "warning", value: "RANGE", default: "2m", description: "age of the oldest record that waits" },
    {
      letter: "c",
      name: "critical",
      value: "RANGE",
      default: "15m",
      description: "age of the oldest record that waits",
    },
    { name: "queue-warning", value: "RANGE", default: "50", description: "how full a queue is, percent" },
    { name: "queue-critical", value: "RANGE", default: "90", description: "how full a queue is, percent" },
    STATE_DIR_OPTION,
  ],
  examples: [
    { arguments: "--state-dir /var/lib/mycloud", description: "look at the agent of this host by hand" },
    { arguments: "-w 10m -c 1d", description: "a host that is often offline" },
  ],
  async run(options, context) {
    const found = findAgentStatus(options, context.agent);
    if (!found.ok) return report("log-pipeline", 3, found.reason);
    const { logs } = found.status;
    if (logs === undefined) return report("log-pipeline", 3, "this agent reads no logs");
    const nowMs = context.now();
    const age = { warning: durationRange(options, "warning"), critical: durationRange(options, "critical") };
    const fill = thresholdsFrom(options, "queue-warning", "queue-critical");
    const findings = [
      ...(logs.pid === null || logs.fault !== null
        ? [{ returnCode: 2, text: logs.fault ?? "the log shipper does not run" } satisfies Finding]
        : []),
      ...logs.destinations.flatMap((destination) => [
        judgeLag(destination, age, nowMs),
        finding(
          fillOf(destination),
          fill,
          `the queue for ${destination.name} is ${Math.round(fillOf(destination))}% full`,
        ),
      ]),
      ...logs.sources.flatMap(judgeSource),
      judgeLosses(logs, context),
    ];
    const returnCode = worstOf(findings.map((one) => one.returnCode));
    const bad = findings.filter((one) => one.returnCode > 0).sort((a, b) => b.returnCode - a.returnCode);
    const text = bad.length === 0 ? summaryOf(logs, nowMs) : bad.map((one) => one.text).join("; ");
    const longOutput = logs.sources.flatMap(({ name, notices }) => notices.map((notice) => `${name}: ${notice}`));
    return report("log-pipeline", returnCode, text, { perfdata: perfdataOf(logs, nowMs, age, fill), longOutput });
  },
} satisfies Plugin;

function judgeSource({ name, fault, refused, unread }: LogSourceStatus): Finding[] {
  const [first, ...rest] = unread;
  const others = Math.max(rest.length, refused - 1);
  return [
    ...(fault === null ? [] : [{ returnCode: 1, text: `${name}: ${fault}` } satisfies Finding]),
    ...(first === undefined
      ? []
      : [
          {
            returnCode: 1,
            text: `${name}: ${first}${others === 0 ? "" : `, and ${plural(others, "file", "files")} more`}`,
          } satisfies Finding,
        ]),
  ];
}

function judgeLag(destination: LogDestinationStatus, thresholds: Thresholds, nowMs: number): Finding {
  const seconds = lagOf(destination, nowMs);
  const reason = destination.lastError === null ? "" : ` (${destination.lastError})`;
  return finding(
    seconds,
    thresholds,
    `${destination.name} has not taken logs of ${formatDuration(seconds)} ago${reason}`,
  );
}

/** Losses are counted from the shipper's start; what matters is whether there were any since somebody last looked. */
function judgeLosses(logs: LogPipelineStatus, context: PluginContext): Finding {
  const lost = lossesOf(logs);
  const before = context.memory.get("lost");
  context.memory.set("lost", lost);
  const isKnown = typeof before === "number";
  // A shipper that was started anew counts from nothing.
  const since = isKnown && before <= lost ? lost - before : lost;
  const when = isKnown ? "since the last check" : "since the log shipper was started";
  return { returnCode: since === 0 ? 0 : isKnown ? 2 : 1, text: `${plural(since, "loss", "losses")} of logs ${when}` };
}

function lossesOf({ sources, destinations }: LogPipelineStatus): number {
  const dropped = destinations.reduce(
    (sum, { droppedRecords, refusedRecords }) => sum + droppedRecords + refusedRecords,
    0,
  );
  return sources.reduce((sum, { lost }) => sum + lost, dropped);
}

function lagOf({ oldestAtMs }: LogDestinationStatus, nowMs: number): number {
  return oldestAtMs === null ? 0 : Math.max(0, Math.round((nowMs - oldestAtMs) / 1_000));
}

function fillOf({ bytes, maximumBytes }: LogDestinationStatus): number {
  return maximumBytes === 0 ? 0 : (bytes / maximumBytes) * 100;
}

function totals(logs: LogPipelineStatus) {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    lines: sum(logs.sources.map(({ lines }) => lines)),
    parseFailures: sum(logs.sources.map(({ parseFailures }) => parseFailures)),
    suppressed: sum(logs.sources.map(({ suppressed }) => suppressed)),
    patternTimeouts: sum(logs.sources.map(({ patternTimeouts }) => patternTimeouts)),
    polled: sum(logs.sources.map(({ polledDirectories }) => polledDirectories)),
    bytes: sum(logs.destinations.map(({ bytes }) => bytes)),
  };
}

function summaryOf(logs: LogPipelineStatus, nowMs: number): string {
  const lag = Math.max(0, ...logs.destinations.map((destination) => lagOf(destination, nowMs)));
  const { lines, bytes } = totals(logs);
  const waiting = bytes === 0 ? "nothing waits" : `${formatBytes(bytes)} wait, the oldest for ${formatDuration(lag)}`;
  const notices = logs.sources.reduce((sum, source) => sum + source.notices.length, 0);
  const noticed = notices === 0 ? "" : `, ${plural(notices, "notice", "notices")}`;
  return `${plural(logs.sources.length, "source", "sources")}, ${plural(lines, "line", "lines")} read, ${waiting}${noticed}`;
}

function perfdataOf(logs: LogPipelineStatus, nowMs: number, age: Thresholds, fill: Thresholds): Perfdatum[] {
  const { lines, parseFailures, suppressed, patternTimeouts, polled, bytes } = totals(logs);
  const lag = Math.max(0, ...logs.destinations.map((destination) => lagOf(destination, nowMs)));
  const full = Math.max(0, ...logs.destinations.map(fillOf));
  const shipped = logs.destinations.reduce((sum, { shippedRecords }) => sum + shippedRecords, 0);
  const counter = (label: string, value: number): Perfdatum => ({ label, value, unit: "c", min: 0 });
  return [
    { label: "lag", value: lag, unit: "s", ...perfdataThresholds(age), min: 0 },
    { label: "queue", value: bytes, unit: "B", min: 0 },
    { label: "queue_fill", value: Math.round(full * 10) / 10, unit: "%", ...perfdataThresholds(fill), min: 0 },
    counter("lines", lines),
    counter("shipped", shipped),
    counter("lost", lossesOf(logs)),
    counter("suppressed", suppressed),
    counter("parse_failures", parseFailures),
    counter("pattern_timeouts", patternTimeouts),
    { label: "polled_directories", value: polled, unit: "", min: 0 },
  ];
}
