import type { Migration } from "./ddl.ts";

/** Hosts, their labels and groups as rows for filters, and their present state. */
export const createHost: Migration = {
  name: "2026-11-22-2003-create-host",
  async up(ddl) {
    await ddl.run(
      `create table if not exists host (
        id ID,
        name VARCHAR(255) not null,
        display_name VARCHAR(255),
        address VARCHAR(255),
        labels_json LONGTEXT not null,
        facts_json LONGTEXT not null,
        groups_json LONGTEXT not null,
        customer VARCHAR(63),
        notes LONGTEXT not null,
        origin VARCHAR(16) not null,
        max_check_attempts INT not null,
        freshness_seconds INT,
        created_at_ms INT not null,
        updated_at_ms INT not null,
        unique (name)
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists host_customer on host (customer)`);
    await ddl.run(
      `create table if not exists host_label (
        host_id INT not null,
        label VARCHAR(63) not null,
        value VARCHAR(255) not null,
        primary key (host_id, label),
        foreign key (host_id) references host (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists host_label_label_value on host_label (label, value)`);
    await ddl.run(
      `create table if not exists host_group (
        host_id INT not null,
        group_name VARCHAR(128) not null,
        primary key (host_id, group_name),
        foreign key (host_id) references host (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists host_group_group_name on host_group (group_name)`);
    await ddl.run(
      `create table if not exists host_state (
        host_id INT not null,
        state INT not null,
        is_hard INT not null,
        attempt INT not null,
        has_been_checked INT not null,
        last_hard_state INT not null,
        had_host_problem INT not null,
        flap_history VARCHAR(255) not null,
        percent_state_change REAL not null,
        is_flapping INT not null,
        is_stale INT not null,
        output LONGTEXT not null,
        long_output LONGTEXT not null,
        perfdata LONGTEXT not null,
        last_check_at_ms INT,
        last_received_at_ms INT,
        last_state_change_at_ms INT,
        last_hard_state_change_at_ms INT,
        last_ok_at_ms INT,
        last_ok_output LONGTEXT,
        problem_id INT,
        acknowledgement_id INT,
        overdue_at_ms INT,
        version INT not null,
        primary key (host_id),
        foreign key (host_id) references host (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists host_state_overdue_at on host_state (overdue_at_ms)`);
    await ddl.run(`create index if not exists host_state_state on host_state (state)`);
  },
};
