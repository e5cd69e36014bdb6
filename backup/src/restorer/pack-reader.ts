import { closeSync, openSync, readSync } from "node:fs";

/** Read at once, so that small blobs take few calls; more would leave the processor's cache before it is used. */
const readBytes = 256 * 1024;

/** A piece of a pack where it lies. Bytes. */
export interface PackPiece {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** Reads blobs of one piece of a pack after the other, in order, into memory that is used again. */
export class PackReader {
  #memory = Buffer.allocUnsafeSlow(readBytes);
  #open: { readonly fd: number; readonly piece: PackPiece } | null = null;
  /** What of the file is in memory. */
  #start = 0;
  #end = 0;

  /** Bytes of the piece, valid until the next call; null where the file ends before. Throws as opening and reading do. */
  read(piece: PackPiece, offset: number, length: number): Uint8Array | null {
    const fd = this.#openPiece(piece);
    const from = piece.offset + offset;
    if (from < this.#start || from + length > this.#end) {
      this.#fill(fd, from, Math.max(length, Math.min(readBytes, piece.length - offset)));
    }
    if (from + length > this.#end) return null;
    return this.#memory.subarray(from - this.#start, from - this.#start + length);
  }

  /** Closes the file; `read` opens it again. */
  close(): void {
    if (this.#open !== null) closeSync(this.#open.fd);
    this.#open = null;
  }

  #openPiece(piece: PackPiece): number {
    if (this.#open?.piece !== piece) {
      this.close();
      this.#open = { fd: openSync(piece.path, "r"), piece };
      this.#start = 0;
      this.#end = 0;
    }
    return this.#open.fd;
  }

  #fill(fd: number, from: number, wanted: number): void {
    if (this.#memory.length < wanted) this.#memory = Buffer.allocUnsafeSlow(wanted);
    this.#start = from;
    this.#end = from;
    while (this.#end - from < wanted) {
      const filled = this.#end - from;
      const read = readSync(fd, this.#memory, filled, wanted - filled, this.#end);
      if (read === 0) return;
      this.#end += read;
    }
  }
}
