// Who is told of what, when, and what became of it.
import type { Generated } from "kysely";

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
