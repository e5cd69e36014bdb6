import type { MaskedMessage } from "../pattern/index.ts";
import { isPlain } from "./field-token.ts";
import { visitShapeWords } from "./shape-word.ts";

/** Words of plain letters that messages of a shape have and its template has not; null when they may have any. */
export interface ShapeWords {
  readonly hash: number;
  readonly otherHash: number;
  readonly words: readonly string[] | null;
}

/** Gathers what the shapes of a batch hide, each word once. */
export interface BatchShapes {
  add(message: MaskedMessage): void;
  list(): readonly ShapeWords[];
}

/** A shape with more may have any. */
export const maximumWordsOfShape = 1_000;

export function createBatchShapes(): BatchShapes {
  const shapes = new Map<number, { hash: number; otherHash: number; words: Set<string> | null }>();
  return {
    add({ hash, otherHash, hidden, isCut }) {
      if (!isCut && hidden === "") return;
      const key = hash * 0x20_0000 + (otherHash & 0x1f_ffff);
      let shape = shapes.get(key);
      if (shape === undefined) {
        shape = { hash, otherHash, words: new Set() };
        shapes.set(key, shape);
      }
      const { words } = shape;
      if (words === null) return;
      if (isCut || words.size > maximumWordsOfShape || !isPlain(hidden)) shape.words = null;
      else visitShapeWords(hidden, (word) => words.add(word));
    },
    list: () => [...shapes.values()].map(({ words, ...shape }) => ({ ...shape, words: words && [...words] })),
  };
}
