import { hashFile } from "../object/hash-file.ts";
import { readConfigRecord } from "../object/store-object.ts";
import type { OpenRepository, StoredObject } from "../repository/index.ts";

/** What reading an object gave. */
export type Verdict =
  | { readonly kind: "good"; readonly bytes: number }
  | { readonly kind: "gone" }
  /** It may be whole, but the server may not read it. */
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "bad"; readonly bytes: number; readonly reason: string; readonly inode: bigint | null };

/** Reads an object and compares its SHA-256 with its name; that of `config` with what it was when it came. */
export async function judgeObject(
  repository: OpenRepository,
  object: StoredObject,
  beforeRead: (bytes: number) => Promise<void>,
  signal: AbortSignal,
): Promise<Verdict> {
  try {
    const { sha256, sizeBytes, inode } = await hashFile(repository.layout.object(object), beforeRead);
    const expected = object.type === "config" ? await readConfigRecord(repository) : object.name;
    if (expected === null || expected === sha256) return { kind: "good", bytes: sizeBytes };
    return { kind: "bad", bytes: sizeBytes, reason: `its SHA-256 is ${sha256}`, inode };
  } catch (error) {
    if (signal.aborted) throw error;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return { kind: "gone" };
    // What the disk cannot read is as lost as what it reads wrongly.
    if (code === "EIO" || code === "EUCLEAN" || code === "EBADMSG")
      return { kind: "bad", bytes: 0, reason: `it cannot be read: ${code}`, inode: null };
    // Somebody copied it here with an owner or a mode of their own. Too many open files and the like are faults of ours.
    if (code === "EACCES" || code === "EPERM") return { kind: "unreadable", reason: `it cannot be read: ${code}` };
    throw error;
  }
}
