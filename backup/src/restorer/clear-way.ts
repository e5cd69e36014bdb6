import type { ByteString } from "../byte-string/index.ts";
import type { Directory } from "../filesystem/index.ts";
import { codeOf } from "../filesystem/index.ts";
import { type RemovalOptions, removeExtraneous } from "./remove-extraneous.ts";

/**
 * Removes a directory that is where something else is to be: when it is empty, or with `isDeleting` as far as its content is selected. Throws
 * when it has to stay.
 */
export function clearDirectory(
  above: Directory,
  name: ByteString,
  path: ByteString,
  options: RemovalOptions & { readonly isDeleting: boolean },
): void {
  if (options.isDeleting || options.gate !== undefined) {
    if (removeExtraneous(above, name, path, options)) return;
    throw new Error("a directory is in its place, and not everything in it may be deleted");
  }
  if (options.isDryRun) {
    using directory = above.openDirectory(name);
    if (directory.readNames().length > 0) throw notEmpty();
    return;
  }
  try {
    above.removeDirectory(name);
  } catch (error) {
    throw codeOf(error) === "ENOTEMPTY" ? notEmpty() : error;
  }
}

function notEmpty(): Error {
  return new Error("a directory that is not empty is in its place; --delete would remove it");
}
