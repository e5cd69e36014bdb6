/** One part of a path between slashes: a name, names that match, or any number of directories. */
export type GlobPart =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "match"; readonly pattern: RegExp }
  | { readonly kind: "any-depth" };

export interface Glob {
  readonly text: string;
  readonly parts: readonly GlobPart[];
  /** Whether an absolute path matches. */
  matches(path: string): boolean;
}

/**
 * Compiles an absolute glob as shells have them: `*`, `?`, `[a-z]`, `[!a]`, `{a,b}`, and `**` for any number of directories. As in shells `*` does not match
 * a name's first dot; in `excludePaths` it may, by `matchesDots`. Several globs come of `{}`. Throws where `..` is a part.
 */
export function compileGlobs(text: string, matchesDots = false): Glob[] {
  return expandBraces(text).map((expanded) => compile(expanded, matchesDots));
}

function compile(text: string, matchesDots: boolean): Glob {
  const names = text.split("/").filter((name) => name !== "" && name !== ".");
  if (names.includes("..")) throw new RangeError(`${text}: .. is no part of a glob`);
  const parts = names.map((name): GlobPart => {
    if (name === "**") return { kind: "any-depth" };
    return /[*?[\\]/.test(name)
      ? { kind: "match", pattern: new RegExp(`^${partSource(name, matchesDots)}$`, "us") }
      : { kind: "name", name };
  });
  const anyDepth = matchesDots ? "(?:/[^/]+)*" : "(?:/[^/.][^/]*)*";
  const source = names.map((name) => (name === "**" ? anyDepth : `/${partSource(name, matchesDots)}`)).join("");
  const whole = new RegExp(`^${source}$`, "us");
  return { text, parts, matches: (path) => whole.test(path) };
}

function partSource(name: string, matchesDots: boolean): string {
  let source = /^[*?[]/.test(name) && !matchesDots ? "(?!\\.)" : "";
  for (let at = 0; at < name.length; at++) {
    const character = name[at] ?? "";
    // Several stars are one; each one more would be a power of the time that a name takes.
    if (character === "*") source += name[at - 1] === "*" ? "" : "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "[") {
      const end = name.indexOf("]", at + 2);
      if (end === -1) source += "\\[";
      else {
        source += classSource(name.slice(at + 1, end));
        at = end;
      }
    } else if (character === "\\" && at + 1 < name.length) source += quote(name[++at] ?? "");
    else source += quote(character);
  }
  return source;
}

function classSource(text: string): string {
  const isNegated = text.startsWith("!") || text.startsWith("^");
  const members = [...(isNegated ? text.slice(1) : text)]
    .map((character) => (character === "-" ? "-" : quote(character)))
    .join("");
  return `[${isNegated ? "^/" : ""}${members.replace(/^-|-$/gu, "\\-")}]`;
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}

/** At most 1,000 globs come of one. */
function expandBraces(text: string): string[] {
  const done: string[] = [];
  const waiting = [text];
  for (let next = waiting.pop(); next !== undefined && done.length < 1000; next = waiting.pop()) {
    const braces = /\{([^{}]*,[^{}]*)\}/u.exec(next);
    if (braces === null) done.push(next);
    else {
      const before = next.slice(0, braces.index);
      const after = next.slice(braces.index + braces[0].length);
      for (const choice of (braces[1] ?? "").split(",")) waiting.push(`${before}${choice}${after}`);
    }
  }
  return done;
}
