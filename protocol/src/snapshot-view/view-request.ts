import { z } from "zod";
import { EntryType, SnapshotEntry, SnapshotId, ViewPath } from "./entry.ts";

/** Entries of a folder on one page at most. */
export const maximumFolderPage = 1000;

/** A question about what is in a repository. Whoever can open it answers: the control plane (managed) or the customer's own agent (private). */
export const ViewRequest = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("snapshots") }),
  z.object({
    kind: z.literal("folder"),
    snapshotId: SnapshotId,
    path: ViewPath,
    /** Folders come first, whatever the order. */
    sort: z.enum(["name", "sizeBytes", "modifiedAtMs"]).default("name"),
    order: z.enum(["asc", "desc"]).default("asc"),
    /** Only names that hold this text, upper or lower case. */
    nameContains: z.string().max(255).default(""),
    offset: z.number().int().min(0).default(0),
    limit: z.number().int().min(1).max(maximumFolderPage).default(200),
  }),
  z.object({ kind: z.literal("entry"), snapshotId: SnapshotId, path: ViewPath }),
  /** The answer's body is the content. */
  z.object({
    kind: z.literal("file"),
    snapshotId: SnapshotId,
    path: ViewPath,
    offset: z.number().int().min(0).default(0),
    /** Null: to the end. */
    length: z.number().int().min(0).nullable().default(null),
  }),
  /** The answer's body is the archive. */
  z.object({
    kind: z.literal("archive"),
    snapshotId: SnapshotId,
    /** Files and folders with all that is below them. */
    paths: z.array(ViewPath).min(1).max(1000),
    format: z.enum(["zip", "tar"]),
  }),
  /** The answer's body is FoundEntry, one JSON a line, newest version first for each path. */
  z.object({
    kind: z.literal("find"),
    /** A name, or part of one, or a pattern with * and ?; with a slash in it a path. */
    pattern: z.string().min(1).max(1000),
    path: ViewPath.default("/"),
    /** None: all. */
    snapshotIds: z.array(SnapshotId).max(1000).default([]),
    types: z.array(EntryType).max(8).default([]),
    limit: z.number().int().min(1).max(10_000).default(500),
  }),
  z.object({ kind: z.literal("history"), path: ViewPath, limit: z.number().int().min(1).max(1000).default(200) }),
  /** The answer's body is EntryChange, one JSON a line, in the order of paths. */
  z.object({
    kind: z.literal("compare"),
    fromSnapshotId: SnapshotId,
    toSnapshotId: SnapshotId,
    path: ViewPath.default("/"),
    /** Also what changed in metadata only. */
    isMetadataShown: z.boolean().default(false),
    limit: z.number().int().min(1).max(100_000).default(10_000),
  }),
  z.object({
    kind: z.literal("text-diff"),
    fromSnapshotId: SnapshotId,
    fromPath: ViewPath,
    toSnapshotId: SnapshotId,
    toPath: ViewPath,
    /** Lines that are the same, shown before and after each change. */
    contextLines: z.number().int().min(0).max(1000).default(3),
  }),
]);
export type ViewRequest = z.infer<typeof ViewRequest>;

/** A snapshot as it lies in its repository, oldest first in lists. */
export const ViewSnapshot = z.object({
  id: SnapshotId,
  takenAtMs: z.number(),
  hostName: z.string(),
  /** What was backed up. */
  paths: z.array(z.string()),
  tags: z.array(z.string()),
  programVersion: z.string().nullable(),
  /** The order of arrival on the server, where it counts. */
  sequence: z.number().nullable(),
  filesNew: z.number().nullable(),
  filesChanged: z.number().nullable(),
  filesUnmodified: z.number().nullable(),
  totalFiles: z.number().nullable(),
  totalBytes: z.number().nullable(),
  addedBytes: z.number().nullable(),
  unreadableCount: z.number(),
  hold: z
    .object({ reason: z.string(), untilMs: z.number().nullable(), createdAtMs: z.number(), createdBy: z.string() })
    .nullable(),
});
export type ViewSnapshot = z.infer<typeof ViewSnapshot>;

export const FolderPage = z.object({
  entry: SnapshotEntry,
  entries: z.array(SnapshotEntry),
  /** Of those whose names hold the text. */
  total: z.number().int(),
});
export type FolderPage = z.infer<typeof FolderPage>;

/** A version of a path that a search found. */
export const FoundEntry = z.object({
  entry: SnapshotEntry,
  /** The newest and the oldest snapshot that have just this version. */
  newestSnapshotId: SnapshotId,
  newestAtMs: z.number(),
  oldestSnapshotId: SnapshotId,
  oldestAtMs: z.number(),
});
export type FoundEntry = z.infer<typeof FoundEntry>;

/** A version of one file: how it was from a snapshot on. */
export const FileVersion = z.object({
  change: z.enum(["added", "modified", "metadata", "type", "removed"]),
  /** The first snapshot that shows it so. */
  snapshotId: SnapshotId,
  takenAtMs: z.number(),
  /** The last snapshot in a row that shows it so. */
  lastSnapshotId: SnapshotId,
  lastTakenAtMs: z.number(),
  /** Null of one removed. */
  entry: SnapshotEntry.nullable(),
});
export type FileVersion = z.infer<typeof FileVersion>;

/** What became of a path between two snapshots. */
export const EntryChange = z.object({
  change: z.enum(["added", "removed", "modified", "metadata", "type"]),
  path: z.string(),
  type: EntryType,
  fromBytes: z.number().nullable(),
  toBytes: z.number().nullable(),
});
export type EntryChange = z.infer<typeof EntryChange>;

/** Lines of a text's change, as in a unified diff. */
export const TextDiff = z.object({
  /** Why there is none: too large, or no text. Null when there is. */
  refusal: z.string().nullable(),
  hunks: z.array(
    z.object({
      fromLine: z.number().int(),
      fromLines: z.number().int(),
      toLine: z.number().int(),
      toLines: z.number().int(),
      /** Each begins with a space, + or -; `\ No newline at end of file` as diff writes it. */
      lines: z.array(z.string()),
    }),
  ),
});
export type TextDiff = z.infer<typeof TextDiff>;
