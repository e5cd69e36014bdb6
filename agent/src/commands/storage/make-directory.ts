import { mkdir } from "node:fs/promises";
import { CommandError } from "../../command-line/index.ts";

/** Makes a directory for secrets, mode 0700, and those above it. Throws CommandError that says why it cannot be. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new CommandError("cannotWrite", `${path} cannot be made (${code}); choose another with --state-dir DIR`, {
      cause: error,
    });
  }
}
