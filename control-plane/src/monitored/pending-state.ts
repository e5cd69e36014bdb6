import { PENDING_STATE } from "@mycloud/checks/state";

/** The columns of a state row before the first result; `host_id` or `service_id`, and a service's own columns, come on top. */
export const pendingStateColumns = {
  state: PENDING_STATE.state,
  is_hard: 1,
  attempt: PENDING_STATE.attempt,
  has_been_checked: 0,
  last_hard_state: PENDING_STATE.lastHardState,
  had_host_problem: 0,
  flap_history: PENDING_STATE.flapHistory,
  percent_state_change: 0,
  is_flapping: 0,
  is_stale: 0,
  output: "",
  long_output: "",
  perfdata: "",
  last_check_at_ms: null,
  last_received_at_ms: null,
  last_state_change_at_ms: null,
  last_hard_state_change_at_ms: null,
  last_ok_at_ms: null,
  last_ok_output: null,
  problem_id: null,
  acknowledgement_id: null,
  overdue_at_ms: null,
  is_passive: 1,
  next_check_at_ms: null,
  execution_time_seconds: null,
  latency_seconds: null,
  version: 0,
} as const;

/** As `pendingStateColumns`, with the columns only services have. */
export const pendingServiceStateColumns = {
  ...pendingStateColumns,
  is_clock_skewed: 0,
} as const;
