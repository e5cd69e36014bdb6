/** One place where two values differ; `before` or `after` is undefined where it did not exist. */
export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Lists where two JSON values differ, by path (`selector.labels.role`), in order of path. Lists count as one value: moving an argument
 * is one change to read, not many.
 */
export function difference(before: unknown, after: unknown, path = ""): Difference[] {
  if (isPlainObject(before) || isPlainObject(after)) {
    const left = isPlainObject(before) ? before : {};
    const right = isPlainObject(after) ? after : {};
    const bothSides = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...bothSides]
      .sort()
      .flatMap((key) => difference(left[key], right[key], path === "" ? key : `${path}.${key}`));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path: path === "" ? "value" : path, before: before ?? undefined, after: after ?? undefined }];
}

/** Writes a JSON value on one line for a table cell. */
export function valueText(value: unknown): string {
  if (value === undefined) return "—";
  if (typeof value === "string") return value === "" ? "(empty)" : value;
  return JSON.stringify(value);
}
