import { join } from "node:path";
import type { BackupProgram, Invocation } from "./program.ts";

/** rsync to a plain copy: neither history nor encryption nor compression. The least that carrying the files costs. */
export function rsyncProgram(): BackupProgram {
  const rsync = (...args: readonly string[]): Invocation => ({ command: "rsync", args: ["-aHAXS", ...args] });
  return {
    name: "rsync",
    init: () => null,
    backUp: ({ corpus, repository }) => rsync("--delete", `${corpus}/`, `${repository}/`),
    restoreAll: ({ repository }, target) => rsync(`${repository}/`, `${target}/`),
    restoreOne: ({ repository }, target, file) => rsync(join(repository, file), `${target}/`),
    // It keeps no sums of its own: both copies are read and compared.
    verify: ({ corpus, repository }) => rsync("--checksum", "--dry-run", "--delete", `${corpus}/`, `${repository}/`),
    restoredCorpus: (_, target) => target,
  };
}
