import { Worker } from "node:worker_threads";
import { CompiledQuery } from "kysely";
import type { Logger } from "pino";
import type { Part } from "../../part.ts";
import type { ConnectedDatabase } from "../dialect/dialect.ts";

interface CheckpointsDependencies {
  readonly database: ConnectedDatabase;
  readonly logger: Logger;
}

/** Pages in the log from which on a commit copies them itself: by then the thread does not keep up. 4 KiB each. */
const pagesAtMost = 32_000;
/** As `openSqlite` has it; for when there is no thread any more. */
const pagesAlone = 4_000;

/** Has a thread copy what is committed into the SQLite file; does nothing on MariaDB, which does the same by itself. */
export function createCheckpoints({ database, logger }: CheckpointsDependencies): Part {
  const { db, filePath } = database;
  let worker: Worker | undefined;

  async function leaveUpTo(pages: number): Promise<void> {
    await db.executeQuery(CompiledQuery.raw(`pragma wal_autocheckpoint = ${pages}`));
  }

  return {
    name: "checkpoint",
    async start() {
      if (filePath === null) return;
      worker = new Worker(new URL("./checkpoint-worker.ts", import.meta.url), { workerData: filePath });
      worker.unref();
      worker.on("error", (err) => {
        logger.error({ err }, "the thread that copies commits into the database file has ended; commits do it now");
        worker = undefined;
        leaveUpTo(pagesAlone).catch((error: unknown) => logger.error({ err: error }, "checkpoints cannot be set"));
      });
      await leaveUpTo(pagesAtMost);
    },
    async stop() {
      const ending = worker;
      worker = undefined;
      await ending?.terminate();
    },
  };
}
