import type { ServiceSelector } from "@mycloud/protocol/selector";
import type { Matcher } from "./matcher.ts";

/** A downtime's selector, said in matchers; at least one. Pure. */
export function matchersOfSelector({ hosts, groups, labels, services }: ServiceSelector): Matcher[] {
  const matchers = [
    ...(hosts === undefined ? [] : listMatchers("host", hosts, whole)),
    ...(groups === undefined ? [] : listMatchers("groups", groups, oneOfList)),
    ...Object.entries(labels ?? {}).flatMap(([label, wanted]) =>
      listMatchers(labelName(label), [wanted].flat(), whole),
    ),
    ...(services === undefined ? [] : serviceMatchers(services)),
  ];
  return matchers.length > 0 ? matchers : [regex("host", ".+", true)];
}

/** A host's label as Prometheus allows it. Pure. */
export function labelName(label: string): string {
  return label.replaceAll(/[^A-Za-z0-9_]/g, "_");
}

/** What a selector's list says of one label: no `!` entry, and one of the others if there are any. An empty list covers nothing. */
function listMatchers(name: string, entries: readonly string[], wrap: (pattern: string) => string): Matcher[] {
  const excluded = entries.filter((entry) => entry.startsWith("!")).map((entry) => entry.slice(1));
  const included = entries.filter((entry) => !entry.startsWith("!"));
  if (entries.length === 0) return [plain(name, "", true), plain(name, "", false)];
  return [
    ...(included.length === 0 ? [] : [matcherOf(name, included, wrap, true)]),
    ...(excluded.length === 0 ? [] : [matcherOf(name, excluded, wrap, false)]),
  ];
}

/** `services: []` is the host itself; any other list covers services only. */
function serviceMatchers(services: readonly string[]): Matcher[] {
  if (services.length === 0) return [plain("service", "", true)];
  const isExcluding = services.every((entry) => entry.startsWith("!"));
  return [...(isExcluding ? [plain("service", "", false)] : []), ...listMatchers("service", services, whole)];
}

function matcherOf(name: string, patterns: readonly string[], wrap: (pattern: string) => string, isEqual: boolean) {
  const [only = ""] = patterns;
  if (patterns.length === 1 && wrap === whole && !/[*?]/.test(only)) return plain(name, only, isEqual);
  return regex(name, patterns.map(wrap).join("|"), isEqual);
}

/** A pattern of `*` and `?` as a regular expression. A bare `*` wants that there is a value. */
function whole(pattern: string): string {
  return pattern === "*" ? ".+" : expressionOf(pattern, ".");
}

/** The same, for one of several names with commas between them. */
function oneOfList(pattern: string): string {
  return `(.*,)?${expressionOf(pattern === "*" ? "?*" : pattern, "[^,]")}(,.*)?`;
}

function expressionOf(pattern: string, any: string): string {
  return pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", `${any}*`)
    .replaceAll("?", any);
}

const plain = (name: string, value: string, isEqual: boolean): Matcher => ({ name, value, isRegex: false, isEqual });
const regex = (name: string, value: string, isEqual: boolean): Matcher => ({ name, value, isRegex: true, isEqual });
