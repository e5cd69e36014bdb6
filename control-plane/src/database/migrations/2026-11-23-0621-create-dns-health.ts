import type { Migration } from "./ddl.ts";

/** How services that records name stand, and which records left what is answered for it, or came back. */
export const createDnsHealth: Migration = {
  name: "2026-11-23-0621-create-dns-health",
  async up(ddl) {
    await ddl.run(`create table if not exists dns_standing (
      service_id INT not null primary key,
      is_out INT not null,
      changed_at_ms INT not null,
      leaves INT not null,
      foreign key (service_id) references service (id) on delete cascade
    ) KEYED_TABLE_OPTIONS`);
    await ddl.run(`create table if not exists dns_health_change (
      id ID,
      zone_id INT not null,
      owner VARCHAR(255) not null,
      type VARCHAR(16) not null,
      data VARCHAR(255) not null,
      host_id INT not null,
      service_id INT,
      is_published INT not null,
      serial INT not null,
      at_ms INT not null,
      foreign key (zone_id) references dns_zone (id) on delete cascade
    ) TABLE_OPTIONS`);
    await ddl.run("create index if not exists dns_health_change_zone on dns_health_change (zone_id, id)");
    await ddl.run("create index if not exists dns_health_change_at on dns_health_change (at_ms)");
    await ddl.run("create index if not exists dns_health_change_host on dns_health_change (host_id, at_ms)");
  },
};
