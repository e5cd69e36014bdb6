// Times in which nobody watched.
import type { Generated } from "kysely";

/** A time in which no control plane watched. */
export interface WatchOutageTable {
  id: Generated<number>;
  from_at_ms: number;
  until_at_ms: number;
}

/** A time in which a service was not watched, as its check was disabled; open until its next result. */
export interface WatchGapTable {
  id: Generated<number>;
  service_id: number;
  from_at_ms: number;
  until_at_ms: number | null;
}

/** A time in which nothing was known of a host, as nothing told of it any more; open until its next result. */
export interface HostWatchGapTable {
  id: Generated<number>;
  host_id: number;
  from_at_ms: number;
  until_at_ms: number | null;
}
