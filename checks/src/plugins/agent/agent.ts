import type { AgentStatus } from "../../plugin/agent-status.ts";
import { durationRange } from "../../plugin/duration-range.ts";
import { type Finding, finding } from "../../plugin/finding.ts";
import { formatBytes, formatDuration, plural } from "../../plugin/format-quantity.ts";
import type { Plugin, PluginContext } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { perfdataThresholds, type Thresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { findAgentStatus, STATE_DIR_OPTION } from "./status-file.ts";

/** An agent writes its status every few seconds; older than this it has stopped or hangs. */
const STATUS_STALE_SECONDS = 120;

/** The agent's own health. */
export const agent = {
  name: "agent",
  summary: "the agent itself: undelivered results, dropped results, age of its configuration, contact",
  notes:
    "-w and -c judge for how long the oldest undelivered batch has waited. Batches dropped since the last run are CRITICAL, since those " +
    "results are lost; when started by hand, any dropped since the agent's start are WARNING.",
  options: [
    { letter: "w", name: "warning", value: "RANGE", default: "2m", description: "age of the oldest undelivered batch" },
    {
      letter: "c",
      name: "critical",
      value: "RANGE",
      default: "15m",
      description: "age of the oldest undelivered batch",
    },
    { name: "batches-warning", value: "RANGE", default: "500", description: "undelivered batches" },
    { name: "batches-critical", value: "RANGE", default: "5000", description: "undelivered batches" },
    {
      name: "configuration-warning",
      value: "RANGE",
      default: "30m",
      description: "time since the configuration was confirmed",
    },
    {
      name: "configuration-critical",
      value: "RANGE",
      default: "1d",
      description: "time since the configuration was confirmed",
    },
    STATE_DIR_OPTION,
  ],
  examples: [
    { arguments: "--state-dir /var/lib/mycloud", description: "look at the agent of this host by hand" },
    { arguments: "-w 10m -c 2h", description: "a host that is often offline" },
  ],
  async run(options, context) {
    const found = findAgentStatus(options, context.agent);
    if (!found.ok) return report("agent", 3, found.reason);
    const { status } = found;
    const nowMs = context.now();
    const statusAge = secondsSince(status.writtenAtMs, nowMs) ?? 0;
    if (statusAge > STATUS_STALE_SECONDS) {
      return report(
        "agent",
        2,
        `the agent last wrote its status ${formatDuration(statusAge)} ago; it has stopped or hangs`,
      );
    }
    const oldestSeconds = secondsSince(status.oldestSpooledAtMs, nowMs) ?? 0;
    const age = { warning: durationRange(options, "warning"), critical: durationRange(options, "critical") };
    const batches = thresholdsFrom(options, "batches-warning", "batches-critical");
    const configuration = {
      warning: durationRange(options, "configuration-warning"),
      critical: durationRange(options, "configuration-critical"),
    };
    const drops = judgeDrops(status, context);
    const findings = [
      finding(oldestSeconds, age, `oldest undelivered batch is ${formatDuration(oldestSeconds)} old`),
      finding(status.spooledBatches, batches, `${plural(status.spooledBatches, "batch", "batches")} undelivered`),
      judgeConfiguration(status, configuration, nowMs),
      drops,
    ];
    const returnCode = worstOf(findings.map((one) => one.returnCode));
    const bad = findings.filter((one) => one.returnCode > 0).sort((a, b) => b.returnCode - a.returnCode);
    const contact = describeContact(status, nowMs);
    const text =
      bad.length === 0 ? `${spoolText(status)}, ${contact}` : `${bad.map((one) => one.text).join("; ")}; ${contact}`;
    return report("agent", returnCode, text, {
      perfdata: [
        datum("spooled_batches", status.spooledBatches, "", batches),
        datum("spooled", status.spooledBytes, "B"),
        datum("oldest_spooled", oldestSeconds, "s", age),
        { label: "dropped", value: status.droppedBatches, unit: "c", min: 0 },
        datum("configuration_age", secondsSince(status.configurationConfirmedAtMs, nowMs) ?? null, "s", configuration),
        datum("uptime", secondsSince(status.startedAtMs, nowMs) ?? null, "s"),
      ],
      longOutput: options.isGiven("verbose")
        ? [`version ${status.version}, control plane ${status.controlPlaneUrl ?? "not set"}, ${spoolText(status)}`]
        : [],
    });
  },
} satisfies Plugin;

function judgeConfiguration(status: AgentStatus, thresholds: Thresholds, nowMs: number): Finding {
  const seconds = secondsSince(status.configurationConfirmedAtMs, nowMs);
  if (seconds === undefined) return { returnCode: 1, text: "no configuration was ever received" };
  return finding(seconds, thresholds, `configuration was last confirmed ${formatDuration(seconds)} ago`);
}

/** Drops are counted from the agent's start; what matters is whether there were any since somebody last looked. */
function judgeDrops(status: AgentStatus, context: PluginContext): Finding {
  const before = context.memory.get("droppedBatches");
  context.memory.set("droppedBatches", status.droppedBatches);
  const isKnown = typeof before === "number" && before <= status.droppedBatches;
  const dropped = isKnown ? status.droppedBatches - before : status.droppedBatches;
  const since = isKnown ? "since the last check" : "since the agent was started";
  const text = `${plural(dropped, "batch", "batches")} of results dropped ${since}`;
  return { returnCode: dropped === 0 ? 0 : isKnown ? 2 : 1, text };
}

function describeContact(status: AgentStatus, nowMs: number): string {
  const seconds = secondsSince(status.lastContactAtMs, nowMs);
  const when =
    seconds === undefined ? "control plane never reached" : `control plane reached ${formatDuration(seconds)} ago`;
  return status.lastError === null ? when : `${when} (${status.lastError})`;
}

function spoolText(status: AgentStatus): string {
  if (status.spooledBatches === 0) return "everything is delivered";
  return `${plural(status.spooledBatches, "batch", "batches")} (${formatBytes(status.spooledBytes)}) on their way`;
}

function secondsSince(atMs: number | null, nowMs: number): number | undefined {
  return atMs === null ? undefined : Math.max(0, Math.round((nowMs - atMs) / 1_000));
}

function datum(label: string, value: number | null, unit: string, thresholds: Thresholds = {}): Perfdatum {
  return { label, value, unit, ...perfdataThresholds(thresholds), min: 0 };
}
