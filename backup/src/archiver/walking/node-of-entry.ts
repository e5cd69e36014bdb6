import type { ByteString } from "../../byte-string/index.ts";
import type { AccountNames } from "../../filesystem/index.ts";
import { type ExtendedAttribute, instantTextOf, type Node } from "../../tree/index.ts";
import type { StatFields } from "../storing/store-file.ts";

/** What a node says beside what lstat does. */
export interface EntryMetadata {
  readonly attributes: readonly ExtendedAttribute[];
  /** The carried flags of chattr. */
  readonly flags: number;
  readonly isSparse: boolean;
}

/** Parts that only some types have. */
export type TypeFields = Partial<Pick<Node, "content" | "size" | "subtree" | "linkTarget">>;

export interface NodeOptions {
  readonly accounts: AccountNames;
  readonly withAtime: boolean;
}

/** The node of an entry. */
export function nodeOfEntry(
  name: ByteString,
  stat: StatFields,
  metadata: EntryMetadata,
  fields: TypeFields,
  { accounts, withAtime }: NodeOptions,
): Node {
  const mtime = instantTextOf(stat.mtimeSeconds, stat.mtimeNanoseconds);
  const user = accounts.userName(stat.uid);
  const group = accounts.groupName(stat.gid);
  const genericAttributes = genericAttributesOf(metadata);
  return {
    name,
    type: stat.type,
    mode: stat.mode,
    mtime,
    atime: withAtime ? instantTextOf(stat.atimeSeconds, stat.atimeNanoseconds) : mtime,
    ctime: instantTextOf(stat.ctimeSeconds, stat.ctimeNanoseconds),
    uid: stat.uid,
    gid: stat.gid,
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
    inode: String(stat.inode),
    // Only hard links need it; it changes when a file system is mounted anew, and would change every tree then.
    ...(stat.links > 1 && stat.type !== "dir" ? { deviceId: String(stat.deviceId) } : {}),
    ...(stat.links > 0 && stat.type !== "dir" ? { links: stat.links } : {}),
    ...(metadata.attributes.length > 0 ? { extendedAttributes: metadata.attributes } : {}),
    ...(genericAttributes === null ? {} : { genericAttributes }),
    ...(stat.type === "dev" || stat.type === "chardev" ? { device: String(stat.device) } : {}),
    content: null,
    ...fields,
  };
}

function genericAttributesOf({ flags, isSparse }: EntryMetadata): Record<string, unknown> | null {
  if (flags === 0 && !isSparse) return null;
  return { ...(flags === 0 ? {} : { "linux.flags": flags }), ...(isSparse ? { "linux.sparse": true } : {}) };
}

/** What an earlier node says of the parts that only reading the entry tells; they cannot change without its ctime. */
export function metadataOfNode(node: Node): EntryMetadata {
  const flags = node.genericAttributes?.["linux.flags"];
  return {
    attributes: node.extendedAttributes ?? [],
    flags: typeof flags === "number" ? flags : 0,
    isSparse: node.genericAttributes?.["linux.sparse"] === true,
  };
}
