import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";

const keptCopies = 3;

/**
 * Copies a SQLite file to `<file>.before-<migration>` beside it, consistently while it is in use, and keeps the newest three such copies.
 * Answers the copy's path.
 */
export async function backUpSqliteFile(filePath: string, migrationName: string): Promise<string> {
  const target = `${filePath}.before-${migrationName}`;
  const partial = `${target}.partial`;
  await rm(partial, { force: true });
  const source = new DatabaseSync(filePath, { timeout: 10_000 });
  try {
    await backup(source, partial);
  } finally {
    source.close();
  }
  await rename(partial, target);
  await removeOldCopies(filePath);
  return target;
}

async function removeOldCopies(filePath: string): Promise<void> {
  const folder = dirname(filePath);
  const prefix = `${basename(filePath)}.before-`;
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix) && !name.endsWith(".partial"));
  const copies = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), atMs: (await stat(join(folder, name))).mtimeMs })),
  );
  copies.sort((a, b) => b.atMs - a.atMs || b.path.localeCompare(a.path));
  for (const { path } of copies.slice(keptCopies)) await rm(path, { force: true });
}
