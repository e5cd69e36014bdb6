import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory that holds `bin/mycloud` and the workspaces. */
export const rootDirectory = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** Where an installed (not cloned) MyCloud keeps its state. */
export const installedStateDirectory = "/var/lib/mycloud";

/** `./var` of the clone when this program runs from one, `/var/lib/mycloud` when it was installed. */
export function defaultStateDirectory(root = rootDirectory): string {
  return existsSync(join(root, ".git")) ? join(root, "var") : installedStateDirectory;
}

/** Resolves a path that a person typed against where they stand. */
export function resolveFrom(workingDirectory: string, path: string): string {
  return resolve(workingDirectory, path);
}
