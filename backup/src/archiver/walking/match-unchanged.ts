import { type ByteString, joinBytes } from "../../byte-string/index.ts";
import { type Directory, StatNumbers } from "../../filesystem/index.ts";
import { decodeTree, type Node } from "../../tree/index.ts";
import type { SeenDirectory } from "./look-ahead.ts";
import { NodeMatcher } from "./node-matcher.ts";
import { TreeText } from "./tree-text.ts";
import type { WalkContext } from "./walk-context.ts";

/** A directory in which all but the directories is as the parent snapshot has it. */
export interface UnchangedEntries {
  /** The directories in it, as the parent snapshot has them, in their order. */
  readonly directories: readonly Node[];
  readonly files: number;
  /** Of the files. */
  readonly bytes: number;
  readonly excluded: number;
  readonly sockets: number;
}

export interface MatchedDirectory {
  readonly directory: Directory;
  /** Absolute. */
  readonly path: ByteString;
  readonly names: readonly ByteString[];
  /** What was seen of it before; then these are the names. */
  readonly seen: SeenDirectory | null;
  /** The parent snapshot's tree of it. */
  readonly tree: Uint8Array;
}

/** Entries that are looked at before others have their turn. */
const entriesBetweenRests = 1024;

const noName = joinBytes("");

/**
 * Compares a directory with its tree as it is written, without making nodes of it: most directories of most backups are as they were.
 * Null at the first difference, and where texts cannot be compared; then nodes must be.
 */
export async function matchUnchanged(
  context: Pick<WalkContext, "index" | "nodeOptions" | "selector">,
  { directory, path, names, seen, tree }: MatchedDirectory,
  rest: () => Promise<void>,
): Promise<UnchangedEntries | null> {
  const { selector } = context;
  const text = new TreeText(tree);
  const own = new StatNumbers();
  const isThere = own.lookAt(directory.fd, noName) && (seen === null || seen.identity.isSameAs(own));
  if (!isThere || !text.takeStart()) return null;
  const matcher = new NodeMatcher(context, text);
  const { stat } = matcher;
  const look =
    seen === null
      ? (name: ByteString) => stat.lookAt(directory.fd, name)
      : (_: ByteString, number: number) => stat.recall(seen.stats, number);
  const found = { files: 0, bytes: 0, excluded: 0, sockets: 0 };
  const directories: Uint8Array[] = [];
  let untilRest = entriesBetweenRests;
  for (const [number, name] of names.entries()) {
    if (--untilRest === 0) {
      await rest();
      untilRest = entriesBetweenRests;
    }
    const isExcluded = selector.hasPatterns && selector.isExcludedByPath(joinBytes(path, "/", name));
    if (!isExcluded && !look(name, number)) return null;
    if (isExcluded || selector.isExcludedByStat(stat)) {
      found.excluded += 1;
      continue;
    }
    // A file can be a mount point too.
    if (stat.type !== "dir" && !stat.isOnDeviceOf(own)) return null;
    if (!matcher.take(name)) return null;
    if (stat.type === "dir") directories.push(tree.subarray(text.nodeAt, text.at));
    else count(found, stat);
  }
  return text.isAtEnd ? { ...found, directories: decodeNodes(directories) } : null;
}

function count(found: { files: number; bytes: number; sockets: number }, stat: StatNumbers): void {
  if (stat.type === "socket") found.sockets += 1;
  if (stat.type !== "file") return;
  found.files += 1;
  found.bytes += stat.size;
}

/** The nodes of these texts. */
function decodeNodes(texts: readonly Uint8Array[]): readonly Node[] {
  if (texts.length === 0) return [];
  const parts = texts.flatMap((text, at) => [Buffer.from(at === 0 ? '{"nodes":[' : ","), text]);
  return decodeTree(Buffer.concat([...parts, Buffer.from("]}")]), "tree of the parent snapshot");
}
