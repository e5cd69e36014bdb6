// The present state of hosts and services, and how it came about.
import type { Generated } from "kysely";

/**
 * The present state of a host or a service, written on every result; kept apart from the definition so that rows stay narrow.
 * The columns are the state machine's own fields.
 */
export interface MonitoredStateTable {
  state: number;
  is_hard: number;
  attempt: number;
  has_been_checked: number;
  last_hard_state: number;
  had_host_problem: number;
  /** The 21 states of the flapping window, as the state machine packs them. */
  flap_history: string;
  percent_state_change: number;
  is_flapping: number;
  is_stale: number;
  output: string;
  long_output: string;
  perfdata: string;
  last_check_at_ms: number | null;
  last_received_at_ms: number | null;
  last_state_change_at_ms: number | null;
  last_hard_state_change_at_ms: number | null;
  last_ok_at_ms: number | null;
  last_ok_output: string | null;
  problem_id: number | null;
  /** The open acknowledgement's id. */
  acknowledgement_id: number | null;
  /** After this instant without a result it is stale (service, passive host) or down (host with agent); null = never. */
  overdue_at_ms: number | null;
  /** Whether the last result was sent by somebody (Nagios: check_type passive) or found by an agent, or its silence, ourselves. */
  is_passive: number;
  /** When the first result came; null before. */
  first_checked_at_ms: Generated<number | null>;
  /** Counts writes, so that a lost one would show. */
  version: number;
}

/** How the last run of a check went, and when the next comes. */
export interface CheckRunColumns {
  next_check_at_ms: number | null;
  execution_time_seconds: number | null;
  latency_seconds: number | null;
}

export interface ServiceStateColumns extends CheckRunColumns {
  is_clock_skewed: number;
}

export interface StateChangeTable {
  id: Generated<number>;
  host_id: number;
  service_id: number | null;
  kind: string;
  from_state: string;
  to_state: string;
  is_hard: number;
  attempt: number;
  output: string;
  at_ms: number;
  problem_id: number | null;
  /** Null where the question does not arise (SOFT); else 1 or 0, with exactly one reason. */
  is_notified: number | null;
  notification_reason: string | null;
  notification_message: string | null;
}

export interface ProblemTable {
  id: Generated<number>;
  host_id: number;
  service_id: number | null;
  started_at_ms: number;
  ended_at_ms: number | null;
  /** Random part of the thread's Message-ID. */
  thread_key: string;
}

/** What a host logged around the beginning of a problem. */
export interface ProblemLogTable {
  problem_id: number;
  kept_at_ms: number;
  /** Records and patterns, as ProblemLogs has them. */
  logs_json: string;
}

/** What operators switched at run time, over what the definition says: `h<host id>`, `s<service id>`, or `program`. */
export interface RuntimeOverrideTable {
  object_key: string;
  host_id: number | null;
  service_id: number | null;
  /** RuntimeOverride: the settings that are overridden. */
  settings_json: string;
  updated_at_ms: number;
}
