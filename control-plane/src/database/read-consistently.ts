import { CompiledQuery } from "kysely";
import type { ConnectedDatabase, Executor } from "./dialect/dialect.ts";

/**
 * Runs reads that all see one moment, however long they take; nobody waits for them. On SQLite only with a connection that nothing else uses meanwhile: that of
 * a worker thread.
 */
export async function readConsistently<T>(
  { db, dialect }: ConnectedDatabase,
  read: (executor: Executor) => Promise<T>,
): Promise<T> {
  // Our sessions read what is committed, statement by statement; this keeps the sight of the first one.
  if (dialect.kind === "mariadb") return await db.transaction().setIsolationLevel("repeatable read").execute(read);
  // Kysely's own transaction would take SQLite's one right to write, and with it keep results out.
  await db.executeQuery(CompiledQuery.raw("begin"));
  try {
    return await read(db);
  } finally {
    await db.executeQuery(CompiledQuery.raw("rollback"));
  }
}
