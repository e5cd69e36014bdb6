/** A named filter that a list offers. */
export interface ListView {
  readonly name: string;
  readonly filter: Readonly<Record<string, unknown>>;
  /** A state whose shape stands before the name. */
  readonly state?: string;
}

/** Says whether two filters ask for the same, whatever the order of their keys and lists. */
export function isSameFilter(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== "");
    return `{${entries
      .map(([key, each]) => `${key}:${canonical(each)}`)
      .sort()
      .join()}}`;
  }
  return JSON.stringify(value) ?? "";
}
