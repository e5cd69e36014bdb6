// Organisations, and how their people come in and are written to.
import type { Generated } from "kysely";

export interface CustomerTable {
  id: Generated<number>;
  name: string;
  title: string;
  contact_email: string | null;
  quota_bytes: number | null;
  is_totp_required: Generated<number>;
  suspended_at_ms: number | null;
  created_at_ms: number;
  updated_at_ms: number;
}

/** `secret_hash` is the SHA-256 (hex) of what the link carries. `role`, `customer` and `title` are what using it gives. */
export interface OneTimeLinkTable {
  id: Generated<number>;
  kind: string;
  secret_hash: string;
  email: string;
  user_id: number | null;
  customer: string | null;
  role: string | null;
  title: string | null;
  created_by_name: string;
  created_at_ms: number;
  expires_at_ms: number;
  used_at_ms: number | null;
  revoked_at_ms: number | null;
}

/** A mail on its way out; its row goes when it was handed over. The content is sealed, since it may hold a link's secret. */
export interface AccountMailTable {
  id: Generated<number>;
  kind: string;
  email: string;
  user_id: number | null;
  content_sealed: string;
  created_at_ms: number;
  due_at_ms: number;
  attempts: Generated<number>;
  claimed_by: string | null;
  claimed_until_ms: number | null;
}

export interface RecoveryCodeTable {
  user_id: number;
  code_hash: string;
  used_at_ms: number | null;
}

/** Somebody who gave the right password and has the second step before them. `id` is the SHA-256 (hex) of the challenge. */
export interface LoginChallengeTable {
  id: string;
  user_id: number;
  created_at_ms: number;
  expires_at_ms: number;
  failures: Generated<number>;
}

export interface KnownDeviceTable {
  user_id: number;
  device_hash: string;
  last_seen_at_ms: number;
}

export interface MailPreferenceTable {
  user_id: number;
  kind: string;
  is_wanted: number;
}
