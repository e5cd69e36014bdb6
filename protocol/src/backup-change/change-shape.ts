import { z } from "zod";

const count = z.number().int().min(0);

/** How the files of a snapshot differ from those of the one before; counts are of regular files. */
export const ChangeShape = z.object({
  filesBefore: count,
  added: count,
  removed: count,
  changed: count,
  /** Changed files nothing of whose content was kept. */
  rewritten: count,
  /** Files that were compressible, or of a form that their name promised, and look like random bytes now; also under another name. */
  scrambled: count,
  /** Of these, files that have another extension now. */
  scrambledRenamed: count,
  /** The extension that most of those got; null without any. */
  newExtension: z.string().max(64).nullable(),
  /** Content that was added, and the part of it that could not be compressed. */
  addedBytes: z.number(),
  incompressibleBytes: z.number(),
  /** Content of the files that are gone, and of the archives that came. */
  removedBytes: z.number().default(0),
  archivedBytes: z.number().default(0),
  /** Canary files that changed or are gone, the first of them. */
  canaries: z.array(z.string().max(4096)).max(20),
  /** Some of the scrambled files. */
  examples: z.array(z.string().max(4096)).max(10),
});
export type ChangeShape = z.infer<typeof ChangeShape>;
