// Who may come in, and what was done.
import type { Generated } from "kysely";

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
  time_zone: string | null;
  totp_secret_sealed: string | null;
  /** Null: there is no second step, or a secret that waits for its first code. */
  totp_confirmed_at_ms: number | null;
  /** The newest time step whose code was taken (RFC 6238 §5.2: none is taken twice). */
  totp_last_step: number | null;
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

/** Searches of logs that somebody saved; `user_id` is null when its author is gone, or was a token that is nobody's. */
export interface LogSearchTable {
  id: Generated<number>;
  user_id: number | null;
  /** Whose people see it when it is shared; null: staff. */
  customer: string | null;
  name: string;
  query: string;
  is_shared: number;
  created_at_ms: number;
}
