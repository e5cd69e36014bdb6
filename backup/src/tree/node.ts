import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";

export const nodeTypes = ["file", "dir", "symlink", "dev", "chardev", "fifo", "socket", "irregular"] as const;
export type NodeType = (typeof nodeTypes)[number];

/** An instant as restic writes it: RFC 3339 with up to nine digits of fraction, e.g. `2024-02-29T12:00:00.000000001Z`. Ours are in UTC. */
export type InstantText = string;

/** An extended attribute (also POSIX ACLs: `system.posix_acl_access`). The value is base64, as the format has it. */
export interface ExtendedAttribute {
  readonly name: ByteString;
  readonly value: string;
}

/**
 * An entry of a directory, as restic's `Node` (doc/design.rst, "Trees and Data"). `mode` is the system's st_mode (not Go's os.FileMode,
 * which exists only in the encoding). Absent means what the format's omitted field means: zero or none.
 */
export interface Node {
  readonly name: ByteString;
  readonly type: NodeType;
  /** Permission, set-id and sticky bits: st_mode & 0o7777. */
  readonly mode: number;
  readonly mtime: InstantText;
  readonly atime: InstantText;
  readonly ctime: InstantText;
  readonly uid: number;
  readonly gid: number;
  readonly user?: string;
  readonly group?: string;
  /** st_ino and st_dev; beyond 2^53 they are kept exactly, so they are text. */
  readonly inode?: string;
  readonly deviceId?: string;
  /** Bytes; regular files only. */
  readonly size?: number;
  readonly links?: number;
  readonly linkTarget?: ByteString;
  readonly extendedAttributes?: readonly ExtendedAttribute[];
  /** Beyond restic's own fields, in its `generic_attributes`: see docs/design.md. Values are JSON. Ours: `linux.sparse` (true), `linux.flags` (number). */
  readonly genericAttributes?: Readonly<Record<string, unknown>>;
  /** st_rdev of devices, as text. */
  readonly device?: string;
  /** Data blobs of a regular file, in order. Null for everything else. */
  readonly content: readonly Id[] | null;
  readonly subtree?: Id;
  readonly error?: string;
}
