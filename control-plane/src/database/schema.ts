import type { Generated } from "kysely";

/**
 * The tables, as Kysely sees them. Names are singular snake_case, instants are `*_at_ms` integers (UTC), booleans are 0 or 1,
 * `*_json` columns hold JSON text. Identical on SQLite and MariaDB.
 */
export interface Database {
  user: UserTable;
  session: SessionTable;
  api_token: ApiTokenTable;
  login_throttle: LoginThrottleTable;
  audit_entry: AuditEntryTable;
  host: HostTable;
  host_label: HostLabelTable;
  host_group: HostGroupTable;
  host_state: MonitoredStateTable & { host_id: number };
  host_check: HostCheckTable;
  host_prober: HostProberTable;
  agent: AgentTable;
  agent_command: AgentCommandTable;
  enrolment_token: EnrolmentTokenTable;
  check_definition: CheckDefinitionTable;
  service: ServiceTable;
  service_state: MonitoredStateTable & ServiceStateColumns & { service_id: number };
  check_result: CheckResultTable;
  received_batch: ReceivedBatchTable;
  state_change: StateChangeTable;
  problem: ProblemTable;
  perfdata_label: PerfdataLabelTable;
  perfdata_rollup: PerfdataRollupTable;
  contact: ContactTable;
  notification_rule: NotificationRuleTable;
  notification_rule_contact: NotificationRuleContactTable;
  forward_item: ForwardItemTable;
  forward_state: ForwardStateTable;
  notification: NotificationTable;
  notification_schedule: NotificationScheduleTable;
  notification_bundle: NotificationBundleTable;
  downtime: DowntimeTable;
  downtime_activation: DowntimeActivationTable;
  acknowledgement: AcknowledgementTable;
  alert: AlertTable;
  silence: SilenceTable;
  silence_downtime: SilenceDowntimeTable;
  comment: CommentTable;
  runtime_override: RuntimeOverrideTable;
  definition: DefinitionTable;
  service_proposal: ServiceProposalTable;
  watch_outage: WatchOutageTable;
  watch_gap: WatchGapTable;
  agent_event: AgentEventTable;
  lease: LeaseTable;
  setting: SettingTable;
}

export interface UserTable {
  id: Generated<number>;
  email: string;
  name: string;
  role: string;
  customer: string | null;
  password_hash: string;
  is_disabled: number;
  last_login_at_ms: number | null;
  created_at_ms: number;
  updated_at_ms: number;
}

/** `id` is the SHA-256 (hex) of the cookie's value, so that a copy of the table opens no session. */
export interface SessionTable {
  id: string;
  user_id: number;
  csrf_token: string;
  created_at_ms: number;
  expires_at_ms: number;
  last_used_at_ms: number;
  address: string | null;
  user_agent: string | null;
}

/** `token_hash` is the SHA-256 (hex) of the token; tokens are 256 random bits, so no salt is needed. */
export interface ApiTokenTable {
  id: Generated<number>;
  name: string;
  prefix: string;
  token_hash: string;
  scopes_json: string;
  customer: string | null;
  user_id: number | null;
  created_at_ms: number;
  expires_at_ms: number | null;
  last_used_at_ms: number | null;
}

/** Failed logins by `account:<email>` and `address:<ip>`. */
export interface LoginThrottleTable {
  id: string;
  failures: number;
  first_failed_at_ms: number;
  blocked_until_ms: number;
}

export interface AuditEntryTable {
  id: Generated<number>;
  at_ms: number;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string;
  action: string;
  resource_kind: string;
  resource_id: string | null;
  resource_name: string | null;
  before_json: string | null;
  after_json: string | null;
  address: string | null;
}

export interface HostTable {
  id: Generated<number>;
  name: string;
  display_name: string | null;
  address: string | null;
  /** The labels an operator wrote. Facts an agent reported are in facts_json; an operator's label of the same name wins. */
  labels_json: string;
  facts_json: string;
  groups_json: string;
  customer: string | null;
  notes: string;
  origin: string;
  max_check_attempts: number;
  freshness_seconds: number | null;
  /** HostSettings: how it is watched, its parents and probers. */
  settings_json: Generated<string>;
  created_at_ms: number;
  updated_at_ms: number;
}

/** Effective labels (facts overlaid by the operator's), one row each, for filters. */
export interface HostLabelTable {
  host_id: number;
  label: string;
  value: string;
}

export interface HostGroupTable {
  host_id: number;
  group_name: string;
}

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

export interface ServiceStateColumns {
  next_check_at_ms: number | null;
  execution_time_seconds: number | null;
  latency_seconds: number | null;
  is_clock_skewed: number;
}

export interface AgentTable {
  id: string;
  host_id: number;
  public_key_json: string;
  version: string;
  enrolled_at_ms: number;
  revoked_at_ms: number | null;
  last_seen_at_ms: number | null;
  started_at_ms: number | null;
  clock_offset_ms: number | null;
  status_json: string | null;
}

export interface AgentCommandTable {
  id: Generated<number>;
  host_id: number;
  request_json: string;
  phase: string;
  message: string | null;
  result_json: string | null;
  created_by_name: string;
  created_at_ms: number;
  expires_at_ms: number;
  delivered_at_ms: number | null;
  finished_at_ms: number | null;
  /** The state change that set an event handler off, and the definition's name; unique together. Null on other commands. */
  state_change_id: number | null;
  event_handler: string | null;
}

/** A thing that an agent found on its host; unique by host, kind and key. */
export interface ServiceProposalTable {
  id: Generated<number>;
  host_id: number;
  kind: string;
  thing_key: string;
  title: string;
  /** ProposedCheck. */
  check_json: string;
  /** `proposed`, `approved` or `rejected`. */
  phase: string;
  first_seen_at_ms: number;
  last_seen_at_ms: number;
  vanished_at_ms: number | null;
  decided_by_name: string | null;
  decided_at_ms: number | null;
  check_id: number | null;
}

