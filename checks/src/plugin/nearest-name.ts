/** The name closest to what was typed, if it is close enough to be a slip (Damerau-free edit distance of at most 1/2 its length, and 3). */
export function nearestName(typed: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let smallest = Math.min(3, Math.floor(typed.length / 2)) + 1;
  for (const name of names) {
    const isPart = typed.length >= 3 && name.includes(typed);
    const distance = isPart ? 1 : editDistance(typed, name);
    if (distance < smallest) {
      smallest = distance;
      nearest = name;
    }
  }
  return nearest;
}

/** How many single-character insertions, deletions and replacements lie between two short words (Levenshtein). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
