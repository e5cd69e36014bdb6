import type { Migration } from "./ddl.ts";

/** What name servers say of themselves, and which UPDATE messages were answered: one that comes again is not done again. */
export const createNameServer: Migration = {
  name: "2026-11-23-0603-create-name-server",
  async up(ddl) {
    await ddl.run(`create table if not exists name_server (
      id ID,
      token_id INT not null,
      name VARCHAR(128) not null,
      seen_at_ms INT not null,
      status_json LONGTEXT not null
    ) TABLE_OPTIONS`);
    await ddl.run("create unique index if not exists name_server_name on name_server (token_id, name)");
    await ddl.run(`create table if not exists dns_relayed_update (
      token_id INT not null,
      relay_id VARCHAR(64) not null,
      result_code INT not null,
      reason LONGTEXT not null,
      at_ms INT not null,
      primary key (token_id, relay_id)
    ) KEYED_TABLE_OPTIONS`);
    await ddl.run("create index if not exists dns_relayed_update_at on dns_relayed_update (at_ms)");
  },
};
