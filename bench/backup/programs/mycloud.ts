import { join } from "node:path";
import { repositoryRoot } from "../../../test/support/index.ts";
import type { BackupProgram, Invocation, Places } from "./program.ts";

/** `mycloud repo`; the repository is a directory or on a server. */
export function mycloudProgram(name: string, password: string): BackupProgram {
  const repo = (places: Places, ...args: readonly string[]): Invocation => ({
    command: join(repositoryRoot, "bin/mycloud"),
    args: ["repo", ...args, "--quiet"],
    env: {
      MYCLOUD_REPOSITORY: places.repository,
      // As restic gets it in this comparison.
      RESTIC_PASSWORD: password,
      RESTIC_CACHE_DIR: join(places.state, "cache"),
    },
  });
  return {
    name,
    init: (places) => repo(places, "init"),
    backUp: (places) => repo(places, "backup", places.corpus),
    restoreAll: (places, target) => repo(places, "restore", "latest", "--to", target),
    restoreOne: (places, target, file) =>
      repo(places, "restore", "latest", "--to", target, "--include", join(places.corpus, file)),
    verify: (places) => repo(places, "verify", "--read-data"),
    restoredCorpus: (places, target) => join(target, places.corpus),
  };
}
