import type { Migration } from "./ddl.ts";

/** Contacts with channels, rules with periods and escalations, a schedule of what is due, and messages in the place of many. */
export const extendNotification: Migration = {
  name: "2026-11-23-0120-extend-notification",
  async up(ddl) {
    await ddl.addColumn("contact", "settings_json", "LONGTEXT not null default '{}'");
    await ddl.addColumn("notification_rule", "settings_json", "LONGTEXT not null default '{}'");
    // Until now, whoever a rule covered was told of flapping, whatever its states.
    await ddl.run(
      `update notification_rule set states_json = replace(states_json, ']', ',"FLAPPING"]')
        where states_json not like '%"FLAPPING"%' and states_json like '%"%'`,
    );
    await ddl.addColumn("notification", "via", "VARCHAR(255)");
    await ddl.addColumn("notification", "number", "INT not null default 1");
    await ddl.addColumn("notification", "bundle_id", "INT");
    await ddl.run(
      `create index if not exists notification_contact_id_created_at on notification (contact_id, created_at_ms)`,
    );
    await ddl.run(`create index if not exists notification_bundle_id on notification (bundle_id)`);
    await ddl.run(
      `create table if not exists notification_schedule (
        problem_id INT not null,
        rule_id INT not null,
        count INT not null,
        due_at_ms INT,
        repeat_at_ms INT,
        primary key (problem_id, rule_id),
        foreign key (problem_id) references problem (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists notification_schedule_due_at on notification_schedule (due_at_ms)`);
    await ddl.run(
      `create table if not exists notification_bundle (
        id ID,
        kind VARCHAR(16) not null,
        open_key VARCHAR(64),
        contact_id INT,
        contact_name VARCHAR(128) not null,
        rule_name VARCHAR(128),
        channel VARCHAR(16) not null,
        address VARCHAR(254) not null,
        group_label LONGTEXT not null,
        message_key VARCHAR(64) not null,
        created_at_ms INT not null,
        due_at_ms INT not null,
        closed_at_ms INT,
        unique (open_key)
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      `create index if not exists notification_bundle_due_at on notification_bundle (closed_at_ms, due_at_ms)`,
    );
    await ddl.run(`create index if not exists notification_bundle_created_at on notification_bundle (created_at_ms)`);
  },
};
