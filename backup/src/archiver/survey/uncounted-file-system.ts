import { statfsSync } from "node:fs";
import type { Directory } from "../../filesystem/index.ts";

/** File systems (statfs(2), linux/magic.h) whose files are made up by the kernel: their sizes mean nothing, and save nothing. */
const ofKernel = [
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0xcafe4a11, 0x1cd1, 0x6c6f6f70,
  0x19800202, 0x62656570, 0x6165676c, 0xf97cff8c, 0xde5e81e4, 0x42494e4d, 0x6e736673,
];
/** NFS, SMB, Ceph, AFS, 9P, FUSE, and autofs, which mounts what is looked at: slow, or gone, and none of this machine's. */
const ofOthers = [
  0x6969, 0xff534d42, 0xfe534d42, 0x517b, 0xc36400, 0x5346414f, 0x6b414653, 0x01021997, 0x65735546, 0x0187,
];
const uncounted = new Set([...ofKernel, ...ofOthers]);

/** Whether what is mounted here is not worth looking into only to know how much is left out. */
export function isUncounted(directory: Directory): boolean {
  try {
    return uncounted.has(statfsSync(`/proc/self/fd/${directory.fd}`).type);
  } catch {
    return false;
  }
}
