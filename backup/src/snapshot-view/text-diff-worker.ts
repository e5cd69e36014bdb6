// A thread that compares two texts, and ends.
import { parentPort, workerData } from "node:worker_threads";
import type { TextDiff } from "@mycloud/protocol/snapshot-view";
import { structuredPatch } from "diff";

export interface TextDiffWork {
  readonly from: string;
  readonly to: string;
  readonly longestMs: number;
  readonly contextLines: number;
}

const { from, to, longestMs, contextLines }: TextDiffWork = workerData;
const patch = structuredPatch("", "", from, to, undefined, undefined, {
  context: contextLines,
  timeout: longestMs,
});
const hunks: TextDiff["hunks"] | undefined = patch?.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
  fromLine: oldStart,
  fromLines: oldLines,
  toLine: newStart,
  toLines: newLines,
  lines,
}));
parentPort?.postMessage(hunks ?? null);
