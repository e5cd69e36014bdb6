import type { MonitoredState } from "@mycloud/checks/state";

/** An open problem as it hangs on a state; `id` is null until it is stored. */
export interface OpenProblem {
  id: number | null;
  readonly hostId: number;
  readonly serviceId: number | null;
  readonly startedAtMs: number;
  readonly threadKey: string;
  endedAtMs: number | null;
}

/** The acknowledgement in force on a state. */
export interface OpenAcknowledgement {
  readonly id: number;
  readonly isSticky: boolean;
  /** The state it was given for, when it ends with a worse one; null when that makes no difference. */
  readonly untilWorseThan: string | null;
}

/**
 * The state row of one host or service while a transaction holds it locked. Mutable: results of one transaction are applied one after the
 * other, and the last one is what is written.
 */
export interface StoredState {
  readonly hostId: number;
  /** Null for the host itself. */
  readonly serviceId: number | null;
  state: MonitoredState;
  problem: OpenProblem | null;
  acknowledgement: OpenAcknowledgement | null;
  overdueAtMs: number | null;
  lastReceivedAtMs: number | null;
  /** Whether the last result was sent by somebody, rather than found out by ourselves. */
  isPassive: boolean;
  version: number;
  /** What the last result said; undefined = as stored, not read, not to be written. */
  report: StateReport | undefined;
  /**
   * What to write as the last OK output, which is kept from the moment a state leaves OK (while it is OK, its output is that): the text, when that
   * result is of this transaction too; `stored` when it is the output now in the row.
   */
  lastOkOutput: { readonly text: string } | "stored" | undefined;
  isChanged: boolean;
  /** When the first result of all was measured, if it came in this transaction; later ones may have come in the same. */
  firstResultAtMs?: number;
}

/** What a result says besides its state. */
export interface StateReport {
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
  readonly nextCheckAtMs: number | null;
  readonly executionTimeSeconds: number | null;
  readonly latencySeconds: number | null;
  readonly isClockSkewed: boolean;
}
