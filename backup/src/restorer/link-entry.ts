import type { Directory, FileStat } from "../filesystem/index.ts";
import type { Node } from "../tree/index.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import type { LinkGroup } from "./hard-links.ts";
import type { RestoreDirectory } from "./restore-directory.ts";
import type { RestoreAction } from "./restore-options.ts";
import { temporaryName } from "./temporary-name.ts";

/** Makes an entry another name of the first one of its group, replacing what is there. Throws as the system calls do. */
export function linkEntry(
  entry: { readonly directory: RestoreDirectory; readonly node: Node },
  first: LinkGroup,
  existing: FileStat | null,
  tools: { readonly handles: DirectoryHandles; readonly isDryRun: boolean },
): RestoreAction {
  const { handles, isDryRun } = tools;
  if (isDryRun) {
    if (existing === null) return "created";
    if (first.directory.isImagined) return "updated";
    const stat = handles.with(first.directory, (source) => source.statIfExists(first.node.name));
    return stat?.inode === existing.inode && stat.deviceId === existing.deviceId ? "unchanged" : "updated";
  }
  return handles.with(first.directory, (source) =>
    handles.with(entry.directory, (directory) => link(directory, entry.node, source, first.node, existing)),
  );
}

function link(
  directory: Directory,
  node: Node,
  source: Directory,
  first: Node,
  existing: FileStat | null,
): RestoreAction {
  if (existing === null) {
    directory.makeHardLink(node.name, source, first.name);
    return "created";
  }
  const stat = source.stat(first.name);
  if (stat.inode === existing.inode && stat.deviceId === existing.deviceId) return "unchanged";
  const temporary = temporaryName(node.name);
  if (directory.statIfExists(temporary) !== null) directory.removeTree(temporary);
  directory.makeHardLink(temporary, source, first.name);
  directory.rename(temporary, directory, node.name);
  return "updated";
}
