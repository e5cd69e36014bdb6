import { createCipheriv, createHash } from "node:crypto";

/** Numbers that look random and are the same in every run. */
export interface Random {
  /** From 0 to 1, without 1. */
  fraction(): number;
  /** A whole number from 0 to `limit`, without it. */
  below(limit: number): number;
}

/** Numbers drawn from a label (xoshiro128**, D. Blackman and S. Vigna, 2018). */
export function seededRandom(label: string): Random {
  const state = new Uint32Array(seedOf(label).buffer);
  function next(): number {
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = state;
    const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
    const mixed2 = s2 ^ s0;
    const mixed3 = s3 ^ s1;
    state[1] = s1 ^ mixed2;
    state[0] = s0 ^ mixed3;
    state[2] = mixed2 ^ (s1 << 9);
    state[3] = rotate(mixed3, 11);
    return result;
  }
  const fraction = () => next() / 2 ** 32;
  return { fraction, below: (limit) => Math.floor(fraction() * limit) };
}

/** Bytes that nothing can compress, drawn from a label. */
export function seededNoise(label: string, length: number): Buffer {
  const key = seedOf(label);
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

function seedOf(label: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash("sha256").update(`mycloud benchmark 1: ${label}`).digest());
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
