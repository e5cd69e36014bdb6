import { Worker } from "node:worker_threads";
import type { TextDiff, ViewRequest } from "@mycloud/protocol/snapshot-view";
import { contentLength, readContent } from "../dump/read-content.ts";
import { findPath } from "../listing/index.ts";
import { fileNode } from "./answer-file.ts";
import type { Viewer } from "./create-snapshot-view.ts";
import type { TextDiffWork } from "./text-diff-worker.ts";
import { textOf } from "./text-of.ts";
import type { ViewAnswer } from "./view-answer.ts";
import { bytesOfPath } from "./view-path.ts";

const largestBytes = 2 * 1024 * 1024;
/** Two large texts that have little in common take the square of their length. */
const longestMs = 5_000;
/** Beyond the worker's own time; it may be in the middle of a garbage collection. */
const graceMs = 2_000;

/** The difference of two files as lines, or why there is none to show: too large, no text, too different. */
export async function answerTextDiff(
  viewer: Viewer,
  { fromSnapshotId, fromPath, toSnapshotId, toPath, contextLines }: Extract<ViewRequest, { kind: "text-diff" }>,
  signal: AbortSignal,
): Promise<ViewAnswer> {
  const from = await readText(viewer, fromSnapshotId, fromPath, signal);
  const to = await readText(viewer, toSnapshotId, toPath, signal);
  return { head: { kind: "text-diff", diff: await diffOf(from, to, contextLines, signal) }, body: null };
}

type Side = { readonly text: string } | { readonly refusal: string };

async function readText(
  { viewed, snapshots }: Viewer,
  snapshotId: string,
  path: string,
  signal: AbortSignal,
): Promise<Side> {
  const snapshot = await snapshots.find(snapshotId);
  const found = await findPath(viewed, snapshot.tree, bytesOfPath(path), signal);
  const content = fileNode(found.path, found.node).content ?? [];
  const sizeBytes = await viewed.findingAgain(() => contentLength(viewed, content));
  if (sizeBytes > largestBytes)
    return { refusal: "The file is too large to show what changed: it has more than 2 MiB." };
  const pieces: Uint8Array[] = [];
  for await (const piece of readContent(viewed, content, { signal })) pieces.push(piece);
  const text = textOf(Buffer.concat(pieces));
  return text === null ? { refusal: "This is no text." } : { text };
}

async function diffOf(from: Side, to: Side, contextLines: number, signal: AbortSignal): Promise<TextDiff> {
  if ("refusal" in from) return { refusal: from.refusal, hunks: [] };
  if ("refusal" in to) return { refusal: to.refusal, hunks: [] };
  if (from.text === to.text) return { refusal: null, hunks: [] };
  const hunks = await inThread({ from: from.text, to: to.text, longestMs, contextLines }, signal);
  return hunks === null
    ? { refusal: "The two have too little in common to show what changed.", hunks: [] }
    : { refusal: null, hunks };
}

/** In a thread, since the comparison cannot be done in pieces. Null when it takes too long. */
async function inThread(workerData: TextDiffWork, signal: AbortSignal): Promise<TextDiff["hunks"] | null> {
  const worker = new Worker(new URL("./text-diff-worker.ts", import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const giving = AbortSignal.any([signal, AbortSignal.timeout(longestMs + graceMs)]);
  try {
    return await new Promise<TextDiff["hunks"] | null>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", (error) => (isOutOfMemory(error) ? resolve(null) : reject(error)));
      giving.addEventListener("abort", () => (signal.aborted ? reject(signal.reason) : resolve(null)), { once: true });
    });
  } finally {
    await worker.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
