import type { ByteString } from "../byte-string/index.ts";
import { systemMode } from "./file-mode.ts";
import { unquoteName } from "./go-quote.ts";
import { instantSeconds } from "./instant.ts";
import { type ExtendedAttribute, type Node, type NodeType, nodeTypes } from "./node.ts";

/** How the strings of the document become bytes. */
export type TextOf = (text: string) => ByteString;

/** A node is not what the format says; the caller knows which tree it is in. */
export class FormError extends Error {}

type Fields = Readonly<Record<string, unknown>>;
/** A node while it is filled in. */
type Draft = { -readonly [K in keyof Node]: Node[K] };

const beyondAscii = /[^\x00-\x7f]/;
const idForm = /^[0-9a-f]{64}$/;
const uint64Form = /^\d{1,20}$/;
const base64Form = /^[A-Za-z0-9+/]*={0,2}$/;
const typesByName: ReadonlyMap<unknown, NodeType> = new Map(nodeTypes.map((type) => [type, type]));

/** A node from its JSON, checked field by field: zod would take ten times as long, and there are millions. Throws FormError. */
export function decodeNode(json: unknown, textOf: TextOf): Node {
  if (typeof json !== "object" || json === null) throw new FormError("a node is no object");
  const fields = json as Fields;
  const name = nameOf(fields.name, textOf);
  const type = typesByName.get(fields.type);
  if (typeof fields.type !== "string") throw wrongField(name, fields, "type");
  const node: Draft = {
    name,
    // A type of a program to come is carried along as one that cannot be restored.
    type: type ?? "irregular",
    mode: systemMode(uint32(name, fields, "mode")),
    mtime: instant(name, fields, "mtime"),
    atime: instant(name, fields, "atime"),
    ctime: instant(name, fields, "ctime"),
    uid: uint32(name, fields, "uid"),
    gid: uint32(name, fields, "gid"),
    content: contentOf(name, fields),
  };
  // Each other field only where it is present: most nodes have few of them. Go writes null for nothing.
  for (const field of Object.keys(fields)) {
    const read = optionalFields.get(field);
    const value = fields[field];
    if (read !== undefined && value !== null && !read(node, value, textOf)) throw wrongField(name, fields, field);
  }
  return node;
}

function wrongField(name: ByteString, fields: Fields, field: string): FormError {
  return new FormError(`${JSON.stringify(name)}: ${field} is ${JSON.stringify(fields[field])?.slice(0, 100)}`);
}

/** Puts the value of a field into the node; false when it is not what the field takes. */
type ReadField = (node: Draft, value: unknown, textOf: TextOf) => boolean;

const optionalFields: ReadonlyMap<string, ReadField> = new Map([
  ["user", textInto("user")],
  ["group", textInto("group")],
  ["error", textInto("error")],
  ["inode", uint64Into("inode")],
  ["device_id", uint64Into("deviceId")],
  ["device", uint64Into("device")],
  ["size", countInto("size")],
  ["links", countInto("links")],
  ["linktarget", readLinkTarget],
  ["linktarget_raw", readRawLinkTarget],
  ["extended_attributes", readExtendedAttributes],
  ["generic_attributes", readGenericAttributes],
  ["subtree", readSubtree],
]);

function textInto(field: "user" | "group" | "error"): ReadField {
  return (node, value, textOf) => {
    if (typeof value !== "string") return false;
    if (value !== "") node[field] = plainText(value, textOf);
    return true;
  };
}

/** 0..2^64 - 1. Those beyond 2^53 come as text already. */
function uint64Into(field: "inode" | "deviceId" | "device"): ReadField {
  return (node, value) => {
    if (typeof value === "number") {
      if (!Number.isSafeInteger(value) || value < 0) return false;
      node[field] = String(value);
      return true;
    }
    if (typeof value !== "string" || !uint64Form.test(value)) return false;
    if (value.length === 20 && BigInt(value) >= 2n ** 64n) return false;
    node[field] = value;
    return true;
  };
}

/** 0..2^53 - 1; large ones come as text too. */
function countInto(field: "size" | "links"): ReadField {
  return (node, value) => {
    const count = typeof value === "string" && uint64Form.test(value) ? Number(value) : value;
    if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0) return false;
    node[field] = count;
    return true;
  };
}

function readLinkTarget(node: Draft, value: unknown, textOf: TextOf): boolean {
  if (typeof value !== "string") return false;
  // linktarget_raw, where it is, says more; it may come before.
  if (value !== "") node.linkTarget ??= textOf(value);
  return true;
}

function readRawLinkTarget(node: Draft, value: unknown): boolean {
  if (typeof value !== "string" || !base64Form.test(value)) return false;
  node.linkTarget = Buffer.from(value, "base64").toString("latin1") as ByteString;
  return true;
}

function readExtendedAttributes(node: Draft, value: unknown, textOf: TextOf): boolean {
  if (!Array.isArray(value)) return false;
  const attributes: ExtendedAttribute[] = [];
  for (const attribute of value as readonly (Fields | null | undefined)[]) {
    const name = attribute?.name;
    const content = attribute?.value ?? "";
    if (typeof name !== "string" || typeof content !== "string" || !base64Form.test(content)) return false;
    attributes.push({ name: textOf(name), value: content });
  }
  node.extendedAttributes = attributes;
  return true;
}

function readGenericAttributes(node: Draft, value: unknown, textOf: TextOf): boolean {
  if (typeof value !== "object" || Array.isArray(value)) return false;
  // Strings in it are texts, not bytes, so it is decoded once more as what it is.
  const json = JSON.stringify(value);
  node.genericAttributes = JSON.parse(
    beyondAscii.test(json) ? Buffer.from(textOf(json), "latin1").toString("utf8") : json,
  );
  return true;
}

function readSubtree(node: Draft, value: unknown): boolean {
  if (typeof value !== "string" || !idForm.test(value)) return false;
  node.subtree = value;
  return true;
}

function uint32(name: ByteString, fields: Fields, field: string): number {
  const value = fields[field];
  if (value === undefined || value === null) return 0;
  if (typeof value === "number" && value >= 0 && value < 2 ** 32 && Number.isInteger(value)) return value;
  throw wrongField(name, fields, field);
}

function instant(name: ByteString, fields: Fields, field: string): string {
  const value = fields[field];
  if (typeof value === "string" && !Number.isNaN(instantSeconds(value))) return value;
  throw wrongField(name, fields, field);
}

function contentOf(name: ByteString, fields: Fields): string[] | null {
  const value = fields.content;
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw wrongField(name, fields, "content");
  for (const id of value) if (typeof id !== "string" || !idForm.test(id)) throw wrongField(name, fields, "content");
  return value;
}

function nameOf(value: unknown, textOf: TextOf): ByteString {
  const name = typeof value === "string" ? unquoteName(textOf(value)) : null;
  // Such a name, joined to a directory, would lead out of it.
  if (name === null || name === "" || name === "." || name === ".." || /[/\0]/.test(name)) {
    throw new FormError(`a name is ${JSON.stringify(value)?.slice(0, 300)}`);
  }
  return name;
}

/** Text for people (user, group, error) from its bytes. */
function plainText(value: string, textOf: TextOf): string {
  return beyondAscii.test(value) ? Buffer.from(textOf(value), "latin1").toString("utf8") : value;
}
