import type { Migration } from "./ddl.ts";

/** Definitions that are a name and a specification, and how hosts, checks and passive services are watched. */
export const createDefinition: Migration = {
  name: "2026-11-23-0100-create-definition",
  async up(ddl) {
    await ddl.run(
      `create table if not exists definition (
        id ID,
        kind VARCHAR(32) not null,
        name VARCHAR(128) not null,
        spec_json LONGTEXT not null,
        created_at_ms INT not null,
        updated_at_ms INT not null,
        unique (kind, name)
      ) TABLE_OPTIONS`,
    );
    await ddl.addColumn("host", "settings_json", "LONGTEXT not null default '{}'");
    await ddl.addColumn("check_definition", "settings_json", "LONGTEXT not null default '{}'");
    await ddl.addColumn("check_definition", "target", "VARCHAR(16) not null default 'service'");
    await ddl.addColumn("service", "settings_json", "LONGTEXT");
  },
};
