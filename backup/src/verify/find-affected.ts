import type { Id } from "../blob/index.ts";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { BlobBitmap, isAboutOneObject } from "../reachability/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import type { Node } from "../tree/index.ts";
import type { Faults } from "./faults.ts";
import type { FindingRecord } from "./findings.ts";

interface Frame {
  readonly treeId: Id;
  readonly path: ByteString;
  readonly nodes: readonly Node[];
  next: number;
  isHit: boolean;
}

/**
 * Notes with each finding which files of which snapshots it hits. Trees below which all is well are walked once for all snapshots, the
 * others for each, since their files are named for each.
 */
export async function findAffected(
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  faults: Faults,
  signal?: AbortSignal,
): Promise<void> {
  const sound = new BlobBitmap(repository.index);
  for (const { id, tree } of snapshots) {
    const stack: Frame[] = [];
    const root = await open(repository, { treeId: tree, path: joinBytes(""), snapshotId: id, faults, signal });
    if (root !== null) stack.push(root);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const node = frame.nodes[frame.next++];
      if (node === undefined) {
        stack.pop();
        leave(frame, stack.at(-1), sound);
        continue;
      }
      const path = joinBytes(frame.path, "/", node.name);
      if (hitNode(frame.treeId, node, path, id, faults)) frame.isHit = true;
      if (node.type !== "dir" || node.subtree === undefined || sound.has("tree", node.subtree)) continue;
      const below = await open(repository, { treeId: node.subtree, path, snapshotId: id, faults, signal });
      if (below === null) frame.isHit = true;
      else stack.push(below);
    }
  }
}

/** What is hit hits the directories above as well; what is not need not be walked again. */
function leave(frame: Frame, parent: Frame | undefined, sound: BlobBitmap): void {
  if (!frame.isHit) sound.add("tree", frame.treeId);
  else if (parent !== undefined) parent.isHit = true;
}

/** Notes a file or directory that is hit itself. */
function hitNode(treeId: Id, node: Node, path: ByteString, snapshotId: Id, faults: Faults): boolean {
  const records = new Set<FindingRecord>();
  const ofNode = faults.ofNode(treeId, node.name);
  if (ofNode !== null) records.add(ofNode);
  let isHit = ofNode !== null;
  for (const id of node.content ?? []) {
    for (const record of faults.ofBlob("data", id)) {
      isHit = true;
      if (record !== null) records.add(record);
    }
  }
  for (const record of records) record.addFile({ snapshotId, path: displayText(path) });
  return isHit;
}

/** Null, and noted, when the tree cannot be read. */
async function open(
  repository: Repository,
  {
    treeId,
    path,
    snapshotId,
    faults,
    signal,
  }: {
    readonly treeId: Id;
    readonly path: ByteString;
    readonly snapshotId: Id;
    readonly faults: Faults;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Frame | null> {
  signal?.throwIfAborted();
  const records = faults.ofBlob("tree", treeId);
  if (records.length === 0) {
    try {
      return { treeId, path, nodes: await repository.loadTree(treeId, signal), next: 0, isHit: false };
    } catch (error) {
      if (!isAboutOneObject(error)) throw error;
      return null;
    }
  }
  for (const record of records) record?.addFile({ snapshotId, path: `${displayText(path)}/` });
  return null;
}
