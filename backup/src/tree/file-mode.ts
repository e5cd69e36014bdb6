import type { NodeType } from "./node.ts";

// Go's os.FileMode: permissions where the system has them, the rest in bits of its own from the top.
const setUserId = 2 ** 23;
const setGroupId = 2 ** 22;
const sticky = 2 ** 20;

const typeBits = {
  file: 0,
  dir: 2 ** 31,
  symlink: 2 ** 27,
  dev: 2 ** 26,
  chardev: 2 ** 26 + 2 ** 21,
  fifo: 2 ** 25,
  socket: 2 ** 24,
  irregular: 2 ** 19,
} satisfies Record<NodeType, number>;

/** st_mode & 0o7777 and the type as Go's os.FileMode, which restic stores. */
export function goFileMode(type: NodeType, mode: number): number {
  return (
    typeBits[type] +
    (mode & 0o777) +
    (mode & 0o4000 ? setUserId : 0) +
    (mode & 0o2000 ? setGroupId : 0) +
    (mode & 0o1000 ? sticky : 0)
  );
}

/** st_mode & 0o7777 of an os.FileMode (0..2^32 - 1). */
export function systemMode(fileMode: number): number {
  return (
    (fileMode & 0o777) +
    (fileMode & setUserId ? 0o4000 : 0) +
    (fileMode & setGroupId ? 0o2000 : 0) +
    (fileMode & sticky ? 0o1000 : 0)
  );
}
