import { z } from "zod";
import { LiveEntry } from "../agent-question/index.ts";
import { ViewPath } from "../snapshot-view/index.ts";

/** GET /api/v1/machines/:hostId/files?path&offset&limit. Without a path: the folders that may be managed. */
export const LiveFolder = z.object({
  /** Null of the list of folders. */
  entry: LiveEntry.nullable(),
  entries: z.array(LiveEntry),
  total: z.number().int(),
  /** Of the folder's backups: what changed after it has no earlier version yet. Null: no backup, or the list of folders. */
  lastSnapshotAtMs: z.number().nullable(),
});
export type LiveFolder = z.infer<typeof LiveFolder>;

/** POST /api/v1/machines/:hostId/files/make-folder */
export const MakeFolderRequest = z.strictObject({ path: ViewPath });
export type MakeFolderRequest = z.infer<typeof MakeFolderRequest>;

/** POST /api/v1/machines/:hostId/files/rename. Nothing may be at `to`. */
export const RenameRequest = z.strictObject({ path: ViewPath, to: ViewPath });
export type RenameRequest = z.infer<typeof RenameRequest>;

/** POST /api/v1/machines/:hostId/files/delete. A folder with something in it only when `isRecursive`. */
export const DeleteRequest = z.strictObject({ path: ViewPath, isRecursive: z.boolean().default(false) });
export type DeleteRequest = z.infer<typeof DeleteRequest>;

/** What became of a file, by PUT .../files/content and the requests above. */
export const LiveChange = z.object({
  /** As it is now; null of what was deleted. */
  entry: LiveEntry.nullable(),
});
export type LiveChange = z.infer<typeof LiveChange>;
