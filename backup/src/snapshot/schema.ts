import { z } from "zod";
import { isId } from "../blob/index.ts";
import { DamagedError } from "../error/index.ts";
import { instantNs } from "../tree/instant.ts";
import type { Snapshot } from "./snapshot.ts";

const id = z.string().refine(isId, "is no id");
const instant = z.string().refine(isInstant, "is no RFC 3339 instant");
const count = z.number().int().nonnegative();
/** Go writes null for an empty list. */
const texts = z.array(z.string()).nullish();

const summary = z.looseObject({
  backup_start: instant,
  backup_end: instant,
  files_new: count,
  files_changed: count,
  files_unmodified: count,
  dirs_new: count,
  dirs_changed: count,
  dirs_unmodified: count,
  data_blobs: count,
  tree_blobs: count,
  data_added: count,
  data_added_packed: count.default(0),
  total_files_processed: count,
  total_bytes_processed: count,
  errors: count.optional(),
  error_items: z.array(z.object({ item: z.string(), during: z.string(), message: z.string() })).optional(),
});

/** A snapshot file. Unknown fields are kept, so that a snapshot that is written again (tag, rewrite, repair) loses nothing. */
const snapshotDocument = z.looseObject({
  time: instant,
  parent: id.nullish(),
  tree: id,
  paths: z.array(z.string()).nullable(),
  hostname: z.string().optional(),
  username: z.string().optional(),
  uid: count.optional(),
  gid: count.optional(),
  excludes: texts,
  tags: texts,
  original: id.nullish(),
  program_version: z.string().optional(),
  // A summary of another program's making that we do not know is no reason to refuse its snapshot.
  summary: summary.optional().catch(undefined),
  arrival_sequence: z.number().int().positive().optional().catch(undefined),
});

/** The snapshot in a document of that id. Throws DamagedError when it is none. */
export function parseSnapshot(document: unknown, snapshotId: string): Snapshot {
  const parsed = snapshotDocument.safeParse(document);
  if (!parsed.success) {
    throw new DamagedError(`snapshots/${snapshotId}`, `is no snapshot: ${z.prettifyError(parsed.error)}`);
  }
  const entries = Object.entries({ ...parsed.data, paths: parsed.data.paths ?? [] });
  const present = entries.filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as unknown as Snapshot;
}

function isInstant(text: string): boolean {
  try {
    instantNs(text);
    return true;
  } catch {
    return false;
  }
}
