import type { Migration } from "./ddl.ts";

/** Who changed what. No foreign key: an entry outlives what it tells of. */
export const createAuditEntry: Migration = {
  name: "2026-11-22-2002-create-audit-entry",
  async up(ddl) {
    await ddl.run(
      `create table if not exists audit_entry (
        id ID,
        at_ms INT not null,
        actor_kind VARCHAR(16) not null,
        actor_id VARCHAR(64),
        actor_name VARCHAR(255) not null,
        action VARCHAR(64) not null,
        resource_kind VARCHAR(64) not null,
        resource_id VARCHAR(255),
        resource_name VARCHAR(255),
        before_json LONGTEXT,
        after_json LONGTEXT,
        address VARCHAR(64)
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists audit_entry_at on audit_entry (at_ms)`);
    await ddl.run(
      `create index if not exists audit_entry_resource_kind_resource_id on audit_entry (resource_kind, resource_id)`,
    );
  },
};
