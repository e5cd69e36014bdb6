import type { Migration } from "./ddl.ts";

/** Alerts that others sent, each known by its labels, and silences with the downtimes that carry them out. */
export const createAlert: Migration = {
  name: "2026-11-23-0170-create-alert",
  async up(ddl) {
    await ddl.run(
      `create table if not exists alert (
        identity_hash VARCHAR(64) not null,
        fingerprint VARCHAR(16) not null,
        customer VARCHAR(63),
        host_name VARCHAR(255) not null,
        service_name VARCHAR(255) not null,
        labels_json LONGTEXT not null,
        annotations_json LONGTEXT not null,
        generator_url LONGTEXT not null,
        return_code INT not null,
        starts_at_ms INT not null,
        ends_at_ms INT,
        resolved_at_ms INT,
        is_settled INT not null,
        updated_at_ms INT not null,
        primary key (identity_hash)
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists alert_host_service on alert (host_name, service_name)");
    await ddl.run("create index if not exists alert_resolved_at on alert (resolved_at_ms, ends_at_ms)");
    await ddl.run("create index if not exists alert_is_settled on alert (is_settled)");
    await ddl.run(
      `create table if not exists silence (
        id VARCHAR(36) not null,
        matchers_json LONGTEXT not null,
        start_at_ms INT not null,
        end_at_ms INT not null,
        comment LONGTEXT not null,
        author_name VARCHAR(255) not null,
        customer VARCHAR(63),
        expired_at_ms INT,
        updated_at_ms INT not null,
        primary key (id)
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists silence_end_at on silence (end_at_ms)");
    await ddl.run(
      `create table if not exists silence_downtime (
        downtime_id INT not null,
        silence_id VARCHAR(36) not null,
        is_current INT not null,
        primary key (downtime_id),
        foreign key (silence_id) references silence (id) on delete cascade,
        foreign key (downtime_id) references downtime (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists silence_downtime_silence on silence_downtime (silence_id)");
  },
};
