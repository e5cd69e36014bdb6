import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { pino } from "pino";
import {
  createDatabase,
  dropDatabase,
  isMariadbInstalled,
  type MariadbPeer,
  startMariadb,
} from "../../../../test/peers/mariadb.ts";
import { connectDatabase } from "../connect-database.ts";
import type { ConnectedDatabase, Dialect } from "../dialect/dialect.ts";
import { migrate } from "../migrate.ts";
import type { Migration } from "../migrations/ddl.ts";
import { writeMigratedFile } from "./migrated-file.ts";
import { createMigratedTables } from "./migrated-schema.ts";

export interface OpenOptions {
  /** Migrate with these only; `null` leaves the database empty. */
  readonly migrations?: readonly Migration[] | null;
  /** Opens the same database again, as a second control plane would. */
  readonly location?: string;
}

/** Opens a database that is removed when the test file ends; freshly migrated unless asked otherwise. */
export interface OpenDatabase {
  (options?: OpenOptions): Promise<ConnectedDatabase>;
  /** Where the last database opened lies. */
  location(): string;
}

const wanted = process.env.MYCLOUD_TEST_DIALECT || undefined;
const silent = pino({ level: "silent" });

/**
 * Declares the same tests for SQLite and for MariaDB, each in its own `describe`. `open` may be called in tests and in `before` hooks.
 * `MYCLOUD_TEST_DIALECT=sqlite|mariadb` narrows. Without mariadbd its half is skipped, unless CI=true.
 *
 * @example
 * forEachDialect((dialect, open) => {
 *   it("stores a host", async () => {
 *     const { db } = await open();
 *   });
 * });
 */
export function forEachDialect(declare: (dialect: Dialect["kind"], open: OpenDatabase) => void): void {
  if (wanted !== "mariadb") describe("on sqlite", () => declareOnSqlite(declare));
  if (wanted !== "sqlite") describe("on mariadb", skipWithoutMariadb, () => declareOnMariadb(declare));
}

const isMissing = wanted !== "sqlite" && process.env.CI !== "true" && !isMariadbInstalled();
const skipWithoutMariadb = { skip: isMissing ? "mariadbd is not installed" : false };

function declareOnSqlite(declare: Parameters<typeof forEachDialect>[0]): void {
  let directory = "";
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "mycloud-sqlite-"));
  });
  const open = keepOpen(async () => join(directory, `${randomBytes(6).toString("hex")}.sqlite`), writeMigratedFile);
  declare("sqlite", open.open);
  after(async () => {
    await open.closeAll();
    await rm(directory, { recursive: true, force: true });
  });
}

function declareOnMariadb(declare: Parameters<typeof forEachDialect>[0]): void {
  let peer: MariadbPeer | undefined;
  const names: string[] = [];
  const open = keepOpen(
    async () => {
      peer ??= await startMariadb();
      const name = `mycloud_test_${randomBytes(6).toString("hex")}`;
      names.push(name);
      return await createDatabase(peer.url, name);
    },
    async (location) => {
      if (peer !== undefined) await createMigratedTables(peer.url, location);
    },
  );
  before(async () => {
    peer ??= await startMariadb();
  });
  declare("mariadb", open.open);
  after(async () => {
    await open.closeAll();
    if (peer === undefined) return;
    for (const name of names) await dropDatabase(peer.url, name);
    await peer.stop();
  });
}

function keepOpen(
  newLocation: () => Promise<string>,
  makeMigrated: (location: string) => Promise<void>,
): { open: OpenDatabase; closeAll(): Promise<void> } {
  const opened = new Set<ConnectedDatabase>();
  let latest = "";
  const openOne = async (options: OpenOptions = {}): Promise<ConnectedDatabase> => {
    latest = options.location ?? (await newLocation());
    if (options.location === undefined && options.migrations === undefined) await makeMigrated(latest);
    const database = await connectDatabase(latest, silent);
    opened.add(database);
    if (options.migrations !== null) {
      await migrate(database, {
        logger: silent,
        ...(options.migrations === undefined ? {} : { migrations: options.migrations }),
      });
    }
    return {
      ...database,
      close: async () => {
        if (opened.delete(database)) await database.close();
      },
    };
  };
  return {
    open: Object.assign(openOne, { location: () => latest }),
    async closeAll() {
      for (const database of opened) await database.close();
      opened.clear();
    },
  };
}
