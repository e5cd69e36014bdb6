import type { HostSelector, ServiceSelector } from "./selector.ts";

/** What a selector looks at on a host. */
export interface SelectableHost {
  readonly name: string;
  readonly groups: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Matches `*` (any run) and `?` (one character) without regular expressions: linear in practice and safe for patterns that
 * a stranger wrote.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let patternAt = 0;
  let textAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (textAt < text.length) {
    const expected = pattern[patternAt];
    if (expected === "*") {
      starAt = patternAt++;
      resumeAt = textAt;
    } else if (expected === "?" || expected === text[textAt]) {
      patternAt++;
      textAt++;
    } else if (starAt >= 0) {
      patternAt = starAt + 1;
      textAt = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[patternAt] === "*") patternAt++;
  return patternAt === pattern.length;
}

/** True when a value passes a list: no `!` entry matches, and some other entry does (or there are only `!` entries). */
function passesList(entries: readonly string[], values: readonly string[]): boolean {
  const matches = (pattern: string) => values.some((value) => matchesPattern(pattern, value));
  const excluded = entries.filter((entry) => entry.startsWith("!")).map((entry) => entry.slice(1));
  const included = entries.filter((entry) => !entry.startsWith("!"));
  if (excluded.some(matches)) return false;
  return included.length === 0 ? excluded.length > 0 : included.some(matches);
}

/** Says whether a selector covers a host. Pure. */
export function matchesHost(selector: HostSelector, host: SelectableHost): boolean {
  if (selector.hosts && !passesList(selector.hosts, [host.name])) return false;
  if (selector.groups && !passesList(selector.groups, host.groups)) return false;
  for (const [label, wanted] of Object.entries(selector.labels ?? {})) {
    const value = host.labels[label];
    const entries = typeof wanted === "string" ? [wanted] : wanted;
    if (!passesList(entries, value === undefined ? [] : [value])) return false;
  }
  return true;
}

/** Says whether a selector covers a service, or the host itself when `serviceName` is undefined. Pure. */
export function matchesService(
  selector: ServiceSelector,
  host: SelectableHost,
  serviceName: string | undefined,
): boolean {
  if (!matchesHost(selector, host)) return false;
  if (selector.anyOf?.some((one) => matchesService(one, host, serviceName)) === false) return false;
  if (selector.services === undefined) return true;
  if (serviceName === undefined) return selector.services.length === 0;
  return selector.services.length > 0 && passesList(selector.services, [serviceName]);
}
