import type { Migration } from "./ddl.ts";

/** Searches of logs that people come back to. What is shared outlives its author. */
export const createLogSearch: Migration = {
  name: "2026-11-23-0465-create-log-search",
  async up(ddl) {
    await ddl.run(
      `create table if not exists log_search (
        id ID,
        user_id INT,
        customer VARCHAR(63),
        name VARCHAR(128) not null,
        query LONGTEXT not null,
        is_shared INT not null,
        created_at_ms INT not null,
        foreign key (user_id) references user (id) on delete set null
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists log_search_user_id on log_search (user_id)`);
    await ddl.run(`create index if not exists log_search_customer on log_search (customer, is_shared)`);
  },
};
