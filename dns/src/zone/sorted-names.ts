import { canonicalKey, type DomainName, nameOfCanonicalKey } from "../name/index.ts";

/** A piece with more keys than this becomes two. */
const keysOfPiece = 512;

/** Names in canonical order (RFC 4034 §6.1), in pieces: what comes or goes moves a piece's keys alone, and nothing is ever sorted as a whole. */
export class SortedNames {
  /** Keys in order; no piece is empty. */
  readonly #pieces: string[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(name: DomainName): void {
    const key = canonicalKey(name);
    const number = Math.max(0, this.#pieceOf(key));
    const piece = this.#pieces[number];
    if (piece === undefined) {
      this.#pieces.push([key]);
      this.#size += 1;
      return;
    }
    const at = countUpTo(piece, key);
    if (piece[at - 1] === key) return;
    piece.splice(at, 0, key);
    this.#size += 1;
    if (piece.length <= keysOfPiece) return;
    // What comes in order leaves full pieces behind it.
    const isLast = number === this.#pieces.length - 1 && at === piece.length - 1;
    this.#pieces.splice(number + 1, 0, piece.splice(isLast ? at : keysOfPiece / 2));
  }

  delete(name: DomainName): void {
    const key = canonicalKey(name);
    const number = this.#pieceOf(key);
    const piece = this.#pieces[number];
    if (piece === undefined) return;
    const at = countUpTo(piece, key) - 1;
    if (piece[at] !== key) return;
    piece.splice(at, 1);
    this.#size -= 1;
    if (piece.length === 0) this.#pieces.splice(number, 1);
  }

  /** The last one that is not after `name`, in lower case; the very last one where all are after it: names are a circle. Undefined where there is none. */
  atOrBefore(name: DomainName): DomainName | undefined {
    const key = canonicalKey(name);
    const piece = this.#pieces[this.#pieceOf(key)];
    const found = piece === undefined ? this.#pieces.at(-1)?.at(-1) : piece[countUpTo(piece, key) - 1];
    return found === undefined ? undefined : nameOfCanonicalKey(found);
  }

  /** The last piece that does not begin behind a key; -1 where all do. */
  #pieceOf(key: string): number {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pieces[middle]?.[0] ?? "") <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** How many of some sorted keys are not after another one. */
function countUpTo(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? "") <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
