import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { connectDatabase } from "../connect-database.ts";
import { migrate } from "../migrate.ts";

let made: Promise<Uint8Array> | undefined;

/** Writes a SQLite database that has had all migrations and holds nothing else. They are run once in a process, which takes a sixth of a second. */
export async function writeMigratedFile(path: string): Promise<void> {
  made ??= make();
  await writeFile(path, await made, { mode: 0o600 });
}

async function make(): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-migrated-"));
  const path = join(directory, "migrated.sqlite");
  try {
    const logger = pino({ level: "silent" });
    const database = await connectDatabase(path, logger);
    await migrate(database, { logger });
    await database.close();
    return await readFile(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
