import type { Migration } from "./ddl.ts";

/** Since when a check tells of a host, how its last run went and when the next comes, and when nothing was known of a host. */
export const extendHostCheck: Migration = {
  name: "2026-11-23-0200-extend-host-check",
  async up(ddl) {
    await ddl.addColumn("host_check", "since_ms", "INT not null default 0");
    await ddl.addColumn("host_state", "next_check_at_ms", "INT");
    await ddl.addColumn("host_state", "execution_time_seconds", "REAL");
    await ddl.addColumn("host_state", "latency_seconds", "REAL");
    await ddl.run(
      `create table if not exists host_watch_gap (
        id ID,
        host_id INT not null,
        from_at_ms INT not null,
        until_at_ms INT,
        foreign key (host_id) references host (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists host_watch_gap_host on host_watch_gap (host_id, from_at_ms)");
  },
};
