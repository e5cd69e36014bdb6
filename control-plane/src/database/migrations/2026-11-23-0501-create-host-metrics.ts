import type { Migration } from "./ddl.ts";

/** What each host's agent pushed last. */
export const createHostMetrics: Migration = {
  name: "2026-11-23-0501-create-host-metrics",
  async up(ddl) {
    await ddl.run(`create table if not exists host_metrics (
      host_id INT not null primary key,
      batch_ids VARCHAR(400) not null,
      scraped_at_ms INT not null,
      stale_at_ms INT not null,
      is_ended INT not null,
      samples INT not null,
      exposition_gzip LONGTEXT not null,
      foreign key (host_id) references host (id) on delete cascade
    ) KEYED_TABLE_OPTIONS`);
    await ddl.run("create index if not exists host_metrics_ends on host_metrics (is_ended, stale_at_ms)");
  },
};
