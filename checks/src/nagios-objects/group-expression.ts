/** Members of a named group; undefined when there is none. */
type MembersOf = (group: string) => ReadonlySet<string> | undefined;

const maximumLength = 10_000;
const maximumDepth = 100;

/** Whether a list of groups is an expression in Shinken's sense, beyond names, commas and leading `!`. Pure. */
export function isGroupExpression(text: string): boolean {
  return /[&|()]/.test(text);
}

/**
 * Evaluates Shinken's expressions over groups: `a&!b`, `(a|b)&c`; `,` and `|` are or, `&` is and, `!` is everything else, `*` everything. Answers
 * the members, the names it did not know, or what is wrong with it. Pure.
 */
export function evaluateGroups(
  text: string,
  everything: ReadonlySet<string>,
  membersOf: MembersOf,
): { readonly members: ReadonlySet<string>; readonly unknown: readonly string[] } | string {
  if (text.length > maximumLength) return `expression is longer than ${maximumLength} characters`;
  const tokens = text.match(/[&|,()!]|[^&|,()!]+/g)?.map((token) => token.trim()) ?? [];
  const words = tokens.filter((token) => token !== "");
  const unknown: string[] = [];
  let at = 0;
  let fault = "";

  function any(depth: number): ReadonlySet<string> {
    let members = all(depth);
    while (words[at] === "|" || words[at] === ",") {
      at++;
      members = new Set([...members, ...all(depth)]);
    }
    return members;
  }
  function all(depth: number): ReadonlySet<string> {
    let members = one(depth);
    while (words[at] === "&") {
      at++;
      const other = one(depth);
      members = new Set([...members].filter((member) => other.has(member)));
    }
    return members;
  }
  function one(depth: number): ReadonlySet<string> {
    const word = words[at++];
    if (depth > maximumDepth) fault ||= "expression is nested too deeply";
    else if (word === "!") {
      const others = one(depth + 1);
      return new Set([...everything].filter((member) => !others.has(member)));
    } else if (word === "(") {
      const members = any(depth + 1);
      if (words[at++] !== ")") fault ||= "expression has a ( without )";
      return members;
    } else if (word === undefined || "&|,)".includes(word))
      fault ||= `expression has ${word ?? "its end"} where a group should be`;
    else {
      if (word === "*") return everything;
      const members = membersOf(word);
      if (members === undefined) unknown.push(word);
      return members ?? new Set();
    }
    at = words.length;
    return new Set();
  }

  const members = any(0);
  if (fault === "" && at < words.length) fault = `expression has ${words[at]} after its end`;
  return fault === "" ? { members, unknown } : fault;
}
