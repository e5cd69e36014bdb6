import type { Migration } from "./ddl.ts";

/** Contacts, rules, and the queue of what is sent to whom. */
export const createNotification: Migration = {
  name: "2026-11-22-2009-create-notification",
  async up(ddl) {
    await ddl.run(
      `create table if not exists contact (
        id ID,
        name VARCHAR(128) not null,
        email VARCHAR(254) not null,
        user_id INT,
        customer VARCHAR(63),
        is_enabled INT not null,
        created_at_ms INT not null,
        updated_at_ms INT not null,
        unique (name),
        foreign key (user_id) references user (id) on delete set null
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      `create table if not exists notification_rule (
        id ID,
        name VARCHAR(128) not null,
        selector_json LONGTEXT not null,
        states_json LONGTEXT not null,
        is_enabled INT not null,
        created_at_ms INT not null,
        updated_at_ms INT not null,
        unique (name)
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      `create table if not exists notification_rule_contact (
        notification_rule_id INT not null,
        contact_id INT not null,
        primary key (notification_rule_id, contact_id),
        foreign key (notification_rule_id) references notification_rule (id) on delete cascade,
        foreign key (contact_id) references contact (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(
      `create index if not exists notification_rule_contact_contact_id on notification_rule_contact (contact_id)`,
    );
    await ddl.run(
      `create table if not exists notification (
        id ID,
        type VARCHAR(32) not null,
        problem_id INT,
        state_change_id INT,
        host_id INT not null,
        service_id INT,
        state VARCHAR(16) not null,
        contact_id INT,
        contact_name VARCHAR(128) not null,
        rule_name VARCHAR(128),
        channel VARCHAR(16) not null,
        address VARCHAR(254) not null,
        subject LONGTEXT not null,
        content_json LONGTEXT not null,
        message_id VARCHAR(255) not null,
        phase VARCHAR(16) not null,
        attempts INT not null,
        last_error LONGTEXT,
        created_at_ms INT not null,
        next_attempt_at_ms INT,
        claimed_by VARCHAR(64),
        claimed_until_ms INT,
        sent_at_ms INT,
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (service_id) references service (id) on delete cascade,
        foreign key (contact_id) references contact (id) on delete set null
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      `create index if not exists notification_phase_next_attempt_at on notification (phase, next_attempt_at_ms)`,
    );
    await ddl.run(`create index if not exists notification_problem_id on notification (problem_id)`);
    await ddl.run(`create index if not exists notification_state_change_id on notification (state_change_id)`);
    await ddl.run(`create index if not exists notification_host_id on notification (host_id)`);
    await ddl.run(`create index if not exists notification_service_id on notification (service_id)`);
    await ddl.run(`create index if not exists notification_created_at on notification (created_at_ms)`);
  },
};
