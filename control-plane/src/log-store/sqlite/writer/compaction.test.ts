import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { newRecord, noonUs } from "../../testing/contract-records.ts";
import { encodeBatch } from "../batch-codec.ts";
import { createCompaction } from "./compaction.ts";
import { createDayWriters } from "./day-writers.ts";
import { writeGroup } from "./write-group.ts";

test("a day that is over is tidied, a step at a time, where it is never quiet", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-logs-"));
  t.after(async () => await rm(directory, { recursive: true, force: true }));
  const writers = createDayWriters({ directory, now: Date.now, onQuarantine: () => undefined });
  t.after(() => writers.closeAll());
  const dayUs = 86_400_000_000;
  // A day that is over by any clock.
  const overUs = noonUs - 400 * dayUs;
  for (let group = 0; group < 6; group += 1) {
    const records = Array.from({ length: 200 }, (_, index) =>
      newRecord({ timeUs: overUs + group * 1_000 + index, message: `word${index} of group ${group}` }),
    );
    const batch = encodeBatch({ chunk: null, receivedAtMs: overUs / 1000, records });
    writeGroup({ writers, directory, oldestDay: () => 0 }, [batch]);
  }
  const day = Math.floor(overUs / dayUs);
  const piecesOf = () =>
    Number(
      writers.on(day, ({ database }) => database.prepare("select count(distinct segid) as count from word_idx").get())
        ?.count,
    );
  assert.ok(piecesOf() >= 6);
  let nowMs = 0;
  const compaction = createCompaction({ writers, directory, monotonicNow: () => nowMs });
  const before = piecesOf();
  compaction.giveTurn();
  assert.equal(piecesOf(), before, "there was a step just now");
  for (let turn = 0; turn < 50; turn += 1) {
    nowMs += 1_000;
    compaction.giveTurn();
  }
  assert.equal(piecesOf(), 1);
  const found = writers.on(day, ({ database }) =>
    database.prepare("select count(*) as count from word where word match 'word17'").get(),
  );
  assert.equal(found?.count, 6);
});
