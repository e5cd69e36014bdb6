import type { Migration } from "./ddl.ts";

/**
 * Zones, what is defined of them, its history, and the steps of what was published. Names of RRsets are found by a key of bounded length; what is in
 * `published_json` where it is not null is published instead of all records.
 */
export const createDnsZone: Migration = {
  name: "2026-11-23-0601-create-dns-zone",
  async up(ddl) {
    await ddl.run(`create table if not exists dns_zone (
      id ID,
      name VARCHAR(255) not null,
      view_name VARCHAR(128) not null,
      kind VARCHAR(16) not null,
      customer VARCHAR(63),
      settings_json LONGTEXT not null,
      revision INT not null,
      serial INT not null,
      rrset_count INT not null,
      record_count INT not null,
      created_at_ms INT not null,
      changed_at_ms INT not null
    ) TABLE_OPTIONS`);
    await ddl.run("create unique index if not exists dns_zone_name on dns_zone (name, view_name)");
    await ddl.run("create index if not exists dns_zone_customer on dns_zone (customer)");
    await ddl.run(`create table if not exists dns_rrset (
      id ID,
      zone_id INT not null,
      name_key VARCHAR(255) not null,
      type VARCHAR(16) not null,
      name VARCHAR(1004) not null,
      ttl_seconds INT,
      records_json LONGTEXT not null,
      record_count INT not null,
      published_json LONGTEXT,
      is_bound INT not null,
      minimum_answers INT not null,
      answers INT,
      comment VARCHAR(1000) not null,
      owner VARCHAR(128) not null,
      source VARCHAR(16) not null,
      revision INT not null,
      changed_at_ms INT not null,
      foreign key (zone_id) references dns_zone (id) on delete cascade
    ) TABLE_OPTIONS`);
    await ddl.run("create unique index if not exists dns_rrset_name on dns_rrset (zone_id, name_key, type)");
    await ddl.run("create index if not exists dns_rrset_bound on dns_rrset (is_bound, zone_id)");
    await ddl.run(`create table if not exists dns_change (
      zone_id INT not null,
      revision INT not null,
      at_ms INT not null,
      author VARCHAR(255) not null,
      source VARCHAR(16) not null,
      comment VARCHAR(1000) not null,
      serial INT not null,
      undoes INT,
      difference_count INT not null,
      is_kept INT not null,
      settings_json LONGTEXT,
      primary key (zone_id, revision),
      foreign key (zone_id) references dns_zone (id) on delete cascade
    ) KEYED_TABLE_OPTIONS`);
    await ddl.run(`create table if not exists dns_difference (
      zone_id INT not null,
      revision INT not null,
      place INT not null,
      name_key VARCHAR(255) not null,
      name VARCHAR(1004) not null,
      type VARCHAR(16) not null,
      before_json LONGTEXT,
      after_json LONGTEXT,
      primary key (zone_id, revision, place),
      foreign key (zone_id) references dns_zone (id) on delete cascade
    ) KEYED_TABLE_OPTIONS`);
    await ddl.run("create index if not exists dns_difference_name on dns_difference (zone_id, name_key, revision)");
    await ddl.run(`create table if not exists dns_step (
      id ID,
      zone_id INT not null,
      from_serial INT not null,
      to_serial INT not null,
      record_count INT not null,
      removed_json LONGTEXT not null,
      added_json LONGTEXT not null,
      at_ms INT not null,
      foreign key (zone_id) references dns_zone (id) on delete cascade
    ) TABLE_OPTIONS`);
    await ddl.run("create index if not exists dns_step_zone on dns_step (zone_id, id)");
  },
};
