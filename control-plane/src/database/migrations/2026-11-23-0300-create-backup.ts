import type { Migration } from "./ddl.ts";

/** Repositories by policy, the runs that write to them, and services that the program makes by itself. */
export const createBackup: Migration = {
  name: "2026-11-23-0300-create-backup",
  async up(ddl) {
    await ddl.addColumn("service", "managed_by", "VARCHAR(32)");
    await ddl.run(
      `create table if not exists backup_repository (
        id ID,
        host_id INT,
        host_name VARCHAR(255) not null,
        customer VARCHAR(64),
        policy_id INT,
        policy_name VARCHAR(128) not null,
        storage_name VARCHAR(128) not null,
        path VARCHAR(255) not null,
        key_mode VARCHAR(16) not null,
        sealed_password LONGTEXT,
        assigned_at_ms INT,
        rpo_seconds INT,
        rto_seconds INT,
        freshness_service_id INT,
        run_service_id INT,
        last_snapshot_at_ms INT,
        last_snapshot_id VARCHAR(64),
        last_run_id INT,
        created_at_ms INT not null,
        foreign key (host_id) references host (id) on delete set null,
        foreign key (policy_id) references definition (id) on delete set null,
        foreign key (freshness_service_id) references service (id) on delete set null,
        foreign key (run_service_id) references service (id) on delete set null
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create unique index if not exists backup_repository_path on backup_repository (storage_name, path)");
    await ddl.run("create index if not exists backup_repository_host_id on backup_repository (host_id)");
    await ddl.run("create index if not exists backup_repository_policy_id on backup_repository (policy_id)");
    await ddl.run(
      `create table if not exists backup_run (
        id ID,
        uuid VARCHAR(36) not null,
        repository_id INT not null,
        host_id INT,
        begun_by VARCHAR(16) not null,
        phase VARCHAR(16) not null,
        started_at_ms INT not null,
        finished_at_ms INT,
        heard_at_ms INT not null,
        snapshots_json LONGTEXT not null,
        figures_json LONGTEXT not null,
        unreadable_count INT not null,
        message LONGTEXT,
        agent_version VARCHAR(64) not null,
        progress_json LONGTEXT,
        foreign key (repository_id) references backup_repository (id) on delete cascade,
        foreign key (host_id) references host (id) on delete set null
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create unique index if not exists backup_run_uuid on backup_run (uuid)");
    await ddl.run("create index if not exists backup_run_repository on backup_run (repository_id, started_at_ms)");
    await ddl.run("create index if not exists backup_run_started on backup_run (started_at_ms)");
    await ddl.run("create index if not exists backup_run_phase on backup_run (phase)");
    await ddl.run(
      `create table if not exists backup_run_error (
        run_id INT not null,
        position INT not null,
        item LONGTEXT not null,
        during VARCHAR(64) not null,
        message LONGTEXT not null,
        primary key (run_id, position),
        foreign key (run_id) references backup_run (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
  },
};
