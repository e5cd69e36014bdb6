import { MessagePackError } from "./message-pack-error.ts";
import { MessagePackReader, type MessagePackValue } from "./message-pack-reader.ts";
import { MessagePackWriter } from "./message-pack-writer.ts";

/** What a server says first, when it wants its senders to prove who they are. */
export interface Helo {
  readonly nonce: Uint8Array;
  /** The salt for passwords; empty when the server wants no user. */
  readonly auth: Uint8Array;
  readonly isKeptAlive: boolean;
}

/** What a sender answers. `digest` proves that it has the shared key, `passwordDigest` that it is the user; empty without. */
export interface Ping {
  readonly hostName: string;
  readonly salt: Uint8Array;
  readonly digest: string;
  readonly userName: string;
  readonly passwordDigest: string;
}

/** What the server says to that; with its own proof, without which a sender sends nothing. */
export interface Pong {
  readonly isAccepted: boolean;
  readonly reason: string;
  readonly hostName: string;
  readonly digest: string;
}

export function encodeHelo({ nonce, auth, isKeptAlive }: Helo): Buffer {
  const writer = new MessagePackWriter(256);
  writer.array(2);
  writer.text("HELO");
  writer.map(3);
  writer.text("nonce");
  writer.binary(nonce);
  writer.text("auth");
  writer.binary(auth);
  writer.text("keepalive");
  writer.boolean(isKeptAlive);
  return writer.take();
}

export function encodePing({ hostName, salt, digest, userName, passwordDigest }: Ping): Buffer {
  const writer = new MessagePackWriter(1024);
  writer.array(6);
  writer.text("PING");
  writer.text(hostName);
  writer.binary(salt);
  for (const text of [digest, userName, passwordDigest]) writer.text(text);
  return writer.take();
}

export function encodePong({ isAccepted, reason, hostName, digest }: Pong): Buffer {
  const writer = new MessagePackWriter(1024);
  writer.array(5);
  writer.text("PONG");
  writer.boolean(isAccepted);
  for (const text of [reason, hostName, digest]) writer.text(text);
  return writer.take();
}

/** Throws MessagePackError for anything else. */
export function readHelo(bytes: Uint8Array): Helo {
  const [options] = readParts(bytes, "HELO", 2);
  const isMap = typeof options === "object" && options !== null && !Array.isArray(options);
  if (!isMap || options instanceof Uint8Array) throw new MessagePackError("a HELO without options");
  const given: { readonly [key: string]: MessagePackValue } = { ...options };
  return {
    nonce: bytesOf(given.nonce),
    auth: bytesOf(given.auth ?? ""),
    // Those that do not say so keep connections open.
    isKeptAlive: given.keepalive !== false,
  };
}

/** Throws MessagePackError for anything else. */
export function readPing(bytes: Uint8Array): Ping {
  const [hostName, salt, digest, userName, passwordDigest] = readParts(bytes, "PING", 6);
  return {
    hostName: textOf(hostName),
    salt: bytesOf(salt),
    digest: textOf(digest),
    userName: textOf(userName ?? ""),
    passwordDigest: textOf(passwordDigest ?? ""),
  };
}

/** Throws MessagePackError for anything else. */
export function readPong(bytes: Uint8Array): Pong {
  const [isAccepted, reason, hostName, digest] = readParts(bytes, "PONG", 5);
  return {
    isAccepted: isAccepted === true,
    reason: textOf(reason ?? ""),
    hostName: textOf(hostName ?? ""),
    digest: textOf(digest ?? ""),
  };
}

function readParts(bytes: Uint8Array, name: string, size: number): MessagePackValue[] {
  const reader = new MessagePackReader(bytes, { depth: 4, elements: 32, values: 64 });
  if (reader.kind() !== "array") throw new MessagePackError(`${reader.kind()} where ${name} was expected`);
  const parts = reader.value();
  if (!Array.isArray(parts) || parts.length !== size || parts[0] !== name) {
    throw new MessagePackError(`something else where ${name} was expected`);
  }
  return parts.slice(1);
}

function textOf(value: MessagePackValue | undefined): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  throw new MessagePackError("something else where a text was expected");
}

/** A text's bytes are UTF-8, as those that write their salt in hex take it. */
function bytesOf(value: MessagePackValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return Buffer.from(value, "utf8");
  throw new MessagePackError("something else where bytes were expected");
}
