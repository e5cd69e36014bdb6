import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync, timingSafeEqual } from "node:crypto";
import type { Cipher, MasterKey } from "./master-key.ts";
import { nonceBytes, sealOverheadBytes } from "./master-key.ts";
import { createPoly1305 } from "./poly1305.ts";

const macBytes = 16;

/** AES works in steps of this many bytes, so that what one step wrote is still in the processor's cache when it is copied. */
const stepBytes = 128 * 1024;

/** A cipher of this key, for one thread. */
export function createCipher(key: MasterKey): Cipher {
  const encryptionKey = createSecretKey(key.encrypt);
  const poly1305 = createPoly1305(key.macR);
  // In ECB mode each block stands alone, so one long "message" of nonces gives the pad of each.
  const padOf = createCipheriv("aes-128-ecb", key.macK, null).setAutoPadding(false);
  const drawNonce = createNonceSource();

  function writeMac(nonce: Uint8Array, ciphertext: Uint8Array, mac: Uint8Array): void {
    poly1305.authenticate(ciphertext, padOf.update(nonce), mac);
  }

  function sealInto(plaintext: Uint8Array, target: Uint8Array, offset: number): number {
    const sealedBytes = plaintext.length + sealOverheadBytes;
    if (offset + sealedBytes > target.length) {
      throw new RangeError(`${sealedBytes} sealed bytes do not fit at ${offset} of ${target.length}`);
    }
    const nonce = drawNonce();
    target.set(nonce, offset);
    const macAt = offset + nonceBytes + plaintext.length;
    transform(createCipheriv("aes-256-ctr", encryptionKey, nonce), plaintext, target, offset + nonceBytes);
    writeMac(nonce, target.subarray(offset + nonceBytes, macAt), target.subarray(macAt, macAt + macBytes));
    return sealedBytes;
  }

  return {
    sealInto,
    seal(plaintext) {
      const sealed = new Uint8Array(plaintext.length + sealOverheadBytes);
      sealInto(plaintext, sealed, 0);
      return sealed;
    },
    open(sealed, lend = allocate) {
      if (sealed.length < sealOverheadBytes) return null;
      const nonce = sealed.subarray(0, nonceBytes);
      const ciphertext = sealed.subarray(nonceBytes, sealed.length - macBytes);
      const mac = new Uint8Array(macBytes);
      writeMac(nonce, ciphertext, mac);
      if (!timingSafeEqual(mac, sealed.subarray(sealed.length - macBytes))) return null;
      const aes = createDecipheriv("aes-256-ctr", encryptionKey, nonce);
      if (ciphertext.length <= stepBytes) {
        const step = aes.update(ciphertext);
        // What AES gave has memory of its own, which nobody needs to copy.
        if (isAlone(step)) return new Uint8Array(step.buffer);
      }
      const plaintext = lend(ciphertext.length);
      transform(aes, ciphertext, plaintext, 0);
      return plaintext;
    },
  };
}

/** All of it is written next: zeros first would be for nothing. */
function allocate(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

function transform(
  aes: { update(bytes: Uint8Array): Uint8Array },
  source: Uint8Array,
  target: Uint8Array,
  offset: number,
): void {
  for (let from = 0; from < source.length; from += stepBytes) {
    const step = aes.update(source.subarray(from, from + stepBytes));
    target.set(step, offset + from);
    release(step);
  }
}

/** Below this, freeing costs more than it frees. */
const leastReleasedBytes = 16 * 1024;

/**
 * Frees the memory of what AES gave right away. It lies outside of the heap, where the collector would let some 60 MB of it pile up in
 * each thread before it looks; and the next step gets the same memory, which is in the processor's cache.
 */
function release(step: Uint8Array): void {
  if (isAlone(step) && step.byteLength >= leastReleasedBytes) step.buffer.transfer(0);
}

/** Whether nothing else lies in the memory of these bytes. */
function isAlone(step: Uint8Array): step is Uint8Array<ArrayBuffer> {
  return step.buffer instanceof ArrayBuffer && step.buffer.byteLength === step.byteLength;
}

/** Random nonces, drawn from the system 256 at a time: one call for each would cost as much as sealing a kilobyte. */
function createNonceSource(): () => Uint8Array {
  const pool = new Uint8Array(256 * nonceBytes);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += nonceBytes;
    return pool.subarray(at - nonceBytes, at);
  };
}
