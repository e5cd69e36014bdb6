import { type ByteString, joinBytes } from "../../byte-string/index.ts";
import { cleanPath } from "./clean-path.ts";

/** The top of a snapshot's tree, down to where the targets begin. */
export type PlannedEntry =
  /** A target, or an entry of a target that was split up. Patterns leave out only what nobody named. */
  | { readonly kind: "target"; readonly path: ByteString; readonly isNamed: boolean }
  /** A directory on the way to targets: recorded, but only with them in it. */
  | { readonly kind: "way"; readonly path: ByteString; readonly entries: ReadonlyMap<ByteString, PlannedEntry> };

interface Building {
  /** The directory that this was reached from: "/", ".", "..", "../..". */
  readonly root: ByteString;
  /** The real path of this entry. */
  path: ByteString;
  target: { isNamed: boolean } | null;
  readonly entries: Map<ByteString, Building>;
}

/**
 * Where the targets come in the snapshot's tree, as restic decides it: absolute paths keep their directories; relative ones keep theirs
 * without the leading ".."; "." , ".." and "/" stand for their entries. Names that two targets want become "name-1", "name-2".
 * A target within another is part of it, and is taken even when a pattern leaves it out.
 */
export function planTargets(
  targets: readonly ByteString[],
  readNames: (directory: ByteString) => readonly ByteString[],
): ReadonlyMap<ByteString, PlannedEntry> {
  const top = new Map<ByteString, Building>();
  const seen = new Set<ByteString>();
  for (const { path, isNamed } of targets.flatMap((target) => splitBareDirectory(cleanPath(target), readNames))) {
    if (seen.has(path)) continue;
    seen.add(path);
    add(top, path, isNamed);
  }
  return finish(top, readNames);
}

function splitBareDirectory(
  path: ByteString,
  readNames: (directory: ByteString) => readonly ByteString[],
): readonly { readonly path: ByteString; readonly isNamed: boolean }[] {
  if (componentsOf(path).length > 0) return [{ path, isNamed: true }];
  return [...readNames(path)].sort().map((name) => ({ path: cleanPath(joinBytes(path, "/", name)), isNamed: false }));
}

/** Without leading "..": these say where from, not where to. */
function componentsOf(path: ByteString): ByteString[] {
  return path.split("/").filter((part) => part !== "" && part !== "." && part !== "..") as ByteString[];
}

function add(top: Map<ByteString, Building>, path: ByteString, isNamed: boolean): void {
  const components = componentsOf(path);
  const root = joinBytes(path.startsWith("/") ? "/" : path.slice(0, path.length - components.join("/").length) || ".");
  let entries = top;
  let at = root;
  for (const [depth, component] of components.entries()) {
    at = cleanPath(joinBytes(at, "/", component));
    let name = component;
    for (let i = 1; depth === 0 && entries.has(name) && entries.get(name)?.root !== root; i++) {
      name = joinBytes(component, `-${i}`);
    }
    let entry = entries.get(name);
    if (entry === undefined) {
      entry = { root, path: at, target: null, entries: new Map() };
      entries.set(name, entry);
    }
    if (depth === components.length - 1) entry.target = { isNamed };
    entries = entry.entries;
  }
}

function finish(
  entries: ReadonlyMap<ByteString, Building>,
  readNames: (directory: ByteString) => readonly ByteString[],
): ReadonlyMap<ByteString, PlannedEntry> {
  const planned = new Map<ByteString, PlannedEntry>();
  for (const name of [...entries.keys()].sort()) {
    const entry = entries.get(name);
    if (entry === undefined) continue;
    if (entry.target !== null && entry.entries.size === 0) {
      planned.set(name, { kind: "target", path: entry.path, isNamed: entry.target.isNamed });
      continue;
    }
    const below = new Map(entry.entries);
    if (entry.target !== null) {
      // A target with a target in it: its other entries are taken like any.
      for (const child of readNames(entry.path)) {
        if (below.has(child)) continue;
        const path = joinBytes(entry.path, "/", child);
        below.set(child, { root: entry.root, path, target: { isNamed: false }, entries: new Map() });
      }
    }
    planned.set(name, { kind: "way", path: entry.path, entries: finish(below, readNames) });
  }
  return planned;
}
