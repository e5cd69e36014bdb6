import type { FileInfo } from "../backend/index.ts";
import { parseSnapshot } from "./schema.ts";
import type { StoredSnapshot } from "./snapshot.ts";

/**
 * The snapshot in a file's document. One that was stored again keeps the place of the first: an old snapshot must not become the newest
 * because somebody tagged it. A document can only claim an earlier place than the server counted, never a later one.
 * Throws DamagedError when the document is no snapshot.
 */
export function storedSnapshot(document: unknown, file: FileInfo): StoredSnapshot {
  const snapshot = parseSnapshot(document, file.name);
  const { sequence = null } = file;
  const arrival = snapshot.arrival_sequence ?? sequence;
  return {
    ...snapshot,
    id: file.name,
    sequence: sequence === null || arrival === null ? null : Math.min(sequence, arrival),
  };
}
