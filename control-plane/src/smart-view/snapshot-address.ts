import { IdParams } from "../http/id-params.ts";
import { SnapshotReference } from "./snapshot-reference.ts";

/** Where a snapshot is in the API. */
export const snapshotAddress = "/api/v1/backup-repositories/:id/snapshots/:snapshotId";
export const SnapshotParams = IdParams.extend({ snapshotId: SnapshotReference });
