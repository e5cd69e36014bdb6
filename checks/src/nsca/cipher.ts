import { createCipheriv, createDecipheriv } from "node:crypto";
import { ivLength } from "./greeting.ts";
import { packetLength } from "./packet.ts";
import { createRijndael256 } from "./rijndael-256.ts";

/** Ways to encrypt that both ends must agree on; the numbers are those of nsca.cfg. */
export const nscaMethods = [0, 1, 3, 14, 16] as const;
export type NscaMethod = (typeof nscaMethods)[number];

/** Encrypts or decrypts the packets of one connection, in their order: of most methods each byte depends on all before it. */
export type NscaCipher = (packet: Buffer) => Buffer;

/** Makes what encrypts or decrypts one connection. `iv` is the greeting's. */
export function createNscaCipher(
  method: NscaMethod,
  direction: "encrypt" | "decrypt",
  password: string,
  iv: Buffer,
): NscaCipher {
  const key = Buffer.from(password, "utf8");
  switch (method) {
    case 0:
      return (packet) => packet;
    case 1:
      return createXor(key, iv);
    case 3:
      return createStandard("des-ede3-cfb8", direction, padded(key, 24), iv.subarray(0, 8));
    case 14:
      return createStandard("aes-256-cfb8", direction, padded(key, 32), iv.subarray(0, 16));
    case 16:
      return createCfb8(createRijndael256(padded(key, 32)), direction, iv.subarray(0, 32));
  }
}

/** Keys are the password's bytes, cut or filled with zeroes, as libmcrypt is given them. */
function padded(key: Buffer, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  key.copy(bytes, 0, 0, length);
  return bytes;
}

/** Each packet starts anew, so every packet meets the same bytes: they are worked out once and applied in words. */
function createXor(key: Buffer, iv: Buffer): NscaCipher {
  const mask = new Uint8Array(packetLength);
  for (let index = 0; index < packetLength; index++) {
    mask[index] = (iv[index % ivLength] ?? 0) ^ (key.length === 0 ? 0 : (key[index % key.length] ?? 0));
  }
  const maskWords = new Uint32Array(mask.buffer);
  return (packet) => {
    // A copy, because a packet may begin where no word does.
    const bytes = Buffer.alloc(packet.length);
    packet.copy(bytes);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    for (let index = 0; index < words.length; index++) words[index] = (words[index] ?? 0) ^ (maskWords[index] ?? 0);
    for (let index = words.length << 2; index < bytes.length; index++)
      bytes[index] = (bytes[index] ?? 0) ^ (mask[index] ?? 0);
    return bytes;
  };
}

function createStandard(name: string, direction: "encrypt" | "decrypt", key: Buffer, iv: Buffer): NscaCipher {
  const cipher = direction === "encrypt" ? createCipheriv(name, key, iv) : createDecipheriv(name, key, iv);
  return (packet) => cipher.update(packet);
}

/** Encrypts a block in place of what `output` holds. */
type EncryptBlock = (input: Uint8Array, output: Uint8Array) => void;

/** CFB with 8 bits: each byte is XORed with the first byte of the encrypted register, which then takes in the byte that was sent. */
function createCfb8(encryptBlock: EncryptBlock, direction: "encrypt" | "decrypt", iv: Buffer): NscaCipher {
  const size = iv.length;
  // The register moves along a longer buffer, so that it is copied back once in a while and not for every byte.
  const room = 4096;
  const shift = new Uint8Array(room + size);
  shift.set(iv);
  let at = 0;
  const encrypted = new Uint8Array(size);
  return (packet) => {
    const result = Buffer.alloc(packet.length);
    for (let index = 0; index < packet.length; index++) {
      encryptBlock(shift.subarray(at, at + size), encrypted);
      const byte = packet[index] ?? 0;
      const changed = byte ^ (encrypted[0] ?? 0);
      result[index] = changed;
      shift[at + size] = direction === "encrypt" ? changed : byte;
      at++;
      if (at === room) {
        shift.copyWithin(0, at, at + size);
        at = 0;
      }
    }
    return result;
  };
}
