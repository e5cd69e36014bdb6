import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeAtExit } from "./at-exit.ts";

/**
 * A fresh directory below the system's temporary one. It is removed when the test process ends, after the processes that use it are gone,
 * and kept when MYCLOUD_TEST_KEEP is set.
 */
export async function temporaryDirectory(name = "test"): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `mycloud-${name}-`));
  removeAtExit(() => {
    if (!process.env.MYCLOUD_TEST_KEEP) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  });
  return directory;
}
