import { z } from "zod";
import { SnapshotEntry } from "./entry.ts";
import { FileVersion, FolderPage, TextDiff, ViewSnapshot } from "./view-request.ts";

/** What is known before the body, by the request's kind. */
export const ViewHead = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("snapshots"),
    snapshots: z.array(ViewSnapshot),
    /** Snapshots whose files cannot be read, and why; absent when there are none. */
    damaged: z.array(z.object({ id: z.string(), message: z.string() })).optional(),
  }),
  z.object({ kind: z.literal("folder"), page: FolderPage }),
  z.object({ kind: z.literal("entry"), entry: SnapshotEntry }),
  z.object({
    kind: z.literal("file"),
    entry: SnapshotEntry,
    sizeBytes: z.number(),
    offset: z.number(),
    length: z.number(),
  }),
  z.object({ kind: z.literal("archive"), fileName: z.string(), mediaType: z.string() }),
  z.object({ kind: z.literal("find") }),
  z.object({
    kind: z.literal("history"),
    /** Newest first; when there are more than the limit, the newest. */
    versions: z.array(FileVersion),
    isTruncated: z.boolean(),
    /** Folders of snapshots that cannot be read, which are passed over; absent when there are none. */
    unreadable: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
  z.object({ kind: z.literal("compare") }),
  z.object({ kind: z.literal("text-diff"), diff: TextDiff }),
]);
export type ViewHead = z.infer<typeof ViewHead>;

/** The last line of a body of lines: whether there was more than the limit, and what could not be read, so that nothing is said of it. */
export const LinesEnd = z.object({
  end: z.object({
    count: z.number().int(),
    isTruncated: z.boolean(),
    /** The first of them; absent when everything could be read. */
    unreadable: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});
export type LinesEnd = z.infer<typeof LinesEnd>;
