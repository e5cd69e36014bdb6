/**
 * Finds a circle among names that refer to names, such as hosts and their parents; answers its members in order, the first again at the end, or
 * null. Something that refers to itself is one. Pure; linear.
 */
export function findCircle(edges: ReadonlyMap<string, readonly string[]>): string[] | null {
  const finished = new Set<string>();
  for (const start of edges.keys()) {
    const circle = walk(start, edges, finished);
    if (circle !== null) return circle;
  }
  return null;
}

/** Depth first with its own stack: chains of ten thousand names are no reason to fail. */
function walk(start: string, edges: ReadonlyMap<string, readonly string[]>, finished: Set<string>): string[] | null {
  const path: { readonly name: string; next: number }[] = [{ name: start, next: 0 }];
  const onPath = new Set([start]);
  if (finished.has(start)) return null;
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const name = (edges.get(top.name) ?? [])[top.next++];
    if (name === undefined) {
      finished.add(top.name);
      onPath.delete(top.name);
      path.pop();
    } else if (onPath.has(name)) {
      const names = path.map((step) => step.name);
      return [...names.slice(names.indexOf(name)), name];
    } else if (!finished.has(name)) {
      onPath.add(name);
      path.push({ name, next: 0 });
    }
  }
  return null;
}

/** `web1 -> switch1 -> web1`, at most eight names. Pure. */
export function circleInWords(circle: readonly string[]): string {
  const shown = circle.length <= 8 ? circle : [...circle.slice(0, 6), "...", circle.at(-1) ?? ""];
  return shown.join(" -> ");
}
