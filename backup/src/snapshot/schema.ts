import { isId } from "../blob/index.ts";
import { DocumentFields, isRecord } from "../document/index.ts";
import { DamagedError } from "../error/index.ts";
import { instantNs } from "../tree/instant.ts";
import type { Snapshot } from "./snapshot.ts";

const counts = [
  "files_new",
  "files_changed",
  "files_unmodified",
  "dirs_new",
  "dirs_changed",
  "dirs_unmodified",
  "data_blobs",
  "tree_blobs",
  "data_added",
  "total_files_processed",
  "total_bytes_processed",
];

/**
 * The snapshot in a document of that id. Unknown fields are kept, so that a snapshot that is written again (tag, rewrite, repair) loses
 * nothing. Throws DamagedError when it is none.
 */
export function parseSnapshot(document: unknown, snapshotId: string): Snapshot {
  const fields = new DocumentFields(
    document,
    (message) => new DamagedError(`snapshots/${snapshotId}`, `is no snapshot: ${message}`),
  );
  fields.text("time", { isForm: isInstant });
  fields.text("tree", { isForm: isId });
  for (const name of ["hostname", "username", "program_version"]) if (fields.has(name)) fields.text(name);
  for (const name of ["uid", "gid"]) if (fields.has(name)) fields.wholeNumber(name, { least: 0 });
  for (const name of ["parent", "original"]) if (fields.hasValue(name)) fields.text(name, { isForm: isId });
  for (const name of ["excludes", "tags"]) fields.texts(name);
  const { summary, arrival_sequence: sequence, ...rest } = fields.values;
  const known = {
    ...rest,
    paths: fields.texts("paths"),
    // A summary of another program's making that we do not know is no reason to refuse its snapshot.
    summary: parseSummary(summary),
    arrival_sequence: typeof sequence === "number" && Number.isSafeInteger(sequence) && sequence > 0 ? sequence : null,
  };
  const present = Object.entries(known).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as unknown as Snapshot;
}

function parseSummary(summary: unknown): Readonly<Record<string, unknown>> | null {
  try {
    const fields = new DocumentFields(summary, (message) => new RangeError(message));
    for (const name of ["backup_start", "backup_end"]) fields.text(name, { isForm: isInstant });
    for (const name of counts) fields.wholeNumber(name, { least: 0 });
    if (fields.has("errors")) fields.wholeNumber("errors", { least: 0 });
    if (fields.has("error_items") && !isErrorList(fields.values.error_items)) return null;
    return { ...fields.values, data_added_packed: fields.wholeNumber("data_added_packed", { fallback: 0, least: 0 }) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function isErrorList(value: unknown): boolean {
  const isText = (text: unknown) => typeof text === "string";
  return (
    Array.isArray(value) &&
    value.every((item) => isRecord(item) && isText(item.item) && isText(item.during) && isText(item.message))
  );
}

function isInstant(text: string): boolean {
  try {
    instantNs(text);
    return true;
  } catch {
    return false;
  }
}
