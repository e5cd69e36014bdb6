import { Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from "kysely";
import { type ConnectionConfig, createConnection, createPool } from "mariadb";
import type { Database } from "../../schema.ts";
import { MariadbDriver } from "./mariadb-driver.ts";

class MariadbAdapter extends MysqlAdapter {
  override get supportsReturning(): boolean {
    return true;
  }
}

/** How many connections one control plane may hold. */
const connectionLimit = 12;

/** How to connect, whether from the pool or once. */
function settingsOf(url: URL): ConnectionConfig {
  return {
    host: url.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1",
    port: url.port === "" ? 3306 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    // Longer than the 6 s for which a Galera cluster pauses when it loses a node.
    connectTimeout: 10_000,
    // Everything arrives as on SQLite: numbers as numbers, JSON as text.
    bigIntAsNumber: true,
    insertIdAsNumber: true,
    decimalAsNumber: true,
    checkNumberRange: true,
    autoJsonMap: false,
    dateStrings: true,
    timezone: "Z",
    prepareCacheLength: 256,
    charset: "utf8mb4",
    collation: "UTF8MB4_NOPAD_BIN",
    // A statement's values belong in no error message.
    logParam: false,
    // Read committed: no gap locks, so that ingest from many requests does not deadlock; the isolation Galera can keep, too.
    initSql: [
      "set session sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION'",
      "set session transaction isolation level read committed",
      "set session innodb_lock_wait_timeout = 10",
    ],
  };
}

/** Connects once. Rejects at once and with the reason, where a pool would try for its whole time and then say only that. */
export async function tryMariadb(url: URL): Promise<void> {
  const connection = await createConnection(settingsOf(url));
  await connection.end();
}

/** Opens a pool on `mariadb://user:password@host:port/database` for Kysely; connects when first used. */
export function openMariadb(url: URL): { readonly db: Kysely<Database> } {
  const open = () =>
    createPool({ ...settingsOf(url), connectionLimit, minimumIdle: 1, idleTimeout: 600, acquireTimeout: 12_000 });
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new MariadbAdapter(),
      createDriver: () => new MariadbDriver(open),
      createIntrospector: (kysely) => new MysqlIntrospector(kysely),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
  });
  return { db };
}
