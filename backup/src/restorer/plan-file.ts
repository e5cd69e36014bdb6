import { NotFoundError } from "../error/index.ts";
import type { BlobIndex } from "../index/index.ts";
import { isSparse } from "./node-metadata.ts";
import type { PlannedFile } from "./planned-file.ts";

/** A file with the lengths of its blobs, or what is missing for it. */
export function planFile(
  fields: Omit<PlannedFile, "content" | "lengths" | "size" | "isSparse">,
  index: Pick<BlobIndex, "plaintextLength">,
  isSparseForced: boolean,
): PlannedFile | NotFoundError {
  const content = fields.node.content ?? [];
  const lengths = new Float64Array(content.length);
  let size = 0;
  for (const [at, id] of content.entries()) {
    const length = index.plaintextLength("data", id);
    if (length === null) return new NotFoundError(`no index of the repository knows blob ${id}`);
    lengths[at] = length;
    size += length;
  }
  return { ...fields, content, lengths, size, isSparse: isSparseForced || isSparse(fields.node) };
}
