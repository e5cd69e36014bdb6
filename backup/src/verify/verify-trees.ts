import type { Id } from "../blob/index.ts";
import { displayText } from "../byte-string/index.ts";
import { DamagedError } from "../error/index.ts";
import type { BlobIndex } from "../index/index.ts";
import { BlobBitmap, visitTrees } from "../reachability/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Node } from "../tree/index.ts";
import type { Faults } from "./faults.ts";
import type { Findings } from "./findings.ts";

/** Reads every tree of the snapshots once and compares what files need with the index; returns how many trees were read. */
export async function verifyTrees(
  repository: Repository,
  roots: readonly Id[],
  { findings, faults, onTree }: { findings: Findings; faults: Faults; onTree: () => void },
  signal: AbortSignal | undefined,
): Promise<number> {
  const visited = new BlobBitmap(repository.index);
  let trees = 0;
  await visitTrees(
    repository,
    roots,
    {
      isNew(treeId) {
        const outcome = visited.add("tree", treeId);
        if (outcome === "unknown" && !faults.hasBlob("tree", treeId)) {
          const message = "a snapshot needs this tree, and no index mentions it";
          const record = findings.add({ kind: "tree-missing", severity: "error", object: `tree ${treeId}`, message });
          faults.addBlob("tree", treeId, record);
        }
        return outcome === "added";
      },
      visit(treeId, nodes) {
        trees++;
        onTree();
        for (const node of nodes) verifyNode(repository.index, treeId, node, findings, faults);
      },
      onUnreadable(treeId, error) {
        // A missing or damaged pack is a finding already; the blob is lost by that one.
        if (faults.ofBlob("tree", treeId).length > 0) return;
        const object = error instanceof DamagedError ? error.object : `tree ${treeId}`;
        const record = findings.add({
          kind: "tree-damaged",
          severity: "error",
          object,
          message: `the tree ${treeId} cannot be read: ${error.message}`,
        });
        faults.addBlob("tree", treeId, record);
      },
    },
    signal,
  );
  return trees;
}

function verifyNode(index: BlobIndex, treeId: Id, node: Node, findings: Findings, faults: Faults): void {
  const object = `tree ${treeId}`;
  if (node.type === "dir" && node.subtree === undefined) {
    const message = `the directory "${displayText(node.name)}" has no tree`;
    faults.addNode(treeId, node.name, findings.add({ kind: "tree-damaged", severity: "error", object, message }));
  }
  if (node.type !== "file") return;
  let size = 0;
  for (const id of node.content ?? []) {
    const length = index.plaintextLength("data", id);
    if (length !== null) size += length;
    else {
      size = Number.NaN;
      addMissing(id, findings, faults);
    }
  }
  if (Number.isNaN(size) || size === (node.size ?? 0)) return;
  const message = `the file "${displayText(node.name)}" is ${node.size ?? 0} bytes long, and its content ${size}`;
  faults.addNode(treeId, node.name, findings.add({ kind: "size-wrong", severity: "error", object, message }));
}

function addMissing(id: Id, findings: Findings, faults: Faults): void {
  if (faults.hasBlob("data", id)) return;
  const message = "files need this blob, and no index mentions it";
  faults.addBlob("data", id, findings.add({ kind: "blob-missing", severity: "error", object: `blob ${id}`, message }));
}
