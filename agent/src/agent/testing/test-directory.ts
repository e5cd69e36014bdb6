import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const directories: string[] = [];
process.on("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A new empty directory, removed when the test's process ends. */
export function testDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-"));
  directories.push(directory);
  return directory;
}
