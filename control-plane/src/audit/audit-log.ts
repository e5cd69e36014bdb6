import type { Kysely, Transaction } from "kysely";
import type { Dialect } from "../database/dialect/dialect.ts";
import type { Database } from "../database/schema.ts";
import type { Actor } from "../http/actor.ts";

/** One mutation to be remembered. `before` and `after` hold no secrets. */
export interface AuditRecord {
  readonly actor: Actor;
  /** `<resource>.<verb>`: `host.update`, `downtime.cancel`. */
  readonly action: string;
  readonly resourceKind: string;
  readonly resourceId: string | number | null;
  readonly resourceName: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Writes the audit entry in the same transaction as the mutation, so that there is neither one without the other. */
export interface AuditLog {
  record(executor: Kysely<Database> | Transaction<Database>, record: AuditRecord): Promise<void>;
  /** As `record` for many, in one statement. */
  recordAll(
    executor: Kysely<Database> | Transaction<Database>,
    dialect: Dialect,
    records: readonly AuditRecord[],
  ): Promise<void>;
}
