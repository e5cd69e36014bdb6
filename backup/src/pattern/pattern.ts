import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { type ComponentMatcher, compileComponent } from "./component.ts";

/** A pattern, ready to match. */
export interface Pattern {
  /** As it was written, for messages. */
  readonly source: ByteString;
  /** Where it stood in its list, from 0. */
  readonly position: number;
  /** Written with "!" before it. */
  readonly isNegated: boolean;
  /** Begins at the root; its first component is then the root itself. */
  readonly isRooted: boolean;
  /** Null stands for `**`. */
  readonly components: readonly (ComponentMatcher | null)[];
}

/** Reads patterns, leaving out empty ones. Throws one InputError that names every malformed one. */
export function parsePatterns(sources: readonly ByteString[]): readonly Pattern[] {
  const patterns: Pattern[] = [];
  const malformed: string[] = [];
  for (const [position, source] of sources.entries()) {
    if (source === "") continue;
    const pattern = parsePattern(source, position);
    if (pattern === null) malformed.push(displayText(source));
    else patterns.push(pattern);
  }
  if (malformed.length > 0) {
    throw new InputError(
      `these patterns are malformed (a "[" without its "]", an empty or open range, or a "\\" at the end): ${malformed.join(", ")}`,
    );
  }
  return patterns;
}

function parsePattern(source: ByteString, position: number): Pattern | null {
  const isNegated = source.startsWith("!");
  const parts = componentsOf(cleanPath(isNegated ? source.slice(1) : source));
  const components: (ComponentMatcher | null)[] = [];
  for (const part of parts) {
    // restic takes the empty component behind a lone "/" for `**` too, so "/" matches everything that is absolute.
    const component = part === "**" || part === "" ? null : compileComponent(part);
    if (component === null && part !== "**" && part !== "") return null;
    components.push(component);
  }
  return { source, position, isNegated, isRooted: parts[0] === "/", components };
}

/** The components of a clean path; the first of an absolute one is "/". */
export function componentsOf(path: string): readonly string[] {
  const components = path.split("/");
  if (components[0] === "") components[0] = "/";
  return components;
}

/**
 * Whether a pattern, taken as if it were not negated, matches a path, given by its components. What lies below a match matches as well.
 */
export function matchesPattern(pattern: Pattern, path: readonly string[]): boolean {
  return matchesComponents(pattern.isRooted, pattern.components, path);
}

/** Whether something below a directory may match. */
export function childMayMatchPattern(pattern: Pattern, path: readonly string[]): boolean {
  // What is not rooted matches at any depth.
  if (!pattern.isRooted) return true;
  const wildcard = pattern.components.indexOf(null);
  const names = wildcard !== -1 && path.length >= wildcard ? path.slice(0, wildcard) : path;
  return matchesComponents(true, pattern.components.slice(0, names.length), names);
}

function matchesComponents(
  isRooted: boolean,
  components: readonly (ComponentMatcher | null)[],
  path: readonly string[],
): boolean {
  const wildcard = components.indexOf(null);
  if (wildcard === -1) return matchesAtSomeDepth(isRooted, components, path);
  // `**` stands for no component, for one, and so on while the rest can still fit.
  const filled = [...components.slice(0, wildcard), ...components.slice(wildcard + 1)];
  while (filled.length <= path.length) {
    if (matchesComponents(isRooted && wildcard > 0, filled, path)) return true;
    filled.splice(wildcard, 0, matchesAnything);
  }
  return false;
}

function matchesAnything(): boolean {
  return true;
}

function matchesAtSomeDepth(
  isRooted: boolean,
  components: readonly (ComponentMatcher | null)[],
  path: readonly string[],
): boolean {
  if (components.length === 0) return path.length === 0;
  const first = isRooted || path[0] !== "/" ? 0 : 1;
  const last = isRooted ? Math.min(0, path.length - components.length) : path.length - components.length;
  for (let offset = last; offset >= first; offset--) {
    if (components.every((matches, index) => matches?.(path[offset + index] ?? "") === true)) return true;
  }
  return false;
}

/** The shortest path of the same meaning by its text alone, as Go's `filepath.Clean`: no "//", ".", trailing "/" or inner "..". */
export function cleanPath(path: string): ByteString {
  const isAbsolute = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!isAbsolute) kept.push(part);
  }
  const joined = kept.join("/");
  return joinBytes(isAbsolute ? `/${joined}` : joined === "" ? "." : joined);
}
