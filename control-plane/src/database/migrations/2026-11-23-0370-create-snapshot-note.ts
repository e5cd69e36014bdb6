import type { Migration } from "./ddl.ts";

/** What people write to snapshots. Snapshots themselves are in repositories only, which may not always be there to ask. */
export const createSnapshotNote: Migration = {
  name: "2026-11-23-0370-create-snapshot-note",
  async up(ddl) {
    await ddl.run(
      `create table if not exists snapshot_note (
        id ID,
        repository_id INT not null,
        snapshot_id VARCHAR(64) not null,
        note LONGTEXT not null,
        labels_json LONGTEXT not null,
        changed_at_ms INT not null,
        changed_by_name VARCHAR(255) not null,
        unique (repository_id, snapshot_id),
        foreign key (repository_id) references backup_repository (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
  },
};
