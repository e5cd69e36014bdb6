import type { Collector } from "../collector.ts";
import { Families } from "../families.ts";

/** What the agent knows about itself; instants are milliseconds since 1970. */
export interface AgentFigures {
  readonly version: string;
  readonly hostName: string;
  readonly startedAtMs: number;
  readonly connectedSinceMs: number | null;
  readonly lastContactAtMs: number | null;
  readonly isRefused: boolean;
  readonly clockOffsetSeconds: number | null;
  readonly configurationConfirmedAtMs: number | null;
  readonly checks: number;
  readonly skippedRuns: number;
  readonly spooledBatches: number;
  readonly spooledBytes: number;
  readonly oldestSpooledAtMs: number | null;
  readonly droppedBatches: number;
  readonly droppedResults: number;
  readonly rejectedBatches: number;
}

/** The agent itself: its talk with the control plane, its configuration and clock. */
export function createAgentCollector(figures: () => AgentFigures): Collector {
  function collect() {
    const agent = figures();
    const families = new Families();
    const gauge = (name: string, help: string, value: number | null) =>
      families.gaugeIf(`mycloud_agent_${name}`, help, value ?? undefined);
    families.gauge("mycloud_agent_info", "The agent.", 1, { version: agent.version, host: agent.hostName });
    gauge("connected", "Whether its stream to the control plane is open.", agent.connectedSinceMs === null ? 0 : 1);
    gauge("refused", "Whether the control plane does not let it in.", agent.isRefused ? 1 : 0);
    gauge("last_contact_timestamp_seconds", "When the control plane last answered.", seconds(agent.lastContactAtMs));
    const confirmed = seconds(agent.configurationConfirmedAtMs);
    gauge("configuration_confirmed_timestamp_seconds", "When its configuration was last known to hold.", confirmed);
    gauge("clock_offset_seconds", "How far the control plane's clock is ahead.", agent.clockOffsetSeconds);
    gauge("checks", "Checks it runs.", agent.checks);
    const skipped = "Runs left out since the one before, or too many others, still went on.";
    families.counter("mycloud_agent_skipped_runs_total", skipped, agent.skippedRuns);
    return families.list();
  }
  return { name: "mycloud_agent", isDefault: true, collect };
}

/** Results on disk that the control plane does not have yet. */
export function createSpoolCollector(figures: () => AgentFigures, now: () => number): Collector {
  function collect() {
    const agent = figures();
    const families = new Families();
    families.gauge("mycloud_spool_batches", "Batches of results that wait.", agent.spooledBatches);
    families.gauge("mycloud_spool_bytes", "Bytes of them.", agent.spooledBytes);
    const age = agent.oldestSpooledAtMs === null ? 0 : Math.max(0, now() - agent.oldestSpooledAtMs) / 1000;
    families.gauge("mycloud_spool_oldest_age_seconds", "How long the oldest has waited; 0 when none waits.", age);
    families.counter(
      "mycloud_spool_dropped_batches_total",
      "Batches dropped since the spool was full.",
      agent.droppedBatches,
    );
    families.counter("mycloud_spool_dropped_results_total", "Results in them.", agent.droppedResults);
    families.counter(
      "mycloud_spool_rejected_batches_total",
      "Batches the control plane refused.",
      agent.rejectedBatches,
    );
    return families.list();
  }
  return { name: "mycloud_spool", isDefault: true, collect };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
