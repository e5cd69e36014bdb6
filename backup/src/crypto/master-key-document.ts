import { randomBytes } from "node:crypto";
import type { MasterKey } from "./master-key.ts";

/** The master key as the JSON within a key file has it: base64. */
export interface MasterKeyDocument {
  readonly mac: { readonly k: string; readonly r: string };
  readonly encrypt: string;
}

/** A new random master key. */
export function generateMasterKey(random: (bytes: number) => Uint8Array = randomBytes): MasterKey {
  return { encrypt: random(32), macK: random(16), macR: random(16) };
}

/** The master key as the document that a key file holds sealed. */
export function encodeMasterKey(key: MasterKey): MasterKeyDocument {
  return { mac: { k: base64(key.macK), r: base64(key.macR) }, encrypt: base64(key.encrypt) };
}

/** The master key in a key file's document, or null when the document has another form. */
export function decodeMasterKey(document: unknown): MasterKey | null {
  if (!isObject(document) || !isObject(document.mac)) return null;
  const encrypt = bytesOf(document.encrypt, 32);
  const macK = bytesOf(document.mac.k, 16);
  const macR = bytesOf(document.mac.r, 16);
  return encrypt !== null && macK !== null && macR !== null ? { encrypt, macK, macR } : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function bytesOf(text: unknown, length: number): Uint8Array | null {
  if (typeof text !== "string") return null;
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return bytes.length === length ? bytes : null;
}
