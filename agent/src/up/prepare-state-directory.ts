import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError } from "../command-line/index.ts";

/** Makes the state directory (mode 0750) and proves that it can be written. Throws CommandError that says what is wrong. */
export async function prepareStateDirectory(stateDir: string): Promise<void> {
  // Asking access(2) is not enough: a read-only or full file system says yes.
  const probe = join(stateDir, `.writable-${process.pid}`);
  try {
    await makeDirectory(stateDir);
    await writeFile(probe, "");
    await rm(probe);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new CommandError(
      "cannotWrite",
      `the state directory ${stateDir} cannot be written: ${words[code] ?? code}; choose another with --state-dir DIR`,
      { cause: error },
    );
  }
}

const words: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is no directory",
  EEXIST: "it is a file",
  ENOENT: "a part of the path cannot be made",
};

/** Makes a directory and the missing ones above it. Node's own `recursive` never returns where mkdir says ENOENT for ever, as in /proc. */
async function makeDirectory(path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) return;
  if (dirname(path) !== path) await makeDirectory(dirname(path));
  await mkdir(path, { mode: 0o750 }).catch(async (error: unknown) => {
    // Somebody else was a moment faster.
    const made = await stat(path).catch(() => undefined);
    if (!made?.isDirectory()) throw error;
  });
}
