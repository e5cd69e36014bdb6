import type { ServiceSelector } from "@mycloud/protocol/selector";
import type { Matcher } from "./matcher.ts";

const maximumPatterns = 200;

/**
 * The selector that says exactly the same as matchers on `host` and `service`, so that the downtime covers what is added later by itself; null
 * when they are about more, or use what patterns of `*` and `?` cannot say. Pure.
 */
export function directSelector(matchers: readonly Matcher[]): ServiceSelector | null {
  const telling = matchers.filter((matcher) => !isAlwaysTrue(matcher));
  if (telling.some(({ name }) => name !== "host" && name !== "service")) return null;
  const hosts = listOf(telling.filter(({ name }) => name === "host"));
  const isServicesOnly = telling.some(isAnyService);
  const services = listOf(telling.filter((matcher) => matcher.name === "service" && !isAnyService(matcher)));
  if (hosts === null || services === null) return null;
  // Of `service!="x"` alone hosts themselves are part, and a selector with a list of services has none.
  const isExcluding = services.length > 0 && services.every((entry) => entry.startsWith("!"));
  if (isExcluding && !isServicesOnly) return null;
  if (isServicesOnly && services.length === 0) services.push("*");
  return { ...(hosts.length === 0 ? {} : { hosts }), ...(services.length === 0 ? {} : { services }) };
}

function isAlwaysTrue({ value, isRegex, isEqual }: Matcher): boolean {
  return isRegex && isEqual && value === ".*";
}

/** `service!=""`: every service, and no host itself. */
function isAnyService({ name, value, isRegex, isEqual }: Matcher): boolean {
  return name === "service" && value === "" && !isRegex && !isEqual;
}

/** Matchers on one label as the list of a selector: the patterns of at most one that says what may be, and of any number that exclude. */
function listOf(matchers: readonly Matcher[]): string[] | null {
  if (matchers.filter(({ isEqual }) => isEqual).length > 1) return null;
  const entries: string[] = [];
  for (const { value, isRegex, isEqual } of matchers) {
    const patterns = isRegex ? patternsOf(value) : [literal(value)];
    for (const pattern of patterns) {
      // An empty value is that of no name, and would be of a host itself.
      if (pattern === null || pattern === "" || pattern === "*" || pattern.length > 254) return null;
      entries.push(isEqual ? pattern : `!${pattern}`);
    }
  }
  return entries.length > maximumPatterns ? null : entries;
}

/** Names have none of the characters that mean something in patterns; a text that has one is nobody's name. */
function literal(text: string): string | null {
  return /[*?!]/.test(text) ? null : text;
}

/** A regular expression as patterns, any of which may match; null among them for what patterns cannot say. */
function patternsOf(expression: string): (string | null)[] {
  const inner = /^\((?:\?:)?([^()]*)\)$/.exec(expression)?.[1] ?? expression;
  return inner.split("|").map(patternOf);
}

const plainParts = /^(?:(?:\.\*|\.\+|\.|\\[-./_:+@# ]|[\w\-/:@# ])(?![*+?{]))*$/;
const patternOfPart: Readonly<Record<string, string>> = { ".*": "*", ".+": "?*", ".": "?" };

/** Plain characters, `.`, `.*` and `.+`; nothing else. */
function patternOf(alternative: string): string | null {
  if (!plainParts.test(alternative)) return null;
  return alternative.replaceAll(
    /\\(.)|\.[*+]?/g,
    (part: string, escaped: string | undefined) => escaped ?? patternOfPart[part] ?? part,
  );
}
