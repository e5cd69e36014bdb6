/** What JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Takes a value that has the form that is expected; throws JsonShapeError for any other. */
export type ReadJson<Value> = (value: unknown) => Value;

/** What a reader makes. */
export type JsonOf<Read> = Read extends ReadJson<infer Value> ? Value : never;

/** JSON of another form than was written. */
export class JsonShapeError extends Error {
  override readonly name = "JsonShapeError";

  constructor(expected: string, value: unknown) {
    super(`expected ${expected}, found ${JSON.stringify(value)?.slice(0, 100) ?? "nothing"}`);
  }
}

export const readText: ReadJson<string> = (value) => {
  if (typeof value === "string") return value;
  throw new JsonShapeError("a text", value);
};

export const readNumber: ReadJson<number> = (value) => {
  if (typeof value === "number") return value;
  throw new JsonShapeError("a number", value);
};

/** Without a fraction, 0 or more. */
export const readCount: ReadJson<number> = (value) => {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new JsonShapeError("a whole number", value);
};

/** Anything that JSON can say. */
export const readAny: ReadJson<Json> = (value) => {
  if (isJson(value)) return value;
  throw new JsonShapeError("JSON", value);
};

function isJson(value: unknown): value is Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return typeof value === "object" && Object.values(value).every(isJson);
}

/** One of some words. */
export function readOneOf<const Word extends string>(words: readonly Word[]): ReadJson<Word> {
  return (value) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw new JsonShapeError(words.join(" or "), value);
  };
}

export function readNullable<Value>(read: ReadJson<Value>): ReadJson<Value | null> {
  return (value) => (value === null ? null : read(value));
}

/** What is left out is taken for `fallback`. */
export function readWithDefault<Value>(read: ReadJson<Value>, fallback: Value): ReadJson<Value> {
  return (value) => (value === undefined ? fallback : read(value));
}

export function readList<Value>(read: ReadJson<Value>): ReadJson<Value[]> {
  return (value) => {
    if (Array.isArray(value)) return value.map(read);
    throw new JsonShapeError("a list", value);
  };
}

/** An object with any names. */
export function readByName<Value>(read: ReadJson<Value>): ReadJson<Record<string, Value>> {
  return (value) => Object.fromEntries(Object.entries(objectIn(value)).map(([name, member]) => [name, read(member)]));
}

/** An object with these members; others are left out. */
export function readObject<const Members extends Readonly<Record<string, ReadJson<unknown>>>>(
  members: Members,
): ReadJson<{ [Name in keyof Members]: JsonOf<Members[Name]> }> {
  return (value) => {
    const object = objectIn(value);
    const entries: readonly (readonly unknown[])[] = Object.entries(members).map(([name, read]) => [
      name,
      read(object[name]),
    ]);
    return Object.fromEntries(entries);
  };
}

/** Null for what has not the form that is expected. */
export function readOrNull<Value>(read: ReadJson<Value>, value: unknown): Value | null {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof JsonShapeError) return null;
    throw error;
  }
}

function objectIn(value: unknown): Record<string, unknown> {
  if (isObject(value)) return value;
  throw new JsonShapeError("an object", value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
