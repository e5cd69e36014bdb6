/** The keys that every file and blob of a repository is sealed with: AES-256-CTR and Poly1305-AES (doc/design.rst, "Keys, Encryption and MAC"). */
export interface MasterKey {
  /** 32 bytes. */
  readonly encrypt: Uint8Array;
  /** 16 bytes: the AES-128 key `k` of Poly1305-AES. */
  readonly macK: Uint8Array;
  /** 16 bytes: `r`, masked when used. */
  readonly macR: Uint8Array;
}

/** Bytes of the nonce that sealing puts before the ciphertext. */
export const nonceBytes = 16;

/** Bytes that sealing adds: nonce and MAC (16). */
export const sealOverheadBytes = 32;

/** Seals and opens with one key. Not safe to share between threads; each makes its own. */
export interface Cipher {
  /**
   * Writes nonce, ciphertext and MAC of `plaintext` into `target` at `offset`; returns how many bytes (plaintext + 32). The plaintext may lie
   * where its ciphertext will.
   */
  sealInto(plaintext: Uint8Array, target: Uint8Array, offset: number): number;
  seal(plaintext: Uint8Array): Uint8Array<ArrayBuffer>;
  /**
   * The plaintext, or null when the MAC is wrong. The caller says which object is damaged. With `lend`, a long plaintext lies in memory
   * that it gives; else in memory of its own.
   */
  open(sealed: Uint8Array, lend?: (length: number) => Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null;
}
