import { DatabaseSync } from "node:sqlite";
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { Database } from "../../schema.ts";
import { SqliteFileDriver } from "./sqlite-driver.ts";

/**
 * Opens a SQLite file for Kysely, creating it (mode by the process's umask). Throws node:sqlite's error when it cannot be opened or is
 * no database.
 *
 * `synchronous = FULL`: in WAL mode each commit is then synced before it returns, so that what was acknowledged survives a power cut as
 * well as kill -9; NORMAL would lose the last commits to a power cut. It costs one fsync per transaction, which grouped ingest shares among requests.
 */
export function openSqlite(path: string): { readonly db: Kysely<Database>; readonly file: DatabaseSync } {
  const file = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: true });
  try {
    file.exec("pragma journal_mode = wal");
    file.exec("pragma synchronous = full");
    file.exec("pragma cache_size = -65536");
    file.exec("pragma wal_autocheckpoint = 4000");
    file.exec("pragma temp_store = memory");
    file.exec("pragma trusted_schema = off");
    // A file that is not a database is noticed here, not at the first query.
    file.prepare("select count(*) from sqlite_schema").get();
  } catch (error) {
    file.close();
    throw error;
  }
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new SqliteFileDriver(file),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  return { db, file };
}
