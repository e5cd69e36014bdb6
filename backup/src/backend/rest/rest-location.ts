import { InputError } from "../../error/index.ts";

/** Where a repository is served: a URL that ends in a slash, and the credentials that stood in it. */
export interface RestLocation {
  readonly url: URL;
  readonly username: string | null;
  readonly password: string | null;
  /** As it may be shown: `rest:http://user:***@host:8000/path/`. */
  readonly shown: string;
}

/** Reads `rest:http://user:password@host:8000/path/`. Throws InputError; its message never holds the password. */
export function parseRestLocation(location: string): RestLocation {
  const text = location.slice("rest:".length);
  const expected = "write rest:http://HOST:PORT/PATH/ or rest:https://HOST:PORT/PATH/";
  if (!location.startsWith("rest:"))
    throw new InputError(`"${withoutPassword(location)}" is no REST location; ${expected}`);
  const parsed = URL.parse(text);
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol)) {
    throw new InputError(`the repository "${withoutPassword(location)}" is no web address; ${expected}`);
  }
  const { username, password } = parsed;
  const url = new URL(parsed);
  url.username = "";
  url.password = "";
  url.hash = "";
  url.search = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  const shown = new URL(url);
  shown.username = username;
  if (password !== "") shown.password = "***";
  return {
    url,
    username: username === "" ? null : decoded(username),
    password: password === "" ? null : decoded(password),
    shown: `rest:${shown.href}`,
  };
}

/** A location as it may be shown, whatever it is: what may be a password, between a `:` and the last `@`, becomes `***`. */
export function withoutPassword(location: string): string {
  const hidden = location.replace(/(\/\/[^/:@]*):.*@/, "$1:***@");
  return hidden === location ? location.replace(/^([a-z0-9]+:)[^/]*:[^/]*@/i, "$1***@") : hidden;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray `%`: people who type a password mean it as it is.
    return text;
  }
}
