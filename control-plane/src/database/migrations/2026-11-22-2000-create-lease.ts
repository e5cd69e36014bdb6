import type { Migration } from "./ddl.ts";

/** Leases and settings: what control planes agree on among themselves. */
export const createLease: Migration = {
  name: "2026-11-22-2000-create-lease",
  async up(ddl) {
    await ddl.run(
      `create table if not exists lease (
        name VARCHAR(128) not null,
        holder VARCHAR(64) not null,
        expires_at_ms INT not null,
        primary key (name)
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(
      `create table if not exists setting (
        name VARCHAR(128) not null,
        value LONGTEXT not null,
        primary key (name)
      ) KEYED_TABLE_OPTIONS`,
    );
  },
};
