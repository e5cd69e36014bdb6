import type { Migration } from "./ddl.ts";

/** Checkouts, rollbacks and restores that people ask for. */
export const createRestoreRun: Migration = {
  name: "2026-11-23-0380-create-restore-run",
  async up(ddl) {
    await ddl.run(
      `create table if not exists restore_run (
        id ID,
        uuid VARCHAR(36) not null,
        repository_id INT not null,
        host_id INT,
        command_id INT,
        requested_by_name VARCHAR(255) not null,
        request_json LONGTEXT not null,
        phase VARCHAR(32) not null,
        is_given_up INT not null,
        plan_json LONGTEXT,
        safety_snapshot_id VARCHAR(64),
        figures_json LONGTEXT not null,
        errors_json LONGTEXT not null,
        message LONGTEXT,
        created_at_ms INT not null,
        started_at_ms INT,
        finished_at_ms INT,
        heard_at_ms INT not null,
        foreign key (repository_id) references backup_repository (id) on delete cascade,
        foreign key (host_id) references host (id) on delete set null
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create unique index if not exists restore_run_uuid on restore_run (uuid)");
    await ddl.run("create index if not exists restore_run_repository on restore_run (repository_id, created_at_ms)");
    await ddl.run("create index if not exists restore_run_created on restore_run (created_at_ms)");
    await ddl.run("create index if not exists restore_run_phase on restore_run (phase)");
  },
};
