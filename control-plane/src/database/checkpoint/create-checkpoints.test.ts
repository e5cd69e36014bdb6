import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { pino } from "pino";
import { connectDatabase } from "../connect-database.ts";
import { createCheckpoints } from "./index.ts";

test("what is committed is copied into the file by the thread, though commits leave it in the log", async () => {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-checkpoint-"));
  const path = join(directory, "mycloud.sqlite");
  const logger = pino({ level: "silent" });
  const database = await connectDatabase(path, logger);
  const part = createCheckpoints({ database, logger });
  const other = new DatabaseSync(path, { readOnly: true });
  try {
    await part.start?.();
    await sql`create table kept (id integer primary key, text)`.execute(database.db);
    const { rows } = await sql<{ wal_autocheckpoint: number }>`pragma wal_autocheckpoint`.execute(database.db);
    assert.equal(rows[0]?.wal_autocheckpoint, 32_000);
    // NOOP (SQLite 3.51) only tells how many pages are in the log and how many of them are copied.
    const isCopied = () => {
      const { log, checkpointed } = { log: 0, checkpointed: 0, ...other.prepare("pragma wal_checkpoint(noop)").get() };
      return log > 0 && log === checkpointed;
    };
    await sql`insert into kept (text) values ('committed')`.execute(database.db);
    assert.equal(isCopied(), false);
    const deadline = Date.now() + 60_000;
    while (!isCopied() && Date.now() < deadline) await sleep(20);
    assert.equal(isCopied(), true);
    assert.equal(other.prepare("select text from kept").get()?.text, "committed");
  } finally {
    other.close();
    await part.stop?.();
    await database.close();
    await rm(directory, { recursive: true });
  }
});
