import type { Migration } from "./ddl.ts";

/** Applies that are too large for one transaction: what is left to be carried out, step by step. */
export const createApply: Migration = {
  name: "2026-11-23-0210-create-apply",
  async up(ddl) {
    await ddl.run(
      `create table if not exists apply_run (
        id ID,
        phase VARCHAR(16) not null,
        actor_json LONGTEXT not null,
        next_step INT not null,
        position INT not null,
        done INT not null,
        total INT not null,
        created_at_ms INT not null
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      `create table if not exists apply_step (
        apply_id INT not null,
        step INT not null,
        body LONGTEXT not null,
        primary key (apply_id, step),
        foreign key (apply_id) references apply_run (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
  },
};
