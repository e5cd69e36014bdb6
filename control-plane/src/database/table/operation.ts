// What operators say of problems: downtimes, acknowledgements, comments.
import type { Generated } from "kysely";

export interface DowntimeTable {
  id: Generated<number>;
  selector_json: string;
  start_at_ms: number;
  end_at_ms: number;
  comment: string;
  author_name: string;
  customer: string | null;
  started_at_ms: number | null;
  ended_at_ms: number | null;
  cancelled_at_ms: number | null;
  created_at_ms: number;
  /** 0: flexible, for `duration_seconds` from the first bad state of each object between start and end. */
  is_fixed: Generated<number>;
  duration_seconds: number | null;
  /** It begins when that downtime does, not by itself. */
  triggered_by_id: number | null;
  triggered_at_ms: number | null;
  /** Say so this long before the end when something covered is still bad. */
  reminder_seconds: number | null;
  reminded_at_ms: number | null;
  /** Who planned it, to be told of start and end; null for tokens and the program itself. */
  user_id: number | null;
  /** The RecurringDowntime it is an occurrence of, and when that was due; unique together. */
  recurring_id: number | null;
  recurring_name: string | null;
  occurrence_at_ms: number | null;
}

/** A flexible downtime that began for one object, at its first bad state; once for each object (`h<host id>`, `s<service id>`). */
export interface DowntimeActivationTable {
  id: Generated<number>;
  downtime_id: number;
  object_key: string;
  host_id: number;
  service_id: number | null;
  started_at_ms: number;
  ends_at_ms: number;
  ended_at_ms: number | null;
}

export interface AcknowledgementTable {
  id: Generated<number>;
  host_id: number;
  service_id: number | null;
  problem_id: number | null;
  author_name: string;
  comment: string;
  is_sticky: number;
  created_at_ms: number;
  ended_at_ms: number | null;
  end_reason: string | null;
  /** Ends when the state gets worse than `state`, what was shown when it was acknowledged. */
  is_until_worse: Generated<number>;
  state: string | null;
  expires_at_ms: number | null;
  /** Who is told when it expires. */
  user_id: number | null;
}

export interface CommentTable {
  id: Generated<number>;
  host_id: number;
  service_id: number | null;
  author_name: string;
  text: string;
  created_at_ms: number;
  /** `user`, `acknowledgement`, `downtime` or `flapping`. */
  kind: Generated<string>;
  is_persistent: Generated<number>;
  expires_at_ms: number | null;
  /** Deleted with the end of that acknowledgement, unless it is persistent. */
  acknowledgement_id: number | null;
}
