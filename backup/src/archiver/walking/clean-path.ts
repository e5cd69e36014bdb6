import { type ByteString, joinBytes } from "../../byte-string/index.ts";

/** The shortest equal path without "//", "." and inner "..", as Go's `filepath.Clean` has it. Links are not looked at. */
export function cleanPath(path: ByteString): ByteString {
  const isAbsolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isAbsolute) parts.push("..");
  }
  const joined = parts.join("/");
  return joinBytes(isAbsolute ? `/${joined}` : joined === "" ? "." : joined);
}

/** Joins a directory and what is below it, and cleans the result. An absolute `path` stands for itself. */
export function resolvePath(directory: ByteString, path: ByteString): ByteString {
  return cleanPath(path.startsWith("/") ? path : joinBytes(directory, "/", path));
}

/** The directory that a clean path lies in. */
export function parentPath(path: ByteString): ByteString {
  const slash = path.lastIndexOf("/");
  return joinBytes(slash === -1 ? "." : slash === 0 ? "/" : path.slice(0, slash));
}

/** The last component of a clean path. */
export function baseName(path: ByteString): ByteString {
  return joinBytes(path.slice(path.lastIndexOf("/") + 1));
}
