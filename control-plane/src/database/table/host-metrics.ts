/** What each host's agent pushed last. */
export interface HostMetricsTable {
  host_id: number;
  /** Of the newest batches, newest first, with commas: one of them that comes again changes nothing. */
  batch_ids: string;
  scraped_at_ms: number;
  /** From then on it is as if nothing had been pushed. */
  stale_at_ms: number;
  /** 1 when remote writes were told that its series have ended. */
  is_ended: number;
  samples: number;
  /** Text format 0.0.4, compressed, in base64: neither engine's rows take bytes in the same way. */
  exposition_gzip: string;
}
