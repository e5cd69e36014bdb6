import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { OpenRepository, StoredObject } from "../repository/index.ts";

/** An object that is open for reading; whoever has it closes `file`. */
export interface FoundObject {
  readonly file: FileHandle;
  readonly sizeBytes: number;
  /** Whether it is damaged: its good parts may be worth having. */
  readonly isQuarantined: boolean;
}

/** Opens an object, in its place or in quarantine; null when it is in neither. */
export async function findObject(repository: OpenRepository, object: StoredObject): Promise<FoundObject | null> {
  const inPlace = await openFile(repository.layout.object(object));
  if (inPlace !== null) return { ...inPlace, isQuarantined: false };
  const quarantined = await openFile(join(repository.layout.quarantine, object.type, object.name));
  return quarantined === null ? null : { ...quarantined, isQuarantined: true };
}

async function openFile(path: string): Promise<Pick<FoundObject, "file" | "sizeBytes"> | null> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (file === null) return null;
  try {
    return { file, sizeBytes: (await file.stat()).size };
  } catch (error) {
    await file.close();
    throw error;
  }
}
