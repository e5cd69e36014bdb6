import type { Migration } from "./ddl.ts";

/** The addresses that agents tell of their hosts, for the name service. */
export const createHostAddress: Migration = {
  name: "2026-11-23-0623-create-host-address",
  async up(ddl) {
    await ddl.run(`create table if not exists host_address (
      host_id INT not null,
      address VARCHAR(45) not null,
      gone_at_ms INT,
      primary key (host_id, address),
      foreign key (host_id) references host (id) on delete cascade
    ) KEYED_TABLE_OPTIONS`);
    await ddl.run("create index if not exists dns_rrset_source on dns_rrset (source, zone_id)");
  },
};
