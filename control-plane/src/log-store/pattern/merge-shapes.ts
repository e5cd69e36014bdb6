/** What stands where messages differ in a way that has no name. */
export const anything = "<*>";

/** Of two shapes' words so many are the same when they are one pattern. Drain's own figure (He et al., ICWS 2017) is 0.5, for messages that are less masked than ours. */
const minimumSimilarity = 0.6;
/** Shorter shapes are too little to tell. */
const minimumWords = 3;

export interface MergedPattern<Shape> {
  readonly template: string;
  readonly shapes: readonly Shape[];
}

interface Group<Shape> {
  words: string[];
  readonly shapes: Shape[];
}

/**
 * Joins shapes that are the same but for few words, as Drain does: of those with as many words, and the same first one, each goes to the most similar
 * pattern. In the order of their text, so that the same shapes are the same patterns whatever came first. Pure.
 */
export function mergeShapes<Shape extends { readonly template: string }>(
  shapes: readonly Shape[],
): MergedPattern<Shape>[] {
  const leaves = new Map<string, Group<Shape>[]>();
  const ordered = shapes.toSorted((one, other) => (one.template < other.template ? -1 : 1));
  for (const shape of ordered) {
    const words = shape.template.split(" ");
    const first = words[0] ?? "";
    const key = `${words.length} ${first.includes("<") ? anything : first}`;
    const groups = leaves.get(key) ?? [];
    leaves.set(key, groups);
    const best = mostSimilar(groups, words);
    if (best === null) groups.push({ words, shapes: [shape] });
    else {
      best.shapes.push(shape);
      best.words = best.words.map((word, place) => (word === words[place] ? word : anything));
    }
  }
  return [...leaves.values()].flat().map((group) => ({ template: group.words.join(" "), shapes: group.shapes }));
}

function mostSimilar<Shape>(groups: readonly Group<Shape>[], words: readonly string[]): Group<Shape> | null {
  if (words.length < minimumWords) return null;
  let best: Group<Shape> | null = null;
  let most = 0;
  for (const group of groups) {
    let same = 0;
    for (const [place, word] of words.entries()) if (group.words[place] === word) same += 1;
    const similarity = same / words.length;
    if (similarity >= minimumSimilarity && similarity > most) {
      best = group;
      most = similarity;
    }
  }
  return best;
}

/** Whether a shape is one of a pattern: each word is the pattern's, or stands where it has `<*>`. Pure. */
export function isOfPattern(template: string, shape: string): boolean {
  if (template === shape) return true;
  const wanted = template.split(" ");
  const words = shape.split(" ");
  return wanted.length === words.length && wanted.every((word, place) => word === anything || word === words[place]);
}
