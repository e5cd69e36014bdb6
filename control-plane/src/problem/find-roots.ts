/** Something that is not fine, with what it follows from. */
export interface BadObject {
  /** `service-12` or `host-3`. */
  readonly key: string;
  /** Its own, 0 to 5. */
  readonly businessImpact: number;
  /** Keys of bad objects that it follows from: its host, a parent, a master it depends on, the leaves of a business rule. */
  readonly causes: readonly string[];
}

/** How one bad object stands among the others. */
export interface RootedProblem {
  /** What it follows from in the end, the first with the highest business impact; empty for a root. */
  readonly roots: readonly string[];
  /** How many others follow from it. */
  readonly impactCount: number;
  /** Its own, raised to the highest of what follows from it, as Shinken raises a root problem's. */
  readonly businessImpact: number;
}

/**
 * Finds the roots of problems: what follows from nothing else that is bad. Of objects that follow from each other in a circle one is the root of the
 * others. Pure.
 */
export function findRoots(objects: readonly BadObject[]): ReadonlyMap<string, RootedProblem> {
  const byKey = new Map(objects.map((object) => [object.key, object]));
  const roots = new Map<string, readonly string[]>();
  for (const { key } of objects) collectRoots(key, byKey, roots, new Set());
  const impactCount = new Map<string, number>();
  const raised = new Map(objects.map(({ key, businessImpact }) => [key, businessImpact]));
  for (const { key, businessImpact } of objects) {
    for (const root of roots.get(key) ?? []) {
      impactCount.set(root, (impactCount.get(root) ?? 0) + 1);
      raised.set(root, Math.max(raised.get(root) ?? 0, businessImpact));
    }
  }
  const impactOf = (key: string) => raised.get(key) ?? 0;
  return new Map(
    objects.map(({ key }) => [
      key,
      {
        roots: (roots.get(key) ?? []).toSorted((a, b) => impactOf(b) - impactOf(a)),
        impactCount: impactCount.get(key) ?? 0,
        businessImpact: impactOf(key),
      },
    ]),
  );
}

/** A cause that is on the way to itself is left out: whoever is met last on a circle is its root. */
function collectRoots(
  key: string,
  byKey: ReadonlyMap<string, BadObject>,
  known: Map<string, readonly string[]>,
  path: Set<string>,
): readonly string[] {
  const ready = known.get(key);
  if (ready !== undefined) return ready;
  path.add(key);
  const found = new Set<string>();
  for (const cause of byKey.get(key)?.causes ?? []) {
    if (!byKey.has(cause) || path.has(cause)) continue;
    const above = collectRoots(cause, byKey, known, path);
    for (const root of above.length === 0 ? [cause] : above) found.add(root);
  }
  path.delete(key);
  const roots = [...found];
  known.set(key, roots);
  return roots;
}
