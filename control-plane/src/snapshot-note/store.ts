import type { SnapshotNote } from "@mycloud/protocol/machine";
import type { SnapshotId } from "@mycloud/protocol/snapshot-view";
import { z } from "zod";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";

const LabelTexts = z.array(z.string());

/** What was written to the snapshots of a repository, by snapshot. */
export async function findNotes(
  executor: Executor,
  repositoryId: number,
): Promise<ReadonlyMap<SnapshotId, { readonly note: string; readonly labels: string[] }>> {
  const rows = await executor
    .selectFrom("snapshot_note")
    .select(["snapshot_id", "note", "labels_json"])
    .where("repository_id", "=", repositoryId)
    .execute();
  return new Map(
    rows.map(({ snapshot_id: id, note, labels_json: labels }) => [
      id,
      { note, labels: LabelTexts.parse(JSON.parse(labels)) },
    ]),
  );
}

export async function findNote(
  executor: Executor,
  repositoryId: number,
  snapshotId: SnapshotId,
): Promise<SnapshotNote | null> {
  const row = await executor
    .selectFrom("snapshot_note")
    .select(["note", "labels_json"])
    .where("repository_id", "=", repositoryId)
    .where("snapshot_id", "=", snapshotId)
    .executeTakeFirst();
  return row === undefined ? null : { text: row.note, labels: LabelTexts.parse(JSON.parse(row.labels_json)) };
}

/** Keeps what was written instead of what was there; an empty note is none. */
export async function saveNote(
  tx: Executor,
  { dialect }: ConnectedDatabase,
  repositoryId: number,
  snapshotId: SnapshotId,
  { text, labels }: SnapshotNote,
  by: { readonly name: string; readonly nowMs: number },
): Promise<void> {
  const key = { repository_id: repositoryId, snapshot_id: snapshotId };
  if (text === "" && labels.length === 0) {
    await tx
      .deleteFrom("snapshot_note")
      .where("repository_id", "=", repositoryId)
      .where("snapshot_id", "=", snapshotId)
      .execute();
    return;
  }
  const written = {
    note: text,
    labels_json: JSON.stringify(labels),
    changed_at_ms: by.nowMs,
    changed_by_name: by.name.slice(0, 255),
  };
  await dialect.insertIfAbsent(tx, "snapshot_note", { ...key, ...written });
  await tx
    .updateTable("snapshot_note")
    .set(written)
    .where("repository_id", "=", repositoryId)
    .where("snapshot_id", "=", snapshotId)
    .execute();
}

export async function countNotes(executor: Executor, repositoryId: number): Promise<number> {
  const { count } = await executor
    .selectFrom("snapshot_note")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("repository_id", "=", repositoryId)
    .executeTakeFirstOrThrow();
  return Number(count);
}
