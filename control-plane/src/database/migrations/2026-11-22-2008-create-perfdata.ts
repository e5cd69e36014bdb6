import type { Migration } from "./ddl.ts";

/** Which perfdata labels services report, and their rollups. */
export const createPerfdata: Migration = {
  name: "2026-11-22-2008-create-perfdata",
  async up(ddl) {
    await ddl.run(
      `create table if not exists perfdata_label (
        id ID,
        service_id INT not null,
        label VARCHAR(255) not null,
        unit VARCHAR(32) not null,
        warn VARCHAR(255),
        crit VARCHAR(255),
        min REAL,
        max REAL,
        last_seen_at_ms INT not null,
        unique (service_id, label),
        foreign key (service_id) references service (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      `create table if not exists perfdata_rollup (
        label_id INT not null,
        resolution_seconds INT not null,
        bucket_at_ms INT not null,
        count INT not null,
        sum REAL not null,
        min REAL not null,
        max REAL not null,
        primary key (label_id, resolution_seconds, bucket_at_ms),
        foreign key (label_id) references perfdata_label (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(
      `create index if not exists perfdata_rollup_resolution_seconds_bucket_at on perfdata_rollup (resolution_seconds, bucket_at_ms)`,
    );
  },
};
