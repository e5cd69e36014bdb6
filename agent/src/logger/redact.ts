const SECRET_NAMES = /token|password|secret|authorization|privatekey|cookie/i;
// A compact JWS, and a bearer credential inside a sentence.
const SECRET_TEXT = /eyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=\bBearer )\S+/g;

/** Removes what must not be read in a log: values of fields named like secrets, and tokens inside text, at any depth. */
export function redact(name: string, value: unknown): unknown {
  if (SECRET_NAMES.test(name) && value !== null && value !== undefined) return "[removed]";
  if (typeof value === "string") return value.replace(SECRET_TEXT, "[removed]");
  if (Array.isArray(value)) return value.map((item) => redact(name, item));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(key, item)]));
  }
  return value;
}
