import type { Leaf, NameFilter, RuleNode, Share } from "./expression.ts";

/** A rule, or what is wrong with its text. */
export type ParsedRule = { readonly rule: RuleNode } | { readonly fault: string };

const maximumLength = 16_384;
const maximumDepth = 50;

/** Reads an expression (Shinken shinken/dependencynode.py). Never throws. Pure. */
export function parseRule(text: string): ParsedRule {
  if (text.length > maximumLength) return { fault: `is longer than ${maximumLength} characters` };
  try {
    return { rule: parseExpression(text, 0) };
  } catch (error) {
    if (error instanceof RuleFault) return { fault: error.message };
    throw error;
  }
}

class RuleFault extends Error {}

const ofForm = /^(-?\d{1,9}%?),*(?:(-?\d{1,9}%?))?,*(?:(-?\d{1,9}%?))? *of: *(.*)$/s;

function parseExpression(whole: string, depth: number): RuleNode {
  if (depth > maximumDepth) throw new RuleFault(`has more than ${maximumDepth} parentheses in each other`);
  const text = whole.trim();
  if (text === "") throw new RuleFault("has nothing where a host, a service or an expression belongs");
  const [, ok, warning, critical, rest] = ofForm.exec(text) ?? [];
  const { parts, operator } = split(rest ?? text, rest !== undefined);
  const sons = parts.map((part) => parsePart(part, depth, rest !== undefined || parts.length > 1));
  if (ok !== undefined) {
    // As in Shinken, two numbers are one: only three say when it is WARNING and CRITICAL.
    const isMultiple = warning !== undefined && critical !== undefined;
    return {
      kind: "of",
      ok: shareOf(ok),
      warning: isMultiple ? shareOf(warning) : null,
      critical: isMultiple ? shareOf(critical) : null,
      sons,
      isNegated: false,
    };
  }
  const [first] = sons;
  if (sons.length === 1 && first !== undefined) return first;
  return { kind: operator === "|" ? "any" : "all", sons, isNegated: false };
}

/** Cuts at `&` and `|` outside parentheses. After `of:` both only separate; otherwise one expression has one of them. */
function split(text: string, isOf: boolean): { readonly parts: readonly string[]; readonly operator: "&" | "|" } {
  const parts: string[] = [];
  let operator: "&" | "|" | undefined;
  let open = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "(") open++;
    else if (character === ")" && --open < 0) throw new RuleFault(`has a ")" too many after "${excerpt(text, at)}"`);
    else if ((character === "&" || character === "|") && open === 0) {
      if (!isOf && operator !== undefined && operator !== character) {
        throw new RuleFault(`has & and | side by side at "${excerpt(text, at)}"; put parentheses round one of them`);
      }
      operator = character;
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (open > 0) throw new RuleFault('lacks a ")"');
  parts.push(text.slice(start));
  return { parts, operator: operator ?? "&" };
}

function parsePart(whole: string, depth: number, isOneOfMany: boolean): RuleNode {
  const text = whole.trim();
  const bare = text.replace(/^(?:!\s*)+/, "");
  const isNegated = bare !== text;
  if (bare === "") throw new RuleFault("has nothing where a host, a service or an expression belongs");
  const node = parseBare(bare, depth, isNegated || isOneOfMany);
  // Shinken marks the node: a negation of a negation in parentheses is still one.
  return isNegated ? { ...node, isNegated: true } : node;
}

function parseBare(text: string, depth: number, mayBeOf: boolean): RuleNode {
  if (text.startsWith("(")) {
    if (closingOf(text) !== text.length - 1)
      throw new RuleFault(`has something after the ")" of "${excerpt(text, 20)}"`);
    return parseExpression(text.slice(1, -1), depth + 1);
  }
  if (/[()]/.test(text)) throw new RuleFault(`has something before a "(" in "${excerpt(text, 20)}"`);
  if (text.includes("!")) throw new RuleFault(`has a ! inside a name in "${excerpt(text, 20)}"`);
  if (mayBeOf && ofForm.test(text)) return parseExpression(text, depth + 1);
  return parseLeaf(text);
}

function closingOf(text: string): number {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") open++;
    else if (text[at] === ")" && --open === 0) return at;
  }
  return -1;
}

function parseLeaf(text: string): Leaf {
  const comma = text.indexOf(",");
  const hostText = (comma < 0 ? text : text.slice(0, comma)).trim();
  const serviceText = comma < 0 ? null : text.slice(comma + 1).trim();
  if (serviceText === "") throw new RuleFault(`has no service after the comma of "${excerpt(text, 20)}"`);
  return {
    kind: "leaf",
    host: hostText === "" ? null : filterOf(hostText, "grlt"),
    service: serviceText === null ? null : filterOf(serviceText, "grl"),
    isNegated: false,
  };
}

/** Of several letters the first of g, r, l and t decides, as in Shinken. */
function filterOf(text: string, letters: string): NameFilter {
  const [, flags, name] = new RegExp(`^([${letters}]+):(.*)$`, "s").exec(text) ?? [];
  if (flags === undefined || name === undefined) return { kind: text.includes("*") ? "wildcard" : "name", text };
  if (flags.includes("g")) return { kind: "group", text: name };
  if (flags.includes("r")) return { kind: "regex", text: name };
  return { kind: flags.includes("l") ? "label" : "tag", text: name };
}

function shareOf(text: string): Share {
  const isPercent = text.endsWith("%");
  return { count: Number(isPercent ? text.slice(0, -1) : text), isPercent };
}

function excerpt(text: string, at: number): string {
  return text.slice(Math.max(0, at - 20), at + 1).trim();
}
