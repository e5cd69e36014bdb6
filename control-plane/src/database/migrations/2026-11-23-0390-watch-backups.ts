import type { Migration } from "./ddl.ts";

/** Maintenance of repositories, what is known of their health, and what runs tell beside their figures. */
export const watchBackups: Migration = {
  name: "2026-11-23-0390-watch-backups",
  async up(ddl) {
    await ddl.run(
      `create table if not exists backup_maintenance_run (
        id ID,
        repository_id INT not null,
        kind VARCHAR(16) not null,
        phase VARCHAR(16) not null,
        started_at_ms INT not null,
        finished_at_ms INT,
        figures_json LONGTEXT not null,
        message LONGTEXT,
        foreign key (repository_id) references backup_repository (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      "create index if not exists backup_maintenance_run_repository on backup_maintenance_run (repository_id, started_at_ms)",
    );
    await ddl.run(
      "create index if not exists backup_maintenance_run_started on backup_maintenance_run (started_at_ms)",
    );
    await ddl.run("create index if not exists backup_maintenance_run_phase on backup_maintenance_run (phase)");
    for (const [column, type] of [
      ["maintenance_due_at_ms", "INT"],
      ["frozen_at_ms", "INT"],
      ["frozen_reason", "LONGTEXT"],
      ["frozen_run_id", "INT"],
      ["hold_work", "VARCHAR(16)"],
      ["change_service_id", "INT"],
      ["drill_service_id", "INT"],
      ["verify_service_id", "INT"],
      ["quota_service_id", "INT"],
      ["used_bytes", "INT"],
      ["quota_bytes", "INT"],
      ["seen_at_ms", "INT"],
      ["scrubbed_at_ms", "INT"],
      ["damaged_json", "LONGTEXT"],
      ["examine_due", "INT"],
      ["drill_asked_at_ms", "INT"],
      ["drilled_at_ms", "INT"],
      ["drill_json", "LONGTEXT"],
      ["mailed_json", "LONGTEXT"],
    ] as const) {
      await ddl.addColumn("backup_repository", column, type);
    }
    await ddl.addColumn("backup_run", "change_json", "LONGTEXT");
    await ddl.addColumn("backup_run", "drill_json", "LONGTEXT");
    await ddl.run(
      `create table if not exists storage_status (
        storage_name VARCHAR(128) not null,
        asked_at_ms INT not null,
        answered_at_ms INT,
        fault LONGTEXT,
        status_json LONGTEXT,
        trend_json LONGTEXT not null,
        host_id INT,
        service_id INT,
        primary key (storage_name)
      ) KEYED_TABLE_OPTIONS`,
    );
  },
};
