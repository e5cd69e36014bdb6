import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A place for temporary files of tests whose matter is not the disk. */
export interface QuickDirectory {
  readonly path: string;
  remove(): void;
}

const inMemory = "/dev/shm";
const leastFreeBytes = 4 * 1024 ** 3;

/**
 * A directory in memory where there is room and programs may be started from it, else one among the temporary files: tests make and drop
 * hundreds of databases, and waiting for a disk's syncs is most of what they would do. Its path is short, as sockets lie in it.
 */
export function makeQuickDirectory(): QuickDirectory {
  const path = inMemoryDirectory() ?? mkdtempSync(join(tmpdir(), "mycloud-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function inMemoryDirectory(): string | undefined {
  let path: string | undefined;
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    if (bavail * bsize < leastFreeBytes) return undefined;
    path = mkdtempSync(join(inMemory, "mc-"));
    // A server that runs as another user has to reach what is its own in there.
    chmodSync(path, 0o755);
    const program = join(path, "program");
    writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
    execFileSync(program);
    rmSync(program);
    return path;
  } catch {
    if (path !== undefined) rmSync(path, { recursive: true, force: true });
    return undefined;
  }
}
