import { SnapshotNote } from "@mycloud/protocol/machine";
import type { AuditLog } from "../audit/index.ts";
import { findRepository } from "../backup-repository/store.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import { forOperators, type Route, route } from "../http/route.ts";
import { SnapshotParams, snapshotAddress } from "../smart-view/snapshot-address.ts";
import type { SnapshotFinder } from "../smart-view/snapshot-finder.ts";
import { countNotes, findNote, saveNote } from "./store.ts";

export interface NoteRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly finder: SnapshotFinder;
  readonly now: () => number;
}

/** Notes are one for each snapshot, of which there are fewer; this keeps made-up ids from filling the table. */
const maximumNotes = 20_000;

/** Writing to snapshots. */
export function createNoteRoutes({ database, audit, changes, finder, now }: NoteRoutesDependencies): Route[] {
  return [
    route({
      method: "put",
      path: `${snapshotAddress}/note`,
      summary: "Write a note and labels to a snapshot",
      access: forOperators,
      params: SnapshotParams,
      body: SnapshotNote,
      answer: SnapshotNote,
      handle: async ({ params, body, actor, scope, signal }): Promise<SnapshotNote> => {
        const repository = await findRepository(database.db, scope, params.id, now());
        const snapshotId = await finder.find(repository.id, params.snapshotId, signal);
        await database.transaction(async (tx) => {
          const before = await findNote(tx, repository.id, snapshotId);
          if (before === null && (await countNotes(tx, repository.id)) >= maximumNotes) {
            throw new ConflictError("there are too many notes on snapshots of this repository");
          }
          await saveNote(tx, database, repository.id, snapshotId, body, { name: actor.name, nowMs: now() });
          await audit.record(tx, {
            actor,
            action: "snapshot.note",
            resourceKind: "backup-repository",
            resourceId: repository.id,
            resourceName: repository.path,
            before: before === null ? null : { snapshotId, ...before },
            after: { snapshotId, ...body },
          });
        });
        changes.publish("backup-runs", null);
        return body;
      },
    }),
  ];
}
