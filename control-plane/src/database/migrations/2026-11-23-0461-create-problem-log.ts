import type { Migration } from "./ddl.ts";

/** What a host logged around the beginning of a problem. */
export const createProblemLog: Migration = {
  name: "2026-11-23-0461-create-problem-log",
  async up(ddl) {
    await ddl.run(`create table if not exists problem_log (
      problem_id INT not null primary key,
      kept_at_ms INT not null,
      logs_json LONGTEXT not null,
      foreign key (problem_id) references problem (id) on delete cascade
    ) KEYED_TABLE_OPTIONS`);
  },
};
