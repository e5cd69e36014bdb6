import type { Migration } from "./ddl.ts";

/** The history of states, and problems from their first to their last moment. */
export const createStateChange: Migration = {
  name: "2026-11-22-2007-create-state-change",
  async up(ddl) {
    await ddl.run(
      `create table if not exists problem (
        id ID,
        host_id INT not null,
        service_id INT,
        started_at_ms INT not null,
        ended_at_ms INT,
        thread_key VARCHAR(64) not null,
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (service_id) references service (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists problem_host_id_service_id on problem (host_id, service_id)`);
    await ddl.run(`create index if not exists problem_service_id on problem (service_id)`);
    await ddl.run(`create index if not exists problem_ended_at on problem (ended_at_ms)`);
    await ddl.run(
      `create table if not exists state_change (
        id ID,
        host_id INT not null,
        service_id INT,
        kind VARCHAR(32) not null,
        from_state VARCHAR(16) not null,
        to_state VARCHAR(16) not null,
        is_hard INT not null,
        attempt INT not null,
        output LONGTEXT not null,
        at_ms INT not null,
        problem_id INT,
        is_notified INT,
        notification_reason VARCHAR(64),
        notification_message LONGTEXT,
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (service_id) references service (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists state_change_service_id_at on state_change (service_id, at_ms)`);
    await ddl.run(`create index if not exists state_change_host_id_at on state_change (host_id, at_ms)`);
    await ddl.run(`create index if not exists state_change_at on state_change (at_ms)`);
    await ddl.run(`create index if not exists state_change_problem_id on state_change (problem_id)`);
  },
};
