import type { EntryChange, ViewRequest } from "@mycloud/protocol/snapshot-view";
import type { Id } from "../blob/index.ts";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { nodePairs } from "../diff/index.ts";
import { NotFoundError } from "../error/index.ts";
import { type FoundPath, findPath } from "../listing/index.ts";
import type { Node } from "../tree/index.ts";
import type { Viewer } from "./create-snapshot-view.ts";
import { linesOf, Unreadable } from "./lines.ts";
import { nodeChange } from "./node-change.ts";
import type { ViewAnswer } from "./view-answer.ts";
import { bytesOfPath } from "./view-path.ts";
import type { ViewedRepository } from "./viewed-repository.ts";

/** What differs between two snapshots at and below a path, which one of them at least must have. Equal folders are not read. */
export async function answerCompare(
  { viewed, snapshots }: Viewer,
  request: Extract<ViewRequest, { kind: "compare" }>,
  signal: AbortSignal,
): Promise<ViewAnswer> {
  const path = bytesOfPath(request.path);
  const from = await snapshots.find(request.fromSnapshotId);
  const to = await snapshots.find(request.toSnapshotId);
  const [before, after] = [
    await findOrNull(viewed, from.tree, path, signal),
    await findOrNull(viewed, to.tree, path, signal),
  ];
  if (before === null && after === null) throw new NotFoundError(`${displayText(path)} is in neither snapshot`);
  const unreadable = new Unreadable();
  const comparison = new Comparison(viewed, request.isMetadataShown, unreadable, signal);
  return { head: { kind: "compare" }, body: linesOf(comparison.changes(before, after), request.limit, unreadable) };
}

async function findOrNull(
  viewed: ViewedRepository,
  tree: Id,
  path: ByteString,
  signal: AbortSignal,
): Promise<FoundPath | null> {
  try {
    return await findPath(viewed, tree, path, signal);
  } catch (error) {
    if (error instanceof NotFoundError && error.cause === undefined) return null;
    throw error;
  }
}

class Comparison {
  readonly #viewed: ViewedRepository;
  readonly #isMetadataShown: boolean;
  readonly #unreadable: Unreadable;
  readonly #signal: AbortSignal;

  constructor(viewed: ViewedRepository, isMetadataShown: boolean, unreadable: Unreadable, signal: AbortSignal) {
    this.#viewed = viewed;
    this.#isMetadataShown = isMetadataShown;
    this.#unreadable = unreadable;
    this.#signal = signal;
  }

  async *changes(before: FoundPath | null, after: FoundPath | null): AsyncGenerator<EntryChange | null> {
    const path = (after ?? before)?.path ?? joinBytes("");
    // The roots of snapshots have no node.
    if (before?.node === null && after?.node === null) yield* this.#below(path, before.tree, after.tree);
    else yield* this.#entry(path, before?.node ?? null, after?.node ?? null);
  }

  async *#entry(path: ByteString, before: Node | null, after: Node | null): AsyncGenerator<EntryChange | null> {
    const change = this.#changeOf(before, after);
    if (change !== null) yield changeEntry(path, change, before, after);
    if (change === "type") return;
    const [left, right] = [subtreeOf(before), subtreeOf(after)];
    if (left !== null || right !== null) yield* this.#below(path, left, right);
  }

  #changeOf(before: Node | null, after: Node | null): EntryChange["change"] | null {
    if (before === null || after === null) return before === null ? "added" : "removed";
    const change = nodeChange(before, after);
    return change === "metadata" && !this.#isMetadataShown ? null : change;
  }

  async *#below(path: ByteString, before: Id | null, after: Id | null): AsyncGenerator<EntryChange | null> {
    if (before === after) return;
    const load = async (tree: Id | null) =>
      tree === null ? [] : await this.#unreadable.attempt(path, () => this.#viewed.loadTree(tree, this.#signal));
    const [left, right] = await Promise.all([load(before), load(after)]);
    yield null;
    // Of a folder that cannot be read nothing is known, neither that all of it was added nor that it was removed.
    if (left === null || right === null) return;
    for (const [one, other] of nodePairs(left, right)) {
      const name = (other ?? one)?.name ?? joinBytes("");
      yield* this.#entry(joinBytes(path, "/", name), one, other);
    }
  }
}

function subtreeOf(node: Node | null): Id | null {
  return node?.type === "dir" ? (node.subtree ?? null) : null;
}

function changeEntry(
  path: ByteString,
  change: EntryChange["change"],
  before: Node | null,
  after: Node | null,
): EntryChange {
  const sizeOf = (node: Node | null) => (node?.type === "file" ? (node.size ?? 0) : null);
  return {
    change,
    path: displayText(path),
    type: (after ?? before)?.type ?? "irregular",
    fromBytes: sizeOf(before),
    toBytes: sizeOf(after),
  };
}
