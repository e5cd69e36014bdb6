import { randomUUID } from "node:crypto";
import { CompiledQuery } from "kysely";
import type { Logger } from "pino";
import { DomainError, UnavailableError } from "../error/index.ts";
import { backUpSqliteFile } from "./back-up-sqlite-file.ts";
import type { ConnectedDatabase } from "./dialect/dialect.ts";
import { releaseLease, takeLease } from "./lease.ts";
import { type Ddl, type Migration, translateDdl } from "./migrations/ddl.ts";
import { migrations as allMigrations } from "./migrations/index.ts";

const leaseName = "migrate";
const leaseMs = 60_000;
const maximumWaitMs = 120_000;

interface MigrateOptions {
  readonly logger: Logger;
  readonly now?: () => number;
  /** Those to run instead of all that this program knows; for tests. */
  readonly migrations?: readonly Migration[];
}

/** The database has migrations that this program does not know. */
export class NewerDatabaseError extends DomainError {
  constructor(database: string, unknown: string, newestKnown: string) {
    super(
      "MYCLOUD_UNAVAILABLE",
      `the database ${database} is newer than this program: it has migration ${unknown}, the newest known here is ${newestKnown}; start the newer MyCloud, or restore a copy made before the upgrade`,
      false,
    );
  }
}

/**
 * Brings the tables up to date, under a lease so that of several control planes one does it and the others wait. A SQLite file that holds
 * data is copied first. Throws NewerDatabaseError, or UnavailableError when another control plane has been at it for two minutes.
 */
export async function migrate(database: ConnectedDatabase, options: MigrateOptions): Promise<void> {
  const { logger, now = Date.now, migrations = allMigrations } = options;
  const ddl: Ddl = {
    kind: database.dialect.kind,
    async run(statement) {
      await database.db.executeQuery(CompiledQuery.raw(translateDdl(database.dialect.kind, statement)));
    },
    async addColumn(table, column, type) {
      if (ddl.kind === "mariadb")
        return await ddl.run(`alter table ${table} add column if not exists ${column} ${type}`);
      const { rows } = await database.db.executeQuery(
        CompiledQuery.raw("select 1 from pragma_table_info(?) where name = ?", [table, column]),
      );
      if (rows.length === 0) await ddl.run(`alter table ${table} add column ${column} ${type}`);
    },
  };
  await ddl.run(
    "create table if not exists `lease` (`name` VARCHAR(128) not null, `holder` VARCHAR(64) not null, `expires_at_ms` INT not null, primary key (`name`)) KEYED_TABLE_OPTIONS",
  );
  await ddl.run(
    "create table if not exists `migration` (`name` VARCHAR(128) not null, `applied_at_ms` INT not null, primary key (`name`)) KEYED_TABLE_OPTIONS",
  );
  const holder = randomUUID();
  await waitForLease(database, holder, now);
  const renewal = setInterval(() => {
    takeLease(database, leaseName, holder, leaseMs, now()).catch((err: unknown) =>
      logger.warn({ err }, "migration lease could not be extended"),
    );
  }, leaseMs / 3);
  try {
    await runPending(database, ddl, migrations, logger, now);
  } finally {
    clearInterval(renewal);
    await releaseLease(database, leaseName, holder);
  }
}

async function waitForLease(database: ConnectedDatabase, holder: string, now: () => number): Promise<void> {
  const startedAtMs = now();
  while (!(await takeLease(database, leaseName, holder, leaseMs, now()))) {
    if (now() - startedAtMs > maximumWaitMs) {
      throw new UnavailableError("another control plane has been changing the tables for two minutes; look at its log");
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Names of the migrations the database has had, oldest first. */
async function findApplied(database: ConnectedDatabase): Promise<string[]> {
  const { rows } = await database.db.executeQuery<{ name: string }>(
    CompiledQuery.raw("select `name` from `migration` order by `name`"),
  );
  return rows.map((row) => row.name);
}

async function runPending(
  database: ConnectedDatabase,
  ddl: Ddl,
  migrations: readonly Migration[],
  logger: Logger,
  now: () => number,
): Promise<void> {
  const applied = await findApplied(database);
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = applied.filter((name) => !known.has(name)).at(-1);
  if (unknown !== undefined) {
    throw new NewerDatabaseError(database.description, unknown, migrations.at(-1)?.name ?? "none");
  }
  const done = new Set(applied);
  const pending = migrations.filter((migration) => !done.has(migration.name));
  const [first] = pending;
  if (first === undefined) return;
  if (database.filePath !== null && database.filePath !== ":memory:" && applied.length > 0) {
    logger.info({ copy: await backUpSqliteFile(database.filePath, first.name) }, "database copied before migrating");
  }
  for (const migration of pending) {
    const startedAtMs = now();
    await migration.up(ddl);
    await database.db.executeQuery(
      CompiledQuery.raw("insert into `migration` (`name`, `applied_at_ms`) values (?, ?)", [migration.name, now()]),
    );
    logger.debug({ migration: migration.name, milliseconds: now() - startedAtMs }, "migration applied");
  }
  logger.info({ count: pending.length, newest: pending.at(-1)?.name }, "database migrated");
}
