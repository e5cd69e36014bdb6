import type { ViewRequest } from "@mycloud/protocol/snapshot-view";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { archivedEntries } from "../dump/archived-entry.ts";
import { type ArchiveTools, tarOf } from "../dump/write-tar.ts";
import { zipOf } from "../dump/write-zip.ts";
import { findPath } from "../listing/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { archiveSelection } from "./archive-selection.ts";
import type { Viewer } from "./create-snapshot-view.ts";
import type { ViewAnswer } from "./view-answer.ts";
import { bytesOfPath } from "./view-path.ts";

const mediaTypes = { zip: "application/zip", tar: "application/x-tar" } as const;

/** Files and folders as one archive, named as the folder they are in has them. What an archive cannot hold (sockets; devices in zip) is left out. */
export async function answerArchive(
  { viewed, snapshots }: Viewer,
  { snapshotId, paths, format }: Extract<ViewRequest, { kind: "archive" }>,
  signal: AbortSignal,
): Promise<ViewAnswer> {
  const snapshot = await snapshots.find(snapshotId);
  const found: ByteString[] = [];
  for (const path of paths) found.push((await findPath(viewed, snapshot.tree, bytesOfPath(path), signal)).path);
  const selection = archiveSelection(found);
  await viewed.wholeIndex();
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  const tools: ArchiveTools = {
    source: viewed,
    signal: both,
    onOmitted: () => undefined,
    onEntry: () => undefined,
    onBytes: () => undefined,
  };
  const entries = archivedEntries(viewed, snapshot.tree, selection, both);
  return {
    head: { kind: "archive", fileName: `${archiveName(snapshot, selection)}.${format}`, mediaType: mediaTypes[format] },
    body: whileRead(format === "zip" ? zipOf(entries, tools) : tarOf(entries, tools), ending),
  };
}

/** The bytes of a stream; when nobody reads on, what makes it ends. */
async function* whileRead(bytes: AsyncIterable<Uint8Array>, ending: AbortController): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } finally {
    ending.abort(new Error("the archive is not read any more"));
  }
}

function archiveName(
  snapshot: StoredSnapshot,
  { paths, base }: { paths: readonly ByteString[]; base: ByteString },
): string {
  const [only] = paths;
  const path = paths.length === 1 && only !== undefined ? only : base;
  const name = displayText(joinBytes(path.slice(path.lastIndexOf("/") + 1)));
  return name === "" ? `${snapshot.hostname ?? "snapshot"} ${snapshot.time.slice(0, 10)}` : name;
}
