import { keptSecret, secretFields } from "@mycloud/protocol/forward";

const names: ReadonlySet<string> = new Set(secretFields);

type Change = (secret: string, path: string) => string;

/**
 * A JSON value with every secret in it (a text in a field of one of the names in `secretFields`, however deep) replaced by what `change` makes of it.
 * `path` is where it is: `target.password`. The value itself is left as it is. Pure, when `change` is.
 */
export function mapSecrets(value: unknown, change: Change, path = ""): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => mapSecrets(entry, change, join(path, String(index))));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      const at = join(path, name);
      const isSecret = names.has(name) && typeof entry === "string";
      return [name, isSecret ? change(entry, at) : mapSecrets(entry, change, at)];
    }),
  );
}

/** A value as people may see it: secrets that are set read `********`. Pure. */
export function hideSecrets(value: unknown): unknown {
  return mapSecrets(value, (secret) => (secret === "" ? "" : keptSecret));
}

/** The secrets of a value by their paths. Pure. */
export function findSecrets(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  mapSecrets(value, (secret, path) => {
    found.set(path, secret);
    return secret;
  });
  return found;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
