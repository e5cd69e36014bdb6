import type { LogPipelineStatus } from "@mycloud/protocol/log-source";

/**
 * What the agent knows about itself, as the checks `agent` and `clock` judge it. In the agent it is handed over with
 * each run; the agent also writes it to `<state dir>/agent/status.json` for plugins started by hand.
 * Instants are UTC milliseconds; null means "not yet" or "not known".
 */
export interface AgentStatus {
  readonly version: string;
  readonly startedAtMs: number;
  /** When this status was taken; an old file means that the agent has stopped. */
  readonly writtenAtMs: number;
  readonly controlPlaneUrl: string | null;
  /** The last time the control plane answered. */
  readonly lastContactAtMs: number | null;
  /** Why the last attempt to reach it failed; null while it answers. */
  readonly lastError: string | null;
  /** Host clock minus control-plane clock, in seconds; positive where this host is ahead. */
  readonly clockOffsetSeconds: number | null;
  /** When the control plane last confirmed the configuration in force (a 304 counts). */
  readonly configurationConfirmedAtMs: number | null;
  readonly spooledBatches: number;
  readonly spooledBytes: number;
  readonly oldestSpooledAtMs: number | null;
  /** Batches given up since the agent was started, because the spool was full. */
  readonly droppedBatches: number;
  /** How reading and shipping of logs gets on; left out while none are read. */
  readonly logs?: LogPipelineStatus | undefined;
}
