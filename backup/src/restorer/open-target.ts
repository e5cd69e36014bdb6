import { mkdirSync } from "node:fs";
import { isAbsolute } from "node:path";
import { byteString, joinBytes } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { codeOf, openRoot } from "../filesystem/index.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import type { DirectoryMaker } from "./directory-maker.ts";
import { RestoreDirectory } from "./restore-directory.ts";
import type { RestoreSelection } from "./selection.ts";

/**
 * The target as the root of what is restored; made when it is missing, for its owner only. Links on the way to it are followed: a person named it. Throws
 * InputError when it is not absolute or no directory.
 */
export function openTarget(
  target: string,
  tools: {
    readonly handles: DirectoryHandles;
    readonly maker: DirectoryMaker;
    readonly selection: RestoreSelection;
    readonly isDryRun: boolean;
  },
): RestoreDirectory {
  if (!isAbsolute(target)) throw new InputError(`the target ${JSON.stringify(target)} is not an absolute path`);
  const path = joinBytes("");
  const isOnTheWay = tools.selection.isOnTheWay(joinBytes("/"));
  const root = new RestoreDirectory({ parent: null, name: path, path, node: null, isSelected: true, isOnTheWay });
  root.state = "ready";
  try {
    if (!tools.isDryRun) mkdirSync(target, { recursive: true, mode: 0o700 });
    const opened = openRoot(byteString(target));
    tools.maker.adopt(root, opened);
    // It stays open: everything is opened from it.
    tools.handles.add(root, opened);
  } catch (error) {
    if (tools.isDryRun && codeOf(error) === "ENOENT") {
      root.isFresh = true;
      root.isImagined = true;
      return root;
    }
    if (codeOf(error) === "ENOTDIR" || codeOf(error) === "EEXIST") {
      throw new InputError(`the target ${target} is not a directory`, { cause: error });
    }
    throw error;
  }
  return root;
}
