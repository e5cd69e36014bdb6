// Results as they came, and the figures in them.
import type { Generated } from "kysely";

/** Every result, raw, for 48 h; perfdata stays text and is parsed when a chart or a rollup reads it. */
export interface CheckResultTable {
  id: Generated<number>;
  host_id: number;
  service_id: number | null;
  return_code: number;
  state: number;
  is_hard: number;
  attempt: number;
  output: string;
  long_output: string;
  perfdata: string;
  checked_at_ms: number;
  received_at_ms: number;
  execution_time_seconds: number | null;
  latency_seconds: number | null;
  is_clock_skewed: number;
}

/** Batch ids seen, for 7 days: a batch is stored in the same transaction as its id, so it is stored once. `sender` is `agent:<id>` or `token:<id>`. */
export interface ReceivedBatchTable {
  sender: string;
  batch_id: string;
  received_at_ms: number;
  answer_json: string;
}

/** Which labels a service has reported, with unit and thresholds as last seen. */
export interface PerfdataLabelTable {
  id: Generated<number>;
  service_id: number;
  label: string;
  unit: string;
  warn: string | null;
  crit: string | null;
  min: number | null;
  max: number | null;
  last_seen_at_ms: number;
}

/** `resolution_seconds` is 60 (kept 30 days) or 900 (kept one year); the primary key is the first three columns. */
export interface PerfdataRollupTable {
  label_id: number;
  resolution_seconds: number;
  bucket_at_ms: number;
  count: number;
  sum: number;
  min: number;
  max: number;
}
