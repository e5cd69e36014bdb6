/**
 * What a migration is given. Frozen like the migrations themselves: a change here changes what old migrations make; add a word instead.
 *
 * Statements are written once: plain names that are reserved in neither engine, and these words for types:
 * `ID` (own number, never given out again), `INT` (64 bits), `REAL`, `VARCHAR(n)` (short text, may be in an index), `LONGTEXT`;
 * a CREATE TABLE ends in `TABLE_OPTIONS`, or `KEYED_TABLE_OPTIONS` where the primary key is no `ID` (SQLite then stores rows in its order).
 */
export interface Ddl {
  readonly kind: "sqlite" | "mariadb";
  /** Runs one statement. Each must be safe to repeat (`if not exists`): a crash may come before the migration is recorded. */
  run(statement: string): Promise<void>;
  /** Adds a column unless the table has it; `type` in the words above, with a default when it is `not null`. */
  addColumn(table: string, column: string, type: string): Promise<void>;
}

export interface Migration {
  /** `YYYY-MM-DD-HHMM-verb-object`, as the file. */
  readonly name: string;
  up(ddl: Ddl): Promise<void>;
}

const words: Record<Ddl["kind"], readonly (readonly [RegExp, string])[]> = {
  sqlite: [
    [/\bID\b/g, "integer primary key autoincrement"],
    [/\bINT\b/g, "integer"],
    [/\bREAL\b/g, "real"],
    [/\bVARCHAR\(\d+\)/g, "text"],
    [/\bLONGTEXT\b/g, "text"],
    [/\bKEYED_TABLE_OPTIONS\b/g, "strict, without rowid"],
    [/\bTABLE_OPTIONS\b/g, "strict"],
  ],
  mariadb: [
    [/\bID\b/g, "bigint not null auto_increment primary key"],
    [/\bINT\b/g, "bigint"],
    [/\bREAL\b/g, "double"],
    [/\bVARCHAR\((\d+)\)/g, "varchar($1)"],
    [/\bLONGTEXT\b/g, "mediumtext"],
    // Names compare byte by byte and without padding, as on SQLite.
    [
      /\b(KEYED_)?TABLE_OPTIONS\b/g,
      "engine=innodb row_format=dynamic default charset=utf8mb4 collate=utf8mb4_nopad_bin",
    ],
  ],
};

/** A statement in the words above, as the engine takes it. */
export function translateDdl(kind: Ddl["kind"], statement: string): string {
  return words[kind].reduce((text, [word, replacement]) => text.replace(word, replacement), statement);
}
