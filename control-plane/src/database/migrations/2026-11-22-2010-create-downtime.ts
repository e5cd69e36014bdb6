import type { Migration } from "./ddl.ts";

/** Downtimes, acknowledgements and comments: what people say about states. */
export const createDowntime: Migration = {
  name: "2026-11-22-2010-create-downtime",
  async up(ddl) {
    await ddl.run(
      `create table if not exists downtime (
        id ID,
        selector_json LONGTEXT not null,
        start_at_ms INT not null,
        end_at_ms INT not null,
        comment LONGTEXT not null,
        author_name VARCHAR(255) not null,
        customer VARCHAR(63),
        started_at_ms INT,
        ended_at_ms INT,
        cancelled_at_ms INT,
        created_at_ms INT not null
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists downtime_end_at on downtime (end_at_ms)`);
    await ddl.run(
      `create table if not exists acknowledgement (
        id ID,
        host_id INT not null,
        service_id INT,
        problem_id INT,
        author_name VARCHAR(255) not null,
        comment LONGTEXT not null,
        is_sticky INT not null,
        created_at_ms INT not null,
        ended_at_ms INT,
        end_reason VARCHAR(32),
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (service_id) references service (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      `create index if not exists acknowledgement_host_id_service_id on acknowledgement (host_id, service_id)`,
    );
    await ddl.run(`create index if not exists acknowledgement_service_id on acknowledgement (service_id)`);
    await ddl.run(`create index if not exists acknowledgement_ended_at on acknowledgement (ended_at_ms)`);
    await ddl.run(
      `create table if not exists comment (
        id ID,
        host_id INT not null,
        service_id INT,
        author_name VARCHAR(255) not null,
        text LONGTEXT not null,
        created_at_ms INT not null,
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (service_id) references service (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists comment_host_id on comment (host_id)`);
    await ddl.run(`create index if not exists comment_service_id on comment (service_id)`);
  },
};
