import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { changeCheckpoint, type KeptCheckpoint } from "./checkpoint.ts";
import { formatLine, parseCheckpoints, readCheckpoints } from "./checkpoint-lines.ts";
import { createCheckpointLog } from "./checkpoint-log.ts";

function prepare(changesBytes?: number) {
  const path = join(testDirectory(), "checkpoints.log");
  const kept = new Map<string, KeptCheckpoint>();
  const log = createCheckpointLog({ path, kept, ...(changesBytes === undefined ? {} : { changesBytes }) });
  let sequence = 0;
  return {
    path,
    kept,
    log,
    keep(source: string, change: Record<string, number | null>) {
      sequence += 1;
      const parts = kept.get(source)?.parts ?? {};
      changeCheckpoint(parts, change);
      kept.set(source, { sequence, chunkId: `c${sequence}`, parts, unusedSinceMs: null });
      log.note(source, change);
    },
    read: () => parseCheckpoints(readFileSync(path)),
  };
}

test("what is read is what was kept, after every write, whether all or what changed was written", async () => {
  const { path, kept, log, keep, read } = prepare(2_000);
  let wholes = 0;
  let inode = 0;
  for (let turn = 0; turn < 200; turn++) {
    keep(`s${turn % 3}`, { [`file${turn % 7}`]: turn, [`file${(turn + 3) % 7}`]: null });
    if (turn % 20 === 19) {
      kept.delete("s1");
      log.forget("s1");
      if (turn % 40 === 39) keep("s1", { again: turn });
    }
    await log.write();
    assert.deepEqual(read(), kept);
    if (statSync(path).ino !== inode) wholes += 1;
    inode = statSync(path).ino;
  }
  assert.ok(wholes > 3 && wholes < 60, `${wholes} of 200`);
  await log.close();
});

test("a process that was killed anywhere in a write leaves what was written before, or a part that does not claim the rest", async () => {
  const { path, kept, log, keep, read } = prepare();
  keep("one", { file: 1 });
  keep("many", Object.fromEntries(Array.from({ length: 1_200 }, (_, file) => [`f${file}`, 1])));
  await log.write();
  const before = readFileSync(path).length;
  const earlier = structuredClone(kept);
  keep("one", { file: 2 });
  keep("many", Object.fromEntries(Array.from({ length: 1_200 }, (_, file) => [`f${file}`, 2])));
  await log.write();
  await log.close();
  assert.deepEqual(read(), kept);
  const bytes = readFileSync(path);
  for (let length = before; length < bytes.length; length += length < before + 300 ? 1 : 97) {
    const found = parseCheckpoints(bytes.subarray(0, length));
    for (const [source, { sequence, parts }] of found) {
      if (sequence === kept.get(source)?.sequence) assert.deepEqual(parts, kept.get(source)?.parts);
      else assert.equal(sequence, earlier.get(source)?.sequence);
    }
    assert.equal(found.size, 2);
  }
  const changed = Buffer.from(bytes);
  changed[before + 20] = (changed[before + 20] ?? 0) ^ 0x41;
  assert.deepEqual(parseCheckpoints(changed), earlier);
});

test("a file that is damaged where it was once whole is not taken for less than there was", async () => {
  const { path, log, keep } = prepare();
  keep("one", { file: 1 });
  await log.write();
  await log.close();
  const bytes = readFileSync(path);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    assert.throws(() => parseCheckpoints(changed));
    assert.throws(() => parseCheckpoints(bytes.subarray(0, at)));
  }
  assert.throws(() => parseCheckpoints(formatLine({ version: 1 })), /another version/);
  assert.deepEqual(await readCheckpoints(`${path}.none`), new Map());
});

test("what could not be written is written with what came later", async () => {
  const { path, kept, log, keep, read } = prepare();
  mkdirSync(`${path}.tmp`);
  keep("one", { file: 1 });
  await assert.rejects(log.write(), { code: "EISDIR" });
  rmdirSync(`${path}.tmp`);
  keep("one", { other: 2 });
  await log.write();
  assert.deepEqual(read(), kept);
  await log.close();
  assert.deepEqual(read(), kept);
});
