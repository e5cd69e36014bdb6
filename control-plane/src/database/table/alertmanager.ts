// Alertmanager's alerts and silences.
/** An alert that was sent to us; `identity_hash` is the SHA-256 (hex) of its labels and the sender's customer. */
export interface AlertTable {
  identity_hash: string;
  /** Alertmanager's, for people and programs; not unique enough to rest on. */
  fingerprint: string;
  customer: string | null;
  host_name: string;
  service_name: string;
  labels_json: string;
  annotations_json: string;
  generator_url: string;
  return_code: number;
  starts_at_ms: number;
  /** When it is over unless it is sent again; null: when the sender says so. */
  ends_at_ms: number | null;
  resolved_at_ms: number | null;
  /** 0 until the service has a result that counts it. */
  is_settled: number;
  updated_at_ms: number;
}

/** What Alertmanager calls a silence; its downtimes, current ones and others, are in `silence_downtime`. */
export interface SilenceTable {
  id: string;
  matchers_json: string;
  start_at_ms: number;
  end_at_ms: number;
  comment: string;
  author_name: string;
  customer: string | null;
  expired_at_ms: number | null;
  updated_at_ms: number;
}

/** `is_current` 0: cancelled by the silence itself, as it no longer covers those objects. */
export interface SilenceDowntimeTable {
  downtime_id: number;
  silence_id: string;
  is_current: number;
}
