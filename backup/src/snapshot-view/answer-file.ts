import type { ViewRequest } from "@mycloud/protocol/snapshot-view";
import { type ByteString, displayText } from "../byte-string/index.ts";
import { contentLength, readContent } from "../dump/read-content.ts";
import { InputError } from "../error/index.ts";
import { findPath } from "../listing/index.ts";
import type { Node } from "../tree/index.ts";
import type { Viewer } from "./create-snapshot-view.ts";
import { snapshotEntry } from "./snapshot-entry.ts";
import type { ViewAnswer } from "./view-answer.ts";
import { bytesOfPath } from "./view-path.ts";

/** What is read ahead of the reader; a blob has up to 8 MiB. */
const aheadBytes = 2 * 1024 * 1024;

/** A file, or a range of it. Nothing before the range is read; a range that begins beyond the end is empty. */
export async function answerFile(
  { viewed, snapshots }: Viewer,
  { snapshotId, path, offset, length }: Extract<ViewRequest, { kind: "file" }>,
  signal: AbortSignal,
): Promise<ViewAnswer> {
  const snapshot = await snapshots.find(snapshotId);
  const found = await findPath(viewed, snapshot.tree, bytesOfPath(path), signal);
  const node = fileNode(found.path, found.node);
  const content = node.content ?? [];
  // Also finds out, before the first byte goes, whether a blob is missing.
  const sizeBytes = await viewed.findingAgain(() => contentLength(viewed, content));
  const start = Math.min(offset, sizeBytes);
  const range = { offset: start, length: Math.min(length ?? sizeBytes, sizeBytes - start) };
  const pieces = readContent(viewed, content, { range, aheadBytes, signal });
  // The first piece before the head: damage there is an answer of its own and no body that breaks off.
  const first = await pieces.next();
  return {
    head: { kind: "file", entry: snapshotEntry(found.path, node), sizeBytes, ...range },
    body: rest(first, pieces),
  };
}

async function* rest(
  first: IteratorResult<Uint8Array>,
  pieces: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (first.done === true) return;
    yield first.value;
    yield* pieces;
  } finally {
    await pieces.return(undefined);
  }
}

/** Throws InputError for what is no regular file. */
export function fileNode(path: ByteString, node: Node | null): Node {
  if (node?.type === "file") return node;
  const is = node === null || node.type === "dir" ? "a folder" : `a ${node.type}`;
  throw new InputError(`${displayText(path) || "/"} is ${is}, no file`);
}
