// Agents: enrolment, what they were told to do, what they found and when they started.
import type { Generated } from "kysely";

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
  /** When its stream ended and did not come back; what was said later than that counts. */
  away_since_ms: Generated<number | null>;
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
  /** Delivered from this instant on; at once when null. */
  due_at_ms: number | null;
}

/** A question that somebody waits for an answer to; only where control planes share a database. */
export interface AgentQuestionTable {
  id: string;
  host_id: number;
  /** AgentQuestionDelivery. */
  delivery_json: string;
  expires_at_ms: number;
  /** When one of the control planes took it on to its stream. */
  delivered_at_ms: number | null;
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

/** An agent started (`start`), or came back with another version (`upgrade`). */
export interface AgentEventTable {
  id: Generated<number>;
  host_id: number;
  kind: string;
  from_version: string | null;
  to_version: string;
  at_ms: number;
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
