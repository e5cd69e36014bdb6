/** One result on its way in, already matched to a host and a service by id. `serviceId` null is the host's own. */
export interface IncomingResult {
  readonly hostId: number;
  readonly serviceId: number | null;
  /** 0..3; anything else counts as 3 (UNKNOWN). */
  readonly returnCode: number;
  /** As the plugin printed it, with long output and perfdata, at most 64 KiB. */
  readonly output: string;
  /** When it was measured, by the sender's clock; undefined = now. */
  readonly checkedAtMs?: number | undefined;
  readonly executionTimeSeconds?: number | undefined;
  readonly latencySeconds?: number | undefined;
  readonly nextCheckAtMs?: number | undefined;
  readonly isPassive: boolean;
  /** Found out by ourselves although it is believed at once, as only passive results are: a keepalive. */
  readonly isOwn?: boolean;
}

/** What became of one result of a batch. A refusal is a normal outcome: the host or service is gone, or is another host's. */
export type ResultOutcome =
  | { readonly isAccepted: true; readonly isClockSkewed: boolean }
  | { readonly isAccepted: false; readonly code: RefusalCode };

export type RefusalCode = "MYCLOUD_UNKNOWN_HOST" | "MYCLOUD_UNKNOWN_SERVICE" | "MYCLOUD_PASSIVE_CHECKS_DISABLED";

/**
 * Results to be stored together, once. `sender` is `agent:<id>`, `token:<id>` or `user:<id>`; a batch id is remembered per sender for seven
 * days. `describe` turns the outcomes into the answer's JSON, which is stored with the batch id and given back to a replay.
 */
export interface ResultBatch {
  readonly results: readonly IncomingResult[];
  readonly sender: string;
  readonly batchId: string | null;
  describe(outcomes: readonly ResultOutcome[]): string;
}

/** `answerJson` is what `describe` gave, now or (a duplicate) the first time. */
export interface StoredBatch {
  readonly answerJson: string;
  readonly isDuplicate: boolean;
}

/**
 * Stores a batch of results; resolves after the commit. Throws UnavailableError when too much is waiting already: the sender tries
 * again later. Results of one sender that waits for each answer are processed in the order sent.
 */
export type AcceptCheckResults = (batch: ResultBatch) => Promise<StoredBatch>;
