import type { Migration } from "./ddl.ts";

/** Check definitions, services, and the present state of each. */
export const createService: Migration = {
  name: "2026-11-22-2005-create-service",
  async up(ddl) {
    await ddl.run(
      `create table if not exists check_definition (
        id ID,
        name VARCHAR(128) not null,
        service_name VARCHAR(255),
        command VARCHAR(1024) not null,
        arguments_json LONGTEXT not null,
        selector_json LONGTEXT not null,
        check_interval_seconds REAL not null,
        retry_interval_seconds REAL not null,
        max_check_attempts INT not null,
        timeout_seconds REAL not null,
        is_flap_detection_enabled INT not null,
        low_flap_percent REAL not null,
        high_flap_percent REAL not null,
        is_enabled INT not null,
        notes LONGTEXT not null,
        created_at_ms INT not null,
        updated_at_ms INT not null,
        unique (name)
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      `create table if not exists service (
        id ID,
        host_id INT not null,
        name VARCHAR(255) not null,
        check_id INT,
        max_check_attempts INT not null,
        freshness_seconds INT,
        notes LONGTEXT not null,
        created_at_ms INT not null,
        updated_at_ms INT not null,
        unique (host_id, name),
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (check_id) references check_definition (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists service_check_id on service (check_id)`);
    await ddl.run(`create index if not exists service_name on service (name)`);
    await ddl.run(
      `create table if not exists service_state (
        service_id INT not null,
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
        next_check_at_ms INT,
        execution_time_seconds REAL,
        latency_seconds REAL,
        is_clock_skewed INT not null,
        primary key (service_id),
        foreign key (service_id) references service (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists service_state_overdue_at on service_state (overdue_at_ms)`);
    await ddl.run(`create index if not exists service_state_state_is_hard on service_state (state, is_hard)`);
  },
};
