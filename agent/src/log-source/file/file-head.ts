import { hash } from "node:crypto";
import { readSync } from "node:fs";

/** How much of a file's beginning is part of its identity. */
export const HEAD_BYTES = 1024;

/** How much of what was read last is part of it: files may begin alike for longer than a KB, and a file may grow again beyond where it was truncated. */
export const TAIL_BYTES = 1024;

/** A piece of a file, as far as it was there when it was looked at: its beginning, or what is before the place it was read to. */
export interface FilePiece {
  readonly length: number;
  readonly hash: string;
}

/** Nothing: every file has it. */
export const emptyPiece: FilePiece = { length: 0, hash: "" };

/** Makes a piece of bytes. Pure. */
export function pieceOf(bytes: Uint8Array): FilePiece {
  return bytes.length === 0 ? emptyPiece : { length: bytes.length, hash: hash("sha256", bytes, "hex").slice(0, 32) };
}

/** Reads up to the first KB of an open file. */
export function readHeadBytes(descriptor: number, buffer = Buffer.allocUnsafe(HEAD_BYTES)): Buffer {
  return buffer.subarray(0, readSync(descriptor, buffer, 0, HEAD_BYTES, 0));
}

/** Whether bytes begin with a piece: a file that grew has the same beginning over the same length. Pure. */
export function beginsWith(bytes: Uint8Array, piece: FilePiece): boolean {
  if (piece.length === 0) return true;
  return bytes.length >= piece.length && pieceOf(bytes.subarray(0, piece.length)).hash === piece.hash;
}

/** The piece before the end of bytes. Pure. */
export function tailOf(bytes: Uint8Array): FilePiece {
  return pieceOf(bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)));
}
