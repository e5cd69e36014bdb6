import type { Kysely, RawBuilder, Transaction } from "kysely";
import type { Database } from "../schema.ts";

/** Where a query runs: the database, or a transaction on it. */
export type Executor = Kysely<Database> | Transaction<Database>;

export type TableName = keyof Database & string;
export type ColumnName<T extends TableName> = keyof Database[T] & string;
export type ColumnValue = string | number | null;

/** One row as a list of values, in the order of the columns named beside it: thousands of them cost no objects with keys. */
export type Row = readonly ColumnValue[];

/**
 * Everything that differs between SQLite and MariaDB. Bulk statements split themselves into chunks that the engine takes; run them
 * in a transaction, or a later chunk's failure leaves the earlier ones behind.
 */
export interface Dialect {
  readonly kind: "sqlite" | "mariadb";

  /** Inserts many rows fast. Throws on the first duplicate key (see `isUniqueViolation`). */
  insertMany<T extends TableName>(
    executor: Executor,
    table: T,
    columns: readonly ColumnName<T>[],
    rows: readonly Row[],
  ): Promise<void>;

  /** As `insertMany`, and answers the `id` of each row, in the order of the rows. */
  insertManyReturningIds<T extends TableName>(
    executor: Executor,
    table: T,
    columns: readonly ColumnName<T>[],
    rows: readonly Row[],
  ): Promise<number[]>;

  /**
   * Inserts rows, or, where the primary key `keyColumns` is taken, overwrites `updateColumns` (default: all columns that are not
   * keys). `updateColumns: []` leaves existing rows alone. The same key twice in `rows`: the later one wins.
   */
  upsertMany<T extends TableName>(
    executor: Executor,
    table: T,
    columns: readonly ColumnName<T>[],
    rows: readonly Row[],
    keyColumns: readonly ColumnName<T>[],
    updateColumns?: readonly ColumnName<T>[],
  ): Promise<void>;

  /** Inserts one row unless its primary or a unique key is taken; true when it was inserted. */
  insertIfAbsent<T extends TableName>(
    executor: Executor,
    table: T,
    row: Readonly<Partial<Record<ColumnName<T>, ColumnValue>>>,
  ): Promise<boolean>;

  /**
   * Inserts one row, or adds its `addColumns` to those of the row that holds the key and overwrites the other non-key columns;
   * for counters that several writers increase.
   */
  upsertAdding<T extends TableName>(
    executor: Executor,
    table: T,
    row: Readonly<Partial<Record<ColumnName<T>, ColumnValue>>>,
    keyColumns: readonly ColumnName<T>[],
    addColumns: readonly ColumnName<T>[],
  ): Promise<void>;

  /**
   * What ends a SELECT that locks the rows it reads until the transaction ends: `query.modifyEnd(dialect.forUpdate)`. Empty on SQLite, where a
   * transaction excludes every other one from its first statement.
   */
  readonly forUpdate: RawBuilder<unknown>;

  /** As `forUpdate`, passing over rows that another transaction has locked; for queues with several workers. */
  readonly forUpdateSkipLocked: RawBuilder<unknown>;

  /** The error says that a primary or unique key is taken. */
  isUniqueViolation(error: unknown): boolean;

  /** The error says that a row referred to does not exist, or is still referred to. */
  isForeignKeyViolation(error: unknown): boolean;

  /** The same transaction can succeed when it is run again: a deadlock, a lock wait, a Galera conflict. */
  isTransient(error: unknown): boolean;

  /** The database cannot be reached at all. */
  isConnectionLost(error: unknown): boolean;

  /** There is no room where the database writes. What was committed is safe; nothing new is taken until somebody makes room. */
  isOutOfSpace(error: unknown): boolean;
}

/** An open database. */
export interface ConnectedDatabase {
  readonly db: Kysely<Database>;
  readonly dialect: Dialect;
  /** Which database this is, without its password; for logs and messages. */
  readonly description: string;
  /** The SQLite file; null on MariaDB. */
  readonly filePath: string | null;
  /**
   * Runs `work` in one transaction, again (up to 8 times) when the engine gave it up in favour of another one; so `work` changes nothing
   * outside of it. Inside, use `tx` and never `db`: on SQLite that would wait for itself.
   */
  transaction<T>(work: (tx: Transaction<Database>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
