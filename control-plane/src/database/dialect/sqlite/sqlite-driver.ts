import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryCompiler,
  type QueryResult,
  SelectQueryNode,
} from "kysely";
import type { Row } from "../dialect.ts";

const maximumCachedStatements = 500;

interface CachedStatement {
  readonly statement: StatementSync;
  /** It is a SELECT, or has a RETURNING clause. */
  readonly answersRows: boolean;
}

/** One connection on a `node:sqlite` file; Kysely lets one query or transaction at a time use it. */
class SqliteConnection implements DatabaseConnection {
  readonly #file: DatabaseSync;
  // In the order of last use: the first is the one to drop.
  readonly #statements = new Map<string, CachedStatement>();

  constructor(file: DatabaseSync) {
    this.#file = file;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, answersRows } = this.#prepare(query.sql);
    if ("rows" in query) return this.#repeat(statement, query.rows as readonly Row[]);
    const parameters = query.parameters as readonly SQLInputValue[];
    if (answersRows) return { rows: statement.all(...parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    if (!SelectQueryNode.is(query.query)) throw new Error("only a SELECT can be streamed");
    // Not from the cache: the cursor stays open while other code runs.
    const statement = this.#file.prepare(query.sql);
    for (const row of statement.iterate(...(query.parameters as readonly SQLInputValue[]))) yield { rows: [row as R] };
  }

  /** All rows or none; outside of a transaction each row would be a commit, and so a sync, of its own. */
  #repeat<R>(statement: StatementSync, rows: readonly Row[]): QueryResult<R> {
    if (this.#file.isTransaction) return repeat(statement, rows);
    this.#file.exec("begin immediate");
    try {
      const result = repeat<R>(statement, rows);
      this.#file.exec("commit");
      return result;
    } catch (error) {
      if (this.#file.isTransaction) this.#file.exec("rollback");
      throw error;
    }
  }

  #prepare(sql: string): CachedStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
    }
    const statement = this.#file.prepare(sql);
    const prepared = { statement, answersRows: statement.columns().length > 0 };
    this.#statements.set(sql, prepared);
    if (this.#statements.size > maximumCachedStatements) {
      const [oldest] = this.#statements.keys();
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    return prepared;
  }

  /** A change of the tables makes prepared statements stale. */
  forgetStatements(): void {
    this.#statements.clear();
  }
}

function repeat<R>(statement: StatementSync, rows: readonly Row[]): QueryResult<R> {
  if (statement.columns().length > 0) {
    return { rows: rows.flatMap((row) => statement.all(...row) as R[]) };
  }
  let changes = 0;
  for (const row of rows) changes += Number(statement.run(...row).changes);
  return { rows: [], numAffectedRows: BigInt(changes) };
}

/** Kysely driver over `node:sqlite`. */
export class SqliteFileDriver implements Driver {
  readonly #file: DatabaseSync;
  readonly #connection: SqliteConnection;

  constructor(file: DatabaseSync) {
    this.#file = file;
    this.#connection = new SqliteConnection(file);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  // Immediate: a transaction that first reads and then writes would otherwise fail with SQLITE_BUSY, not wait, when another process wrote between.
  async beginTransaction(): Promise<void> {
    this.#file.exec("begin immediate");
  }

  async commitTransaction(): Promise<void> {
    this.#file.exec("commit");
  }

  async rollbackTransaction(): Promise<void> {
    // A full disk or an I/O error has rolled back already.
    if (this.#file.isTransaction) this.#file.exec("rollback");
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint "${name}"`));
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to "${name}"`));
  }

  async releaseSavepoint(
    connection: DatabaseConnection,
    name: string,
    _compileQuery: QueryCompiler["compileQuery"],
  ): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release "${name}"`));
  }

  async destroy(): Promise<void> {
    this.#connection.forgetStatements();
    this.#file.close();
  }
}
