import type { LogCondition } from "@mycloud/protocol/log-query";
import { isShapeWord, shapeWordsOf } from "../shape-word.ts";

/** Shapes of a day by the words that their records can have. */
export interface ShapeIndex {
  addShape(shape: number, template: string): void;
  /** `word` null: the shape may have any. */
  addWord(shape: number, word: string | null): void;
  /** Shapes whose records can match a condition, as far as its words tell; null when all can. */
  shapesFor(condition: LogCondition): ReadonlySet<number> | null;
}

/** Records that are of no shape, as there were too many. */
const noShape = 0;

export function createShapeIndex(): ShapeIndex {
  const byWord = new Map<string, Set<number>>();
  const open = new Set<number>([noShape]);

  function add(shape: number, word: string): void {
    const shapes = byWord.get(word);
    if (shapes === undefined) byWord.set(word, new Set([shape]));
    else shapes.add(shape);
  }

  function withWord(word: string): ReadonlySet<number> {
    return new Set([...(byWord.get(word) ?? []), ...open]);
  }

  function shapesFor(condition: LogCondition): ReadonlySet<number> | null {
    switch (condition.kind) {
      case "words": {
        const whole = condition.isPrefix ? condition.tokens.slice(0, -1) : condition.tokens;
        return intersection(whole.filter(isShapeWord).map(withWord));
      }
      case "and":
        return intersection(condition.of.map(shapesFor));
      case "or":
        return union(condition.of.map(shapesFor));
      default:
        return null;
    }
  }

  return {
    addShape(shape, template) {
      for (const word of shapeWordsOf(template)) add(shape, word);
    },
    addWord(shape, word) {
      if (word === null) open.add(shape);
      else add(shape, word);
    },
    shapesFor,
  };
}

function intersection(sets: readonly (ReadonlySet<number> | null)[]): ReadonlySet<number> | null {
  const known = sets.filter((set) => set !== null).sort((one, other) => one.size - other.size);
  const [smallest, ...others] = known;
  if (smallest === undefined) return null;
  return new Set([...smallest].filter((shape) => others.every((other) => other.has(shape))));
}

function union(sets: readonly (ReadonlySet<number> | null)[]): ReadonlySet<number> | null {
  const known = sets.filter((set) => set !== null);
  return known.length === sets.length ? new Set(known.flatMap((set) => [...set])) : null;
}
