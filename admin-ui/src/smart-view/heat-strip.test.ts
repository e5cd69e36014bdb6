import assert from "node:assert/strict";
import { test } from "node:test";
import type { MachineSnapshot } from "@mycloud/protocol/machine";
import { dayStart, heatStrip } from "./heat-strip.ts";

const now = new Date(2026, 10, 23, 12).getTime();
const snapshot = (takenAtMs: number, filesChanged: number): MachineSnapshot => ({
  id: "ab".repeat(32),
  takenAtMs,
  hostName: "web1",
  paths: ["/"],
  tags: [],
  programVersion: null,
  sequence: null,
  filesNew: 0,
  filesChanged,
  filesUnmodified: 0,
  totalFiles: null,
  totalBytes: null,
  addedBytes: null,
  unreadableCount: 0,
  hold: null,
  note: "",
  labels: [],
});

test("each day has its snapshots, today last, and busy days stand out", () => {
  const yesterday = new Date(2026, 10, 22, 23, 59).getTime();
  const strip = heatStrip([snapshot(yesterday, 1000), snapshot(now, 0), snapshot(now - 1000, 1)], 3, now);
  assert.deepEqual(
    strip.map(({ snapshots, level }) => [snapshots.length, level]),
    [
      [0, 0],
      [1, 4],
      [2, 1],
    ],
  );
  assert.equal(strip.at(-1)?.startMs, dayStart(now));
});

test("a year has a square for each day, whatever the clocks do in it", () => {
  const strip = heatStrip([], 366, now);
  assert.equal(new Set(strip.map(({ startMs }) => startMs)).size, 366);
  assert.ok(strip.every(({ startMs }) => dayStart(startMs) === startMs));
});
