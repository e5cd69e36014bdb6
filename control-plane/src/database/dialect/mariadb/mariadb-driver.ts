import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import type { Pool, PoolConnection, UpsertResult } from "mariadb";

/** One pooled connection to MariaDB. */
class MariadbConnection implements DatabaseConnection {
  readonly raw: PoolConnection;

  constructor(raw: PoolConnection) {
    this.raw = raw;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = [...query.parameters];
    const result: R[] | UpsertResult =
      "isPrepared" in query
        ? await this.raw.execute(query.sql, parameters)
        : await this.raw.query(query.sql, parameters);
    if (Array.isArray(result)) return { rows: result };
    const { affectedRows, insertId } = result;
    return {
      rows: [],
      numAffectedRows: BigInt(affectedRows),
      ...(insertId ? { insertId: BigInt(insertId) } : {}),
    };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    for await (const row of this.raw.queryStream(query.sql, [...query.parameters])) yield { rows: [row] };
  }
}

const connections = new WeakMap<PoolConnection, MariadbConnection>();

function rawOf(connection: DatabaseConnection): PoolConnection {
  if (!(connection instanceof MariadbConnection)) throw new Error("not a connection of this driver");
  return connection.raw;
}

/** Kysely driver over the `mariadb` connector's pool. */
export class MariadbDriver implements Driver {
  readonly #open: () => Pool;
  #pool: Pool | undefined;

  constructor(open: () => Pool) {
    this.#open = open;
  }

  /** Not before: Kysely destroys no driver that was never used, and a pool keeps a connection. */
  async init(): Promise<void> {
    this.#pool = this.#open();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#pool === undefined) throw new Error("the driver is not initialised");
    const raw = await this.#pool.getConnection();
    const connection = connections.get(raw) ?? new MariadbConnection(raw);
    connections.set(raw, connection);
    return connection;
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await rawOf(connection).release();
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const { isolationLevel } = settings;
    if (isolationLevel !== undefined) {
      await connection.executeQuery(CompiledQuery.raw(`set transaction isolation level ${isolationLevel}`));
    }
    await rawOf(connection).beginTransaction();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    // As a statement: the connector's commit() skips the round trip when it believes no transaction is open, and so would hide a Galera abort.
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint \`${name}\``));
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to savepoint \`${name}\``));
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release savepoint \`${name}\``));
  }

  async destroy(): Promise<void> {
    await this.#pool?.end();
  }
}
