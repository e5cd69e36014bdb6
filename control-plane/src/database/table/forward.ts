// Results that are passed on to other systems.
import type { Generated } from "kysely";

/** A result that waits to be passed on; oldest first by id. */
export interface ForwardItemTable {
  id: Generated<number>;
  forward_id: number;
  host_name: string;
  /** Null for the host itself. */
  service_name: string | null;
  return_code: number;
  output: string;
  checked_at_ms: number;
}

/** How a forward fares; there is none before its first result. */
export interface ForwardStateTable {
  forward_id: number;
  sent: number;
  /** The receiver would not have them. */
  refused: number;
  /** The queue was full. */
  dropped: number;
  last_sent_at_ms: number | null;
  /** Null when the last attempt succeeded. */
  last_error: string | null;
}
