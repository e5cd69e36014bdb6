import { byteString } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { goFileMode } from "./file-mode.ts";
import { jsonString, jsonValue } from "./go-json.ts";
import { quoteName } from "./go-quote.ts";
import type { Node } from "./node.ts";
import { TreeMemory } from "./tree-memory.ts";
import { isUtf8 } from "./utf8.ts";

/** A directory begins with room for some dozens of entries. */
const firstBytes = 16 * 1024;
/** Bytes of a piece; large directories have several. */
const pieceBytes = 1024 * 1024;

/** The bytes of a tree blob. The nodes must be sorted by the bytes of their names, without duplicates (throws InputError). */
export function encodeTree(nodes: readonly Node[]): Uint8Array<ArrayBuffer> {
  const encoder = new TreeEncoder();
  for (const node of nodes) encoder.add(node);
  return joinPieces(encoder.finish());
}

function joinPieces(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const joined = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/**
 * Writes the bytes of a tree blob node by node, so that of a directory nothing but these bytes need be kept: its nodes would take several
 * times their room.
 */
export class TreeEncoder {
  readonly #memory: TreeMemory;
  readonly #pieces: Uint8Array<ArrayBuffer>[] = [];
  /** Of `#memory`: what the pieces lie in, in their order. */
  readonly #filled: Buffer<ArrayBuffer>[] = [];
  #piece: Buffer<ArrayBuffer>;
  #length = 0;
  #previous: Node["name"] | "" = "";

  constructor(memory = new TreeMemory()) {
    this.#memory = memory;
    this.#piece = memory.take(firstBytes);
    this.#write('{"nodes":[');
  }

  /** Writes the next node. Throws InputError when its name does not come behind the one before. */
  add(node: Node): void {
    if (node.name <= this.#previous) {
      throw new InputError(
        `tree: ${JSON.stringify(node.name)} comes after ${JSON.stringify(this.#previous)}; names must be sorted and differ`,
      );
    }
    this.#write(this.#previous === "" ? encodeNode(node) : `,${encodeNode(node)}`);
    this.#previous = node.name;
  }

  /** The bytes, in one piece or several; nothing can be added afterwards. */
  finish(): readonly Uint8Array<ArrayBuffer>[] {
    this.#write("]}\n");
    this.#endPiece();
    return this.#pieces;
  }

  /** Gives the memory back; what `finish` returned must not be read any more. */
  release(): void {
    for (const memory of this.#filled.splice(0)) this.#memory.giveBack(memory);
  }

  #write(text: string): void {
    const length = this.#length + text.length;
    if (length > this.#piece.length) this.#makeRoom(text.length);
    this.#length += this.#piece.write(text, this.#length, "latin1");
  }

  /** A small piece grows, a large one is followed by another. */
  #makeRoom(moreBytes: number): void {
    if (this.#piece.length >= pieceBytes) {
      this.#endPiece();
      this.#piece = this.#memory.take(Math.max(pieceBytes, moreBytes));
      this.#length = 0;
      return;
    }
    const larger = this.#memory.take(sizeFor(this.#length + moreBytes));
    larger.set(this.#piece.subarray(0, this.#length));
    this.#memory.giveBack(this.#piece);
    this.#piece = larger;
  }

  #endPiece(): void {
    this.#pieces.push(new Uint8Array(this.#piece.buffer, 0, this.#length));
    this.#filled.push(this.#piece);
  }
}

/** The size of a piece that holds so much: few sizes, so that memory of one directory serves others. */
function sizeFor(bytes: number): number {
  let size = firstBytes * 2;
  while (size < bytes) size *= 2;
  return size;
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
