import type { Kysely, Transaction } from "kysely";
import type { Logger } from "pino";
import { InputError, UnavailableError } from "../error/index.ts";
import type { ConnectedDatabase, Dialect } from "./dialect/dialect.ts";
import { mariadbDialect } from "./dialect/mariadb/mariadb-dialect.ts";
import { openMariadb, tryMariadb } from "./dialect/mariadb/open-mariadb.ts";
import { openSqlite } from "./dialect/sqlite/open-sqlite.ts";
import { sqliteDialect } from "./dialect/sqlite/sqlite-dialect.ts";
import type { Database } from "./schema.ts";

const maximumAttempts = 8;
const longTransactionMs = 30_000;

/**
 * Opens the database at a `mariadb://` URL or a SQLite file's path. Throws InputError for a URL it does not understand and
 * UnavailableError when the database does not answer.
 */
export async function connectDatabase(location: string, logger: Logger): Promise<ConnectedDatabase> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return await connectMariadb(location, logger);
  let opened: ReturnType<typeof openSqlite>;
  try {
    opened = openSqlite(location);
  } catch (error) {
    throw new UnavailableError(`cannot open the database ${location}: ${messageOf(error)}`, 5, error);
  }
  return connected(opened.db, sqliteDialect, location, location, logger);
}

async function connectMariadb(location: string, logger: Logger): Promise<ConnectedDatabase> {
  const url = URL.parse(location);
  if (url === null || !["mariadb:", "mysql:"].includes(url.protocol) || url.pathname.length < 2) {
    throw new InputError(
      `database URL ${withoutPassword(location)} is not understood; write mariadb://user:password@host:port/database or leave it out for SQLite`,
    );
  }
  const description = withoutPassword(location);
  try {
    await tryMariadb(url);
  } catch (error) {
    throw new UnavailableError(`cannot reach the database ${description}: ${messageOf(error)}`, 5, error);
  }
  const { db } = openMariadb(url);
  return connected(db, mariadbDialect, description, null, logger);
}

function connected(
  db: Kysely<Database>,
  dialect: Dialect,
  description: string,
  filePath: string | null,
  logger: Logger,
): ConnectedDatabase {
  async function transaction<T>(work: (tx: Transaction<Database>) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const watch = setTimeout(
        () => logger.error("a transaction has been open for 30 s; is db used inside of one, where tx belongs?"),
        longTransactionMs,
      );
      watch.unref();
      try {
        return await db.transaction().execute(work);
      } catch (error) {
        if (attempt >= maximumAttempts || !dialect.isTransient(error)) throw error;
        logger.debug({ attempt, err: error }, "transaction runs again");
        await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** attempt * 5, 500)));
      } finally {
        clearTimeout(watch);
      }
    }
  }
  return { db, dialect, description, filePath, transaction, close: () => db.destroy() };
}

/** The location without its password, for logs and messages. */
export function withoutPassword(location: string): string {
  const at = location.lastIndexOf("@");
  const credentials = /^[a-z][a-z0-9+.-]*:\/\/[^:/@]*:/i.exec(location);
  return credentials === null || at < credentials[0].length ? location : `${credentials[0]}***${location.slice(at)}`;
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(conn:[^)]*\)\s*/, "").split("\n")[0] ?? "";
}
