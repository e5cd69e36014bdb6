import { hash } from "node:crypto";

/** A SHA-256 in lower-case hexadecimal, 64 characters: names blobs and every file of a repository but `config`. */
export type Id = string;

export type BlobType = "data" | "tree";

/** Where a blob lies. Lengths and offset in bytes. */
export interface BlobLocation {
  readonly packId: Id;
  readonly offset: number;
  /** Length as stored: nonce (16), ciphertext, MAC (16). */
  readonly length: number;
  /** Length of the plaintext when it was compressed before encryption; null when it was not. */
  readonly uncompressedLength: number | null;
}

/** A blob within its pack. */
export interface PackedBlob extends Omit<BlobLocation, "packId"> {
  readonly id: Id;
  readonly type: BlobType;
}

/** The id of these bytes. */
export function idOf(bytes: Uint8Array): Id {
  return hash("sha256", bytes, "hex");
}

/** Whether this is the form of an id. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
