import { hash } from "node:crypto";
import { readSync } from "node:fs";

/** How much of a file's beginning is part of its identity. */
export const HEAD_BYTES = 1024;

/** The beginning of a file, so far as it was there when it was looked at. A file that grew has the same beginning over the same length. */
export interface FileHead {
  readonly length: number;
  readonly hash: string;
}

export const emptyHead: FileHead = { length: 0, hash: "" };

/** Makes the head of bytes. Pure. */
export function headOf(bytes: Uint8Array): FileHead {
  return bytes.length === 0 ? emptyHead : { length: bytes.length, hash: hash("sha256", bytes, "hex").slice(0, 32) };
}

/** Reads up to the first KB of an open file. */
export function readHeadBytes(descriptor: number, buffer = Buffer.allocUnsafe(HEAD_BYTES)): Buffer {
  return buffer.subarray(0, readSync(descriptor, buffer, 0, HEAD_BYTES, 0));
}

/** Whether bytes that a file begins with now begin as it did when `head` was made. Pure. */
export function beginsWith(bytes: Uint8Array, head: FileHead): boolean {
  if (head.length === 0) return true;
  return bytes.length >= head.length && headOf(bytes.subarray(0, head.length)).hash === head.hash;
}
