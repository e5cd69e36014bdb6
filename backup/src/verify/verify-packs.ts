import type { FileInfo } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";
import { packHeaderBytes } from "../pack/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Faults } from "./faults.ts";
import type { Findings } from "./findings.ts";

/** Compares the packs of the index with those that exist; returns those that are in both. */
export function verifyPackSizes(
  repository: Repository,
  files: readonly FileInfo[],
  findings: Findings,
  faults: Faults,
): readonly { readonly id: Id; readonly sizeBytes: number }[] {
  const { index } = repository;
  const sizes = new Map(files.map(({ name, sizeBytes }) => [name, sizeBytes]));
  const present: { id: Id; sizeBytes: number }[] = [];
  for (const { id } of index.packs()) {
    const sizeBytes = sizes.get(id);
    sizes.delete(id);
    const object = `data/${id}`;
    if (sizeBytes === undefined) {
      const message = "the index mentions this pack, and it does not exist";
      faults.addPack(id, findings.add({ kind: "pack-missing", severity: "error", object, message }), "all");
      continue;
    }
    present.push({ id, sizeBytes });
    const blobs = index.blobsOfPack(id);
    const expected = blobs.reduce((bytes, { length }) => bytes + length, packHeaderBytes(blobs));
    if (expected === sizeBytes) continue;
    const message = `this pack is ${sizeBytes} bytes long, and ${expected} by the index`;
    const record = findings.add({ kind: "pack-size-wrong", severity: "error", object, message });
    const cut = blobs.filter(({ offset, length }) => offset + length > sizeBytes);
    faults.addPack(id, record, new Set(cut.map(({ offset }) => offset)));
  }
  for (const id of sizes.keys()) {
    const message = "no index mentions this pack; prune will remove it";
    findings.add({ kind: "pack-unreferenced", severity: "note", object: `data/${id}`, message });
  }
  return present;
}
