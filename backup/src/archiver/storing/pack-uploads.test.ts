import assert from "node:assert/strict";
import { test } from "node:test";
import type { FinishedPack } from "../../pack/index.ts";
import { PackUploads } from "./pack-uploads.ts";

const pack = (digit: string): FinishedPack => ({ id: digit.repeat(64), blobs: [], bytes: new Uint8Array(1) });

function uploads(signal: AbortSignal, save: () => Promise<void>) {
  return new PackUploads({
    backend: { save, connections: 2 },
    saveIndex: async () => {},
    isDryRun: false,
    nowMs: () => 0,
    onFailure: () => {},
    signal,
  });
}

test("who waits for packs that came after an abort is told of it, and does not wait for ever", async () => {
  const stopping = new AbortController();
  const waiting = uploads(stopping.signal, async () => {});
  stopping.abort(new Error("enough"));
  waiting.accept(pack("a"));
  await assert.rejects(waiting.whenAtMost(0), /enough/);
  await assert.rejects(waiting.finish(), /enough/);
});

test("an abort is told once what is under way has ended", async () => {
  const stopping = new AbortController();
  const ends: (() => void)[] = [];
  const waiting = uploads(stopping.signal, () => new Promise<void>((resolve) => ends.push(resolve)));
  for (const digit of ["a", "b", "c"]) waiting.accept(pack(digit));
  const ended = assert.rejects(waiting.whenAtMost(0), /enough/);
  stopping.abort(new Error("enough"));
  assert.equal(ends.length, 2);
  for (const end of ends) end();
  await ended;
});
