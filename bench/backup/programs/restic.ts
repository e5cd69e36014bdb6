import { join } from "node:path";
import type { BackupProgram, Invocation, Places } from "./program.ts";

/** restic as people run it: compression "auto", its cache where it wants one. */
export function resticProgram(password: string): BackupProgram {
  const restic = (places: Places, ...args: readonly string[]): Invocation => ({
    command: "restic",
    args: [...args, "--quiet"],
    env: {
      RESTIC_REPOSITORY: places.repository,
      RESTIC_PASSWORD: password,
      RESTIC_CACHE_DIR: join(places.state, "cache"),
    },
  });
  return {
    name: "restic",
    init: (places) => restic(places, "init"),
    backUp: (places) => restic(places, "backup", places.corpus),
    restoreAll: (places, target) => restic(places, "restore", "latest", "--target", target),
    restoreOne: (places, target, file) =>
      restic(places, "restore", "latest", "--target", target, "--include", join(places.corpus, file)),
    verify: (places) => restic(places, "check", "--read-data"),
    restoredCorpus: (places, target) => join(target, places.corpus),
  };
}