export interface EnrolmentTokenTable {
  id: Generated<number>;
  token_hash: string;
  host_name: string | null;
  customer: string | null;
  labels_json: string;
  groups_json: string;
  created_by_name: string;
  created_at_ms: number;
  expires_at_ms: number;
  revoked_at_ms: number | null;
  used_at_ms: number | null;
  used_by_host_id: number | null;
}

export interface CheckDefinitionTable {
  id: Generated<number>;
  name: string;
  service_name: string | null;
  command: string;
  arguments_json: string;
  selector_json: string;
  check_interval_seconds: number;
  retry_interval_seconds: number;
  max_check_attempts: number;
  timeout_seconds: number;
  is_flap_detection_enabled: number;
  low_flap_percent: number;
  high_flap_percent: number;
  is_enabled: number;
  notes: string;
  target: Generated<string>;
  /** MonitoredSettings of its services. */
  settings_json: Generated<string>;
  created_at_ms: number;
  updated_at_ms: number;
}

/** `check_id` null = passive; then max_check_attempts, freshness_seconds and notes are its own, else the check's apply. */
export interface ServiceTable {
  id: Generated<number>;
  host_id: number;
  name: string;
  check_id: number | null;
  max_check_attempts: number;
  freshness_seconds: number | null;
  notes: string;
  /** MonitoredSettings of a passive one; null where the check's apply. */
  settings_json: Generated<string | null>;
  created_at_ms: number;
  updated_at_ms: number;
}

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

/** The check that tells whether a host is UP; at most one. */
export interface HostCheckTable {
  host_id: number;
  check_id: number;
}

/** Whose agent runs the checks of a host without one; `prober_host_id` null = nobody can yet. The one before is believed a moment longer. */
export interface HostProberTable {
  host_id: number;
  prober_host_id: number | null;
  previous_host_id: number | null;
  since_ms: number;
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

export interface ContactTable {
  id: Generated<number>;
  name: string;
  /** Empty for a contact without a mailbox. */
  email: string;
  user_id: number | null;
  customer: string | null;
  is_enabled: number;
  /** ContactSettings: period, channels (their secrets sealed), ... */
  settings_json: Generated<string>;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface NotificationRuleTable {
  id: Generated<number>;
  name: string;
  selector_json: string;
  states_json: string;
  is_enabled: number;
  /** RuleSettings: period, delays, escalations, grouping, ... */
  settings_json: Generated<string>;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface NotificationRuleContactTable {
  notification_rule_id: number;
  contact_id: number;
}

export interface NotificationTable {
  id: Generated<number>;
  type: string;
  problem_id: number | null;
  state_change_id: number | null;
  host_id: number;
  service_id: number | null;
  state: string;
  contact_id: number | null;
  contact_name: string;
  rule_name: string | null;
  channel: string;
  address: string;
  subject: string;
  /** What the message is rendered from, complete, so that a retry an hour later says the same. */
  content_json: string;
  message_id: string;
  phase: string;
  attempts: number;
  last_error: string | null;
  created_at_ms: number;
  next_attempt_at_ms: number | null;
  claimed_by: string | null;
  claimed_until_ms: number | null;
  sent_at_ms: number | null;
  via: string | null;
  number: Generated<number>;
  /** The bundle it waits in, became a part of, or is the message of. */
  bundle_id: number | null;
}

/** What a rule still has to say about an open problem; gone with the problem's end. The primary key is the first two columns. */
export interface NotificationScheduleTable {
  problem_id: number;
  rule_id: number;
  /** How many times the rule has told of the problem. */
  count: number;
  /** When to ask again; null = there is nothing to come. */
  due_at_ms: number | null;
  /** When those who know are told again, or an escalation begins; before that, only who does not know yet is told. */
  repeat_at_ms: number | null;
}

/** One message to one contact by one channel in the place of many: a group, a digest, a storm's summary. */
export interface NotificationBundleTable {
  id: Generated<number>;
  kind: string;
  /** While it is open, what finds it: one for each contact, channel, rule and group. */
  open_key: string | null;
  contact_id: number | null;
  contact_name: string;
  rule_name: string | null;
  channel: string;
  address: string;
  /** What its members have in common, in words. */
  group_label: string;
  /** Random part of its Message-ID. */
  message_key: string;
  created_at_ms: number;
  due_at_ms: number;
  closed_at_ms: number | null;
}

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

/** What operators switched at run time, over what the definition says: `h<host id>`, `s<service id>`, or `program`. */
export interface RuntimeOverrideTable {
  object_key: string;
  host_id: number | null;
  service_id: number | null;
  /** RuntimeOverride: the settings that are overridden. */
  settings_json: string;
  updated_at_ms: number;
}

/** Definitions that are a name and a specification: time periods, dependencies, groups, ...; unique by kind and name. */
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

export interface DefinitionTable {
  id: Generated<number>;
  kind: string;
  name: string;
  /** The kind's input without its name; fields named password, secret or token are sealed. */
  spec_json: string;
  created_at_ms: number;
  updated_at_ms: number;
}

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

/** An agent started (`start`), or came back with another version (`upgrade`). */
export interface AgentEventTable {
  id: Generated<number>;
  host_id: number;
  kind: string;
  from_version: string | null;
  to_version: string;
  at_ms: number;
}

/** A named right that one process holds for a while; see lease.ts. */
export interface LeaseTable {
  name: string;
  holder: string;
  expires_at_ms: number;
}

/** Small facts of the installation: `definition_generation`, `rollup_watermark`, ... */
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

export interface SettingTable {
  name: string;
  value: string;
}
