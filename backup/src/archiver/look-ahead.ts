import { cwd } from "node:process";
import { byteString } from "../byte-string/index.ts";
import type { BackupOptions } from "./backup-options.ts";
import { resolvePath } from "./walking/clean-path.ts";
import { LookAhead } from "./walking/look-ahead.ts";
import { createSelector } from "./walking/selection.ts";

/**
 * Begins to look at what a backup with these options will look at, between other work of this thread, until it is stopped: for the time
 * in which the repository is being opened. Throws InputError for a malformed pattern.
 */
export function lookAhead({ source, exclude }: Pick<BackupOptions, "source" | "exclude">): LookAhead {
  const ahead = new LookAhead(createSelector(exclude ?? {}));
  const workingDirectory = byteString(cwd());
  const paths = source.kind === "paths" ? source.paths.map((path) => resolvePath(workingDirectory, path)) : [];
  void ahead.run(paths);
  return ahead;
}
