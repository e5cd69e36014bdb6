import { closeSync } from "node:fs";
import type { ByteString } from "../byte-string/index.ts";
import {
  type Directory,
  type FileStat,
  readExtendedAttributes,
  readExtendedAttributesOf,
  readFileFlags,
} from "../filesystem/index.ts";
import type { ExtendedAttribute, Node } from "../tree/index.ts";
import { metadataOf } from "./node-metadata.ts";

/** Whether an entry has the metadata that a node asks for, as far as whoever runs this could give it: only root gives owners. */
export function hasMetadata(directory: Directory, name: ByteString, stat: FileStat, node: Node): boolean {
  if (!isStatRight(stat, node)) return false;
  if (!hasAttributes(readExtendedAttributes(directory, name).attributes, node)) return false;
  if (stat.type !== "file" && stat.type !== "dir") return true;
  let fd: number;
  try {
    fd = directory.openFile(name);
  } catch {
    // Who may not open it does not see its flags either.
    return true;
  }
  try {
    return readFileFlags(fd) === metadataOf(node).fileFlags;
  } finally {
    closeSync(fd);
  }
}

/** As `hasMetadata`, of a directory that is open. */
export function hasOwnMetadata(directory: Directory, node: Node): boolean {
  return (
    isStatRight(directory.statSelf(), node) &&
    hasAttributes(readExtendedAttributesOf(directory.fd).attributes, node) &&
    readFileFlags(directory.fd) === metadataOf(node).fileFlags
  );
}

function isStatRight(stat: FileStat, node: Node): boolean {
  const { mode, uid, gid, mtimeSeconds, mtimeNanoseconds } = metadataOf(node);
  const isOwnerRight = process.geteuid?.() !== 0 || (stat.uid === uid && stat.gid === gid);
  const isModeRight = stat.type === "symlink" || stat.mode === mode;
  return (
    isOwnerRight && isModeRight && stat.mtimeSeconds === mtimeSeconds && stat.mtimeNanoseconds === mtimeNanoseconds
  );
}

/** What the system gives by itself to everything counts only where it is wanted. */
function hasAttributes(present: readonly ExtendedAttribute[], node: Node): boolean {
  const wanted = node.extendedAttributes ?? [];
  const values = new Map(present.map(({ name, value }) => [name, value]));
  if (!wanted.every(({ name, value }) => values.get(name) === value)) return false;
  const wantedNames = new Set(wanted.map(({ name }) => name));
  return present.every(({ name }) => wantedNames.has(name) || isGivenBySystem(name));
}

function isGivenBySystem(name: ByteString): boolean {
  return name === "security.selinux" || (name.startsWith("system.") && !name.startsWith("system.posix_acl_"));
}
