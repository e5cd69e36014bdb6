import { byteString } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { goFileMode } from "./file-mode.ts";
import { jsonString, jsonValue } from "./go-json.ts";
import { quoteName } from "./go-quote.ts";
import type { Node } from "./node.ts";
import { isUtf8 } from "./utf8.ts";

const pieceBytes = 256 * 1024;

/**
 * The bytes of a tree blob. The nodes must be sorted by the bytes of their names, without duplicates (throws InputError).
 * The bytes have their own ArrayBuffer, so they can be transferred.
 */
export function encodeTree(nodes: readonly Node[]): Uint8Array<ArrayBuffer> {
  // Written in pieces: the texts of a directory with 100,000 entries would take several times the room of its bytes.
  const pieces: Uint8Array[] = [];
  let text = '{"nodes":[';
  let previous = "";
  for (const node of nodes) {
    if (node.name <= previous) {
      throw new InputError(
        `tree: ${JSON.stringify(node.name)} comes after ${JSON.stringify(previous)}; names must be sorted and differ`,
      );
    }
    text += `${previous === "" ? "" : ","}${encodeNode(node)}`;
    previous = node.name;
    if (text.length < pieceBytes) continue;
    pieces.push(Buffer.from(text, "latin1"));
    text = "";
  }
  pieces.push(Buffer.from(`${text}]}\n`, "latin1"));
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** One node, in the order and with the omissions of restic's Node; a byte string. */
function encodeNode(node: Node): string {
  let json = `{"name":${jsonString(quoteName(node.name))},"type":"${node.type}"`;
  const mode = goFileMode(node.type, node.mode);
  if (mode !== 0) json += `,"mode":${mode}`;
  json += `,"mtime":"${node.mtime}","atime":"${node.atime}","ctime":"${node.ctime}","uid":${node.uid},"gid":${node.gid}`;
  if (node.user) json += `,"user":${jsonString(byteString(node.user))}`;
  if (node.group) json += `,"group":${jsonString(byteString(node.group))}`;
  if (isPresent(node.inode)) json += `,"inode":${node.inode}`;
  if (isPresent(node.deviceId)) json += `,"device_id":${node.deviceId}`;
  if (node.size) json += `,"size":${node.size}`;
  if (node.links) json += `,"links":${node.links}`;
  if (node.linkTarget) json += encodeLinkTarget(node);
  if (node.extendedAttributes?.length)
    json += `,"extended_attributes":[${node.extendedAttributes.map(encodeAttribute).join(",")}]`;
  if (node.genericAttributes !== undefined) json += encodeGenericAttributes(node.genericAttributes);
  if (isPresent(node.device)) json += `,"device":${node.device}`;
  json +=
    node.content === null
      ? ',"content":null'
      : node.content.length === 0
        ? ',"content":[]'
        : `,"content":["${node.content.join('","')}"]`;
  if (node.subtree) json += `,"subtree":"${node.subtree}"`;
  if (node.error) json += `,"error":${jsonString(byteString(node.error))}`;
  return `${json}}`;
}

function isPresent(number: string | undefined): number is string {
  return number !== undefined && number !== "0" && number !== "";
}

function encodeLinkTarget({ linkTarget }: Node): string {
  if (linkTarget === undefined) return "";
  const text = `,"linktarget":${jsonString(linkTarget)}`;
  return isUtf8(linkTarget)
    ? text
    : `${text},"linktarget_raw":"${Buffer.from(linkTarget, "latin1").toString("base64")}"`;
}

function encodeAttribute({ name, value }: { readonly name: Node["name"]; readonly value: string }): string {
  return `{"name":${jsonString(name)},"value":"${value}"}`;
}

function encodeGenericAttributes(attributes: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(attributes).map(([key, value]) => [byteString(key), value] as const);
  if (entries.length === 0) return "";
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `,"generic_attributes":{${entries.map(([key, value]) => `${jsonString(key)}:${jsonValue(value)}`).join(",")}}`;
}
