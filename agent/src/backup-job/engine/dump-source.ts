import { createReadStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BackupSource } from "@mycloud/backup/archiver";
import { byteString } from "@mycloud/backup/byte-string";
import { type BackupDump, dumpFileName } from "@mycloud/protocol/backup-policy";

/** Where dumps lie in their snapshots. */
const dumpDirectory = "dumps";

/** The program that prints a dump; null for SQLite, which needs none. `isRoot` decides whether PostgreSQL is asked as its own user. Pure. */
export function dumpCommand(dump: BackupDump, isRoot: boolean): readonly [string, ...string[]] | null {
  switch (dump.preset) {
    case "mariadb": {
      const what = dump.database === null ? ["--all-databases"] : ["--databases", dump.database];
      return ["mariadb-dump", "--single-transaction", "--routines", "--events", "--triggers", ...what];
    }
    case "postgresql": {
      const asOwner = isRoot ? (["runuser", "-u", "postgres", "--"] as const) : ([] as const);
      const dumping =
        dump.database === null
          ? (["pg_dumpall", "--no-password"] as const)
          : (["pg_dump", "--no-password", "--create", `--dbname=${dump.database}`] as const);
      const [program, ...rest] = [...asOwner, ...dumping];
      return program === undefined ? null : [program, ...rest];
    }
    case "sqlite":
      return null;
  }
}

/** Does some work with a dump as a source; a copy of an SQLite database is removed afterwards. */
export async function withDumpSource<Result>(
  dump: BackupDump,
  scratchDirectory: string,
  work: (source: BackupSource) => Promise<Result>,
): Promise<Result> {
  const fileName = byteString(`${dumpDirectory}/${dumpFileName(dump)}`);
  const command = dumpCommand(dump, process.getuid?.() === 0);
  if (command !== null) return await work({ kind: "command", command, fileName });
  if (dump.preset !== "sqlite") throw new Error(`there is no program for ${dump.preset}`);
  const { backup, DatabaseSync } = await import("node:sqlite");
  await mkdir(scratchDirectory, { recursive: true, mode: 0o700 });
  const copy = join(scratchDirectory, "sqlite-copy");
  await rm(copy, { force: true });
  const database = new DatabaseSync(dump.path, { readOnly: true });
  try {
    // SQLite's own online backup: whole also while others write.
    await backup(database, copy);
    return await work({ kind: "stream", content: createReadStream(copy), fileName });
  } finally {
    database.close();
    await rm(copy, { force: true });
  }
}
