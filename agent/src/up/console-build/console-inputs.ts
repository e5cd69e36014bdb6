import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

const inputs = [
  "admin-ui/index.html",
  "admin-ui/vite.config.ts",
  "admin-ui/package.json",
  "admin-ui/public",
  "admin-ui/src",
  "package-lock.json",
  "protocol/src",
];

const isLeftOut = (name: string) => /\.(test|stories)\.tsx?$/.test(name);

/** A hash over everything the console is built of; undefined when its sources are not here (an installed MyCloud). */
export async function hashConsoleInputs(root: string): Promise<string | undefined> {
  if (!existsSync(join(root, "admin-ui/index.html"))) return undefined;
  const hash = createHash("sha256");
  for (const file of await listFiles(root))
    hash
      .update(`${file}\0`)
      .update(await readFile(join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

async function listFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  for (const input of inputs) {
    const path = join(root, input);
    if (!existsSync(path)) continue;
    const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) files.push(input);
    else {
      const found = entries.filter((entry) => entry.isFile() && !isLeftOut(entry.name));
      files.push(...found.map((entry) => relative(root, join(entry.parentPath, entry.name))));
    }
  }
  return files.sort();
}
