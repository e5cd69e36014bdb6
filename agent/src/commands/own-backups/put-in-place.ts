import { link, lstat, rename, unlink } from "node:fs/promises";
import { CommandError } from "../../command-line/index.ts";

/** Throws CommandError when something is there already. */
export async function refuseExisting(target: string): Promise<void> {
  const found = await lstat(target).catch(() => null);
  if (found !== null) throw alreadyThere(target);
}

/** Gives a finished file its name, in one step; unless forced, never in the place of another. Throws CommandError. */
export async function putInPlace(partial: string, target: string, isForced: boolean): Promise<void> {
  if (isForced) return await rename(partial, target);
  try {
    await link(partial, target);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") throw alreadyThere(target);
    // File systems without hard links: the look at the beginning has to do.
    if (code === "EPERM" || code === "ENOTSUP" || code === "EOPNOTSUPP") return await rename(partial, target);
    throw error;
  }
  await unlink(partial);
}

function alreadyThere(target: string): CommandError {
  return new CommandError(
    "cannotWrite",
    `${target} is there already; give -o another FILE, or --force to overwrite it`,
  );
}
