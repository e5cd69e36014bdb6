import { hash } from "node:crypto";
import type { Id } from "../blob/index.ts";

/**
 * Tells by their names which blobs are nothing but zeros. A file with a hole of terabytes has millions of places for the same one, and
 * nothing needs to be read, written or compared there. Asked only of names that come twice in a row: it hashes as many zeros once for each
 * length.
 */
export class ZeroBlobs {
  readonly #ids = new Map<number, Id>();

  has(id: Id, length: number): boolean {
    let zeroId = this.#ids.get(length);
    if (zeroId === undefined) {
      zeroId = hash("sha256", new Uint8Array(length), "hex");
      this.#ids.set(length, zeroId);
    }
    return zeroId === id;
  }
}
