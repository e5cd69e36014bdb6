import type { Migration } from "./ddl.ts";

/** What availability and the timeline need beside the history of states: when nobody watched, when watching began, and what agents went through. */
export const createOutage: Migration = {
  name: "2026-11-23-0190-create-outage",
  async up(ddl) {
    await ddl.run(
      `create table if not exists watch_outage (
        id ID,
        from_at_ms INT not null,
        until_at_ms INT not null
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists watch_outage_until_at on watch_outage (until_at_ms)");
    await ddl.run(
      `create table if not exists watch_gap (
        id ID,
        service_id INT not null,
        from_at_ms INT not null,
        until_at_ms INT,
        foreign key (service_id) references service (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists watch_gap_service on watch_gap (service_id, from_at_ms)");
    await ddl.run(
      `create table if not exists agent_event (
        id ID,
        host_id INT not null,
        kind VARCHAR(16) not null,
        from_version VARCHAR(64),
        to_version VARCHAR(64) not null,
        at_ms INT not null,
        foreign key (host_id) references host (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists agent_event_at on agent_event (at_ms)");
    await ddl.run("create index if not exists agent_event_host on agent_event (host_id, at_ms)");
    await ddl.run("create index if not exists acknowledgement_created_at on acknowledgement (created_at_ms)");
    await ddl.run("create index if not exists comment_created_at on comment (created_at_ms)");
    for (const [table, owner] of [
      ["host_state", "host"],
      ["service_state", "service"],
    ] as const) {
      await ddl.addColumn(table, "first_checked_at_ms", "INT");
      // Of what was watched before this was kept, the first result came soon after it was created.
      await ddl.run(
        `update ${table} set first_checked_at_ms = (select created_at_ms from ${owner} where ${owner}.id = ${table}.${owner}_id)
          where has_been_checked = 1 and first_checked_at_ms is null`,
      );
    }
  },
};
