import { lstatSync, readdirSync, statSync } from "node:fs";
import { type ByteString, joinBytes, systemPath } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { compileComponent } from "./component.ts";

const magic = /[*?[\\]/;

/**
 * The paths that exist and match a glob, sorted within each directory, as Go's `filepath.Glob` (and so --files-from): components of
 * `filepath.Match`; `**` is no more than `*` here. Directories that cannot be read match nothing. Throws InputError when malformed.
 */
export function expandGlob(pattern: ByteString): readonly ByteString[] {
  const components = pattern.split("/");
  let found: readonly string[] = [""];
  for (const [index, component] of components.entries()) {
    const isLast = index === components.length - 1;
    if (!magic.test(component)) {
      // Nothing is asked of the filesystem until the end or the next wildcard.
      found = found.map((path) => (index === 0 ? component : `${path}/${component}`));
      continue;
    }
    const matches = compileComponent(component);
    if (matches === null) throw new InputError(`${JSON.stringify(pattern)} is a malformed pattern`);
    found = found.flatMap((path) => {
      const names = namesIn(index === 0 ? "." : path === "" ? "/" : path).filter(matches);
      return names.map((name) => (index === 0 ? name : `${path}/${name}`));
    });
    if (!isLast) found = found.filter(isDirectory);
  }
  return found.map((path) => joinBytes(path === "" ? "/" : path)).filter(exists);
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(systemPath(joinBytes(path)), { encoding: "latin1" }).sort();
  } catch {
    return [];
  }
}

function isDirectory(path: string): boolean {
  return statSync(systemPath(joinBytes(path)), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function exists(path: ByteString): boolean {
  try {
    return path !== "" && lstatSync(systemPath(path), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
