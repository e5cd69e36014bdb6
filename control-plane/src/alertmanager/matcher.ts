import type { AlertMatcher, LabelSet } from "@mycloud/protocol/alert";
import { InputError } from "../error/index.ts";
import { compileSearch, RegexError } from "../livestatus/regex/index.ts";

/** A condition on one label, complete. */
export type Matcher = Required<{ [Key in keyof AlertMatcher]: NonNullable<AlertMatcher[Key]> }>;

/** Whether a label's value (empty when there is no such label) meets a matcher. */
export type MatchesValue = (value: string) => boolean;

/**
 * Makes the test of a matcher. A regular expression matches the whole value, in time that grows with its length only. Throws InputError for one
 * that is not understood.
 */
export function compileMatcher({ name, value, isRegex, isEqual }: Matcher): MatchesValue {
  if (!isRegex) return (text) => (text === value) === isEqual;
  try {
    const matches = compileSearch(`^(?:${value})$`, false);
    return (text) => matches(text) === isEqual;
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw new InputError(`matcher ${name}: the regular expression ${value} is not understood: ${error.message}`);
  }
}

/** Makes the test of whether labels meet all matchers. Throws InputError. */
export function compileMatchers(matchers: readonly Matcher[]): (labels: LabelSet) => boolean {
  const tests = matchers.map((matcher) => ({ name: matcher.name, matches: compileMatcher(matcher) }));
  return (labels) => tests.every(({ name, matches }) => matches(ownLabel(labels, name)));
}

function ownLabel(labels: LabelSet, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? "") : "";
}

/** As it is written: `job=~"node.*"`. Pure. */
export function formatMatcher({ name, value, isRegex, isEqual }: Matcher): string {
  const operator = isRegex ? (isEqual ? "=~" : "!~") : isEqual ? "=" : "!=";
  const quoted = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `${name}${operator}"${quoted}"`;
}
