import type { Migration } from "./ddl.ts";

/**
 * Downtimes that are flexible, triggered, recurring, or remind of their end; acknowledgements that end by time or when it gets worse; comments
 * with a kind; and what operators switch on and off at run time.
 */
export const extendDowntime: Migration = {
  name: "2026-11-23-0130-extend-downtime",
  async up(ddl) {
    for (const [column, type] of [
      ["is_fixed", "INT not null default 1"],
      ["duration_seconds", "INT"],
      ["triggered_by_id", "INT"],
      ["triggered_at_ms", "INT"],
      ["reminder_seconds", "INT"],
      ["reminded_at_ms", "INT"],
      ["user_id", "INT"],
      ["recurring_id", "INT"],
      ["recurring_name", "VARCHAR(128)"],
      ["occurrence_at_ms", "INT"],
    ] as const) {
      await ddl.addColumn("downtime", column, type);
    }
    await ddl.run("create unique index if not exists downtime_occurrence on downtime (recurring_id, occurrence_at_ms)");
    await ddl.run("create index if not exists downtime_ended_at on downtime (ended_at_ms)");
    await ddl.run(
      `create table if not exists downtime_activation (
        id ID,
        downtime_id INT not null,
        object_key VARCHAR(32) not null,
        host_id INT not null,
        service_id INT,
        started_at_ms INT not null,
        ends_at_ms INT not null,
        ended_at_ms INT,
        unique (downtime_id, object_key),
        foreign key (downtime_id) references downtime (id) on delete cascade,
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (service_id) references service (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists downtime_activation_host_id on downtime_activation (host_id)");
    await ddl.run("create index if not exists downtime_activation_service_id on downtime_activation (service_id)");
    await ddl.run("create index if not exists downtime_activation_ended_at on downtime_activation (ended_at_ms)");

    await ddl.addColumn("acknowledgement", "is_until_worse", "INT not null default 0");
    await ddl.addColumn("acknowledgement", "expires_at_ms", "INT");
    await ddl.addColumn("acknowledgement", "state", "VARCHAR(16)");
    await ddl.addColumn("acknowledgement", "user_id", "INT");

    await ddl.addColumn("comment", "kind", "VARCHAR(16) not null default 'user'");
    await ddl.addColumn("comment", "is_persistent", "INT not null default 1");
    await ddl.addColumn("comment", "expires_at_ms", "INT");
    await ddl.addColumn("comment", "acknowledgement_id", "INT");
    await ddl.run("create index if not exists comment_acknowledgement_id on comment (acknowledgement_id)");

    await ddl.run(
      `create table if not exists runtime_override (
        object_key VARCHAR(32) not null,
        host_id INT,
        service_id INT,
        settings_json LONGTEXT not null,
        updated_at_ms INT not null,
        primary key (object_key),
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (service_id) references service (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
  },
};
