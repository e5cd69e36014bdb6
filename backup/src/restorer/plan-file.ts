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
  const lengths: number[] = [];
  let size = 0;
  for (const [at, id] of content.entries()) {
    // A large hole is one blob, many times.
    const length = id === content[at - 1] ? lengths.at(-1) : index.plaintextLength("data", id);
    if (length === null || length === undefined) {
      return new NotFoundError(`no index of the repository knows blob ${id}`);
    }
    lengths.push(length);
    size += length;
  }
  const { directory, path, node, isReplacing, group } = fields;
  return {
    ...{ directory, path, node, isReplacing, group, content, lengths, size },
    isSparse: isSparseForced || isSparse(node),
  };
}
