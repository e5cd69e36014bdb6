/** Faults by field, nested as the values are: `{ name: "is empty", channels: [undefined, { url: "..." }] }`. */
export type FormFaults = Record<string, unknown>;

/** Puts a message at its path, unless something was put there, above or below before. */
export function place(faults: FormFaults, path: readonly string[], message: string): void {
  const [first, ...rest] = path;
  if (first === undefined) {
    faults.root ??= { serverError: message };
    return;
  }
  const present = faults[first];
  if (rest.length === 0) {
    faults[first] ??= message;
    return;
  }
  if (typeof present === "string") return;
  const inner: FormFaults = isFaults(present) ? present : {};
  place(inner, rest, message);
  faults[first] = inner;
}

function isFaults(value: unknown): value is FormFaults {
  return typeof value === "object" && value !== null;
}

/** Every message in the faults with where it stands, in order. Pure. */
export function listFaults(faults: unknown, path = ""): { readonly path: string; readonly message: string }[] {
  if (typeof faults === "string") return faults === "" ? [] : [{ path, message: faults }];
  if (!isFaults(faults)) return [];
  if (typeof faults.message === "string" && faults.message !== "") return [{ path, message: faults.message }];
  return Object.entries(faults).flatMap(([name, inner]) =>
    // react-admin wraps a message in one more, which is no field.
    name === "ref" || name === "type"
      ? []
      : listFaults(inner, name === "message" ? path : path === "" ? name : `${path}.${name}`),
  );
}
