import { InputError, NotFoundError } from "../error/index.ts";

export const davRoot = "/dav";

/**
 * The names in a request's path below /dav, each decoded by itself, so that an encoded slash is part of a name and leads nowhere. Throws InputError
 * for what is no path, NotFoundError for names that nothing has. Pure.
 */
export function readDavAddress(originalUrl: string): string[] {
  const path = originalUrl.replace(/[?#].*$/s, "").slice(davRoot.length);
  const segments = path.split("/").slice(1);
  if (segments.at(-1) === "") segments.pop();
  return segments.map((segment) => {
    const name = decoded(segment);
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) {
      throw new NotFoundError("there is nothing of such a name");
    }
    return name;
  });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new InputError("the path is not a valid URL");
  }
}

/** Where something is, as a client may ask for it; folders end with a slash. Pure. */
export function davHref(segments: readonly string[], isFolder: boolean): string {
  const path = segments.map((name) => `/${encodeURIComponent(name.toWellFormed()).replaceAll("%3A", ":")}`).join("");
  return `${davRoot}${path}${isFolder ? "/" : ""}`;
}
