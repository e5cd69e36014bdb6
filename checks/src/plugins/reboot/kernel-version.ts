/** Orders kernel releases such as `6.1.0-28-amd64` by their numbers: 6.1.0-9 comes before 6.1.0-28. */
export function compareKernelReleases(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(release: string): number[] {
  return [...release.matchAll(/\d+/g)].map((match) => Number(match[0]));
}

/** What follows the numbers, e.g. `amd64` or `generic`: kernels of different flavours do not replace each other. */
export function flavourOf(release: string): string {
  return /[-.]([a-z][\w.-]*)$/i.exec(release)?.[1] ?? "";
}
