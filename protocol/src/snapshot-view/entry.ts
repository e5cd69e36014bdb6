import { z } from "zod";

export const SnapshotId = z.string().regex(/^[0-9a-f]{64}$/, "is no snapshot id: 64 hexadecimal digits");
export type SnapshotId = z.infer<typeof SnapshotId>;

/**
 * A path in a snapshot, absolute: `/` is the whole. Bytes that are no UTF-8 or cannot be shown are written `\xNN` and a backslash `\\`, so that
 * every name has exactly one text.
 */
export const ViewPath = z
  .string()
  .max(16_384)
  .refine((path) => path.startsWith("/"), "does not begin with /");
export type ViewPath = z.infer<typeof ViewPath>;

export const EntryType = z.enum(["file", "dir", "symlink", "dev", "chardev", "fifo", "socket", "irregular"]);
export type EntryType = z.infer<typeof EntryType>;

/** One file or folder of a snapshot. */
export const SnapshotEntry = z.object({
  /** Written as ViewPath is; without a slash. */
  name: z.string(),
  path: z.string(),
  type: EntryType,
  /** Of a file; null of anything else. */
  sizeBytes: z.number().nullable(),
  modifiedAtMs: z.number(),
  /** Permission bits, as in `ls -l`: `-rw-r--r--`. */
  mode: z.string(),
  user: z.string(),
  group: z.string(),
  linkTarget: z.string().nullable(),
  /** The same for the same content, in one repository; null for what has none. */
  contentId: z.string().nullable(),
});
export type SnapshotEntry = z.infer<typeof SnapshotEntry>;
