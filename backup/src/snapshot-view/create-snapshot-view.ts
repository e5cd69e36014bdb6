import type { ViewRequest } from "@mycloud/protocol/snapshot-view";
import { displayText, joinBytes } from "../byte-string/index.ts";
import { DamagedError, InputError } from "../error/index.ts";
import { findPath } from "../listing/index.ts";
import type { Repository } from "../repository/repository.ts";
import { answerArchive } from "./answer-archive.ts";
import { answerCompare } from "./answer-compare.ts";
import { answerFile } from "./answer-file.ts";
import { answerFind } from "./answer-find.ts";
import { answerHistory } from "./answer-history.ts";
import { answerTextDiff } from "./answer-text-diff.ts";
import { folderPage } from "./folder-page.ts";
import { KnownSnapshots, viewSnapshots } from "./known-snapshots.ts";
import { instantMs, rootEntry, snapshotEntry } from "./snapshot-entry.ts";
import type { ViewAnswer } from "./view-answer.ts";
import { bytesOfPath } from "./view-path.ts";
import { isMissing, ViewedRepository } from "./viewed-repository.ts";

export interface SnapshotViewOptions {
  /** The present, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Answers questions about one repository, several at once; one of them never keeps the others waiting for long. */
export interface SnapshotView {
  /**
   * Throws NotFoundError (no such snapshot or path), InputError, DamagedError (which names the object), UnavailableError; so does a body, in the
   * middle of it, which is never whole then.
   */
  answer(request: ViewRequest, signal: AbortSignal): Promise<ViewAnswer>;
}

/** What answers are made from. */
export interface Viewer {
  readonly repository: Pick<Repository, "backend">;
  readonly viewed: ViewedRepository;
  readonly snapshots: KnownSnapshots;
  readonly now: () => number;
}

/** A view of a repository that is open; its index need not be loaded. It takes no lock and writes nothing. */
export function createSnapshotView(repository: Repository, { now }: SnapshotViewOptions): SnapshotView {
  const viewed = new ViewedRepository(repository);
  const viewer: Viewer = { repository, viewed, snapshots: new KnownSnapshots(repository, viewed), now };
  return { answer: (request, signal) => answerUnlessGone(viewer, request, signal) };
}

/** A snapshot that was forgotten and pruned away since it was listed is not damaged but gone. */
async function answerUnlessGone(viewer: Viewer, request: ViewRequest, signal: AbortSignal): Promise<ViewAnswer> {
  try {
    return await answerRequest(viewer, request, signal);
  } catch (error) {
    if (error instanceof DamagedError && isMissing(error)) await viewer.snapshots.forgetGone(snapshotIdsOf(request));
    throw error;
  }
}

function snapshotIdsOf(request: ViewRequest): readonly string[] {
  if ("snapshotId" in request) return [request.snapshotId];
  return "fromSnapshotId" in request ? [request.fromSnapshotId, request.toSnapshotId] : [];
}

async function answerRequest(viewer: Viewer, request: ViewRequest, signal: AbortSignal): Promise<ViewAnswer> {
  signal.throwIfAborted();
  switch (request.kind) {
    case "snapshots": {
      const { repository, snapshots, now } = viewer;
      return {
        head: { kind: "snapshots", ...(await viewSnapshots(repository, snapshots, now(), signal)) },
        body: null,
      };
    }
    case "folder":
      return await answerFolder(viewer, request, signal);
    case "entry":
      return await answerEntry(viewer, request, signal);
    case "file":
      return await answerFile(viewer, request, signal);
    case "archive":
      return await answerArchive(viewer, request, signal);
    case "find":
      return await answerFind(viewer, request, signal);
    case "history":
      return await answerHistory(viewer, request, signal);
    case "compare":
      return await answerCompare(viewer, request, signal);
    case "text-diff":
      return await answerTextDiff(viewer, request, signal);
  }
}

async function answerFolder(
  { viewed, snapshots }: Viewer,
  request: Extract<ViewRequest, { kind: "folder" }>,
  signal: AbortSignal,
): Promise<ViewAnswer> {
  const snapshot = await snapshots.find(request.snapshotId);
  const found = await findPath(viewed, snapshot.tree, bytesOfPath(request.path), signal);
  if (found.tree === null) throw new InputError(`${displayText(found.path)} is no folder`);
  const page = folderPage(await viewed.loadFolder(found.tree, signal), request);
  const entries = page.nodes.map((node) => snapshotEntry(joinBytes(found.path, "/", node.name), node));
  const entry = found.node === null ? rootEntry(instantMs(snapshot.time)) : snapshotEntry(found.path, found.node);
  return { head: { kind: "folder", page: { entry, entries, total: page.total } }, body: null };
}

async function answerEntry(
  { viewed, snapshots }: Viewer,
  { snapshotId, path }: Extract<ViewRequest, { kind: "entry" }>,
  signal: AbortSignal,
): Promise<ViewAnswer> {
  const snapshot = await snapshots.find(snapshotId);
  const found = await findPath(viewed, snapshot.tree, bytesOfPath(path), signal);
  const entry = found.node === null ? rootEntry(instantMs(snapshot.time)) : snapshotEntry(found.path, found.node);
  return { head: { kind: "entry", entry }, body: null };
}
