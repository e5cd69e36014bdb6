import { mask } from "./mask.ts";
import { maskForms } from "./secret-forms.ts";
import { judgeName } from "./secret-names.ts";

/** Of one of the two texts: what the next line may still belong to. */
interface Side {
  readonly within:
    | { readonly kind: "nothing" }
    | { readonly kind: "key" }
    /** Until this word: of a here document, or a tag. */
    | { readonly kind: "until"; readonly end: string }
    /** What is indented further than its name belongs to it: blocks of YAML, values over several lines. */
    | { readonly kind: "block"; readonly indent: number; readonly areNamesShown: boolean }
    /** A backslash ended the line before. */
    | { readonly kind: "continued" };
}

interface Judged {
  readonly text: string;
  readonly next: Side;
}

const nothing: Side = { within: { kind: "nothing" } };
const keyBegin = /-{4,5} ?BEGIN [\w ]*?(?:PRIVATE KEY|Static key|SECRET KEY|MESSAGE)[\w ]*?-{4,5}/i;
const keyEnd = /-{4,5} ?END [\w ]*?(?:PRIVATE KEY|Static key|SECRET KEY|MESSAGE)[\w ]*?-{4,5}/i;
/** No line of configuration is as long, and patterns must not be given time for nothing. */
const longestLine = 2000;

/**
 * Masks what looks like a secret in lines of a unified diff (the first character of each is the diff's own). Names decide (`password`, `token`, ...), and forms
 * (addresses with a password, hashes, private keys, tokens of known makers, long tokens): a secret that looks like neither is not found. What begins before the
 * first line is not known either: give it more context than is to be shown. Pure.
 */
export function maskSecrets(lines: readonly string[]): { readonly lines: string[]; readonly isMasked: boolean } {
  // The two texts are two: a key that was removed ends in the old one, whatever the new one has in its place.
  let old = nothing;
  let fresh = nothing;
  let isMasked = false;
  const masked = lines.map((line) => {
    const [sign, text] = [line.slice(0, 1), line.slice(1)];
    const inOld = sign === "+" ? null : judgeLine(text, old);
    const inNew = sign === "-" ? null : judgeLine(text, fresh);
    if (inOld !== null) old = inOld.next;
    if (inNew !== null) fresh = inNew.next;
    // A line of both is masked where it is a secret in one of them.
    const [shown] = [inOld, inNew]
      .flatMap((one) => (one === null || one.text === text ? [] : [one.text]))
      .sort(byLength);
    if (shown !== undefined) isMasked = true;
    return sign + (shown ?? text);
  });
  return { lines: masked, isMasked };
}

function byLength(a: string, b: string): number {
  return a.length - b.length;
}

function judgeLine(text: string, side: Side): Judged {
  if (text.length > longestLine) return { text: mask, next: side };
  if (side.within.kind === "key") return withinKey(text);
  if (keyBegin.test(text)) return beginKey(text);
  switch (side.within.kind) {
    case "until": {
      const isEnd = text.includes(side.within.end);
      return { text: isEnd ? text.slice(text.indexOf(side.within.end)) : hidden(text), next: isEnd ? nothing : side };
    }
    case "continued":
      return { text: hidden(text), next: text.endsWith("\\") ? side : nothing };
    case "block":
      if (text.trim() === "" || indentOf(text) > side.within.indent || isItem(text, side.within)) {
        return { text: side.within.areNamesShown ? hiddenValue(text) : hidden(text), next: side };
      }
      return maskAssignment(text);
    case "nothing":
      return maskAssignment(text);
  }
}

/** YAML lets the items of a list begin where the list's name does. */
function isItem(text: string, { indent, areNamesShown }: Extract<Side["within"], { kind: "block" }>): boolean {
  return areNamesShown && indentOf(text) === indent && /^\s*-(?:\s|$)/.test(text);
}

function withinKey(text: string): Judged {
  const end = keyEnd.exec(text);
  if (end === null) return { text: hidden(text), next: { within: { kind: "key" } } };
  return { text: end[0], next: nothing };
}

/** Some write a whole key in one line, with `\n` for its lines' ends. */
function beginKey(text: string): Judged {
  const begin = keyBegin.exec(text);
  if (begin === null) return { text, next: nothing };
  const rest = text.slice(begin.index + begin[0].length);
  const shown = maskForms(text.slice(0, begin.index)) + begin[0];
  const end = keyEnd.exec(rest);
  if (end !== null) return { text: `${shown}${mask}${end[0]}`, next: nothing };
  return { text: rest.trim() === "" ? shown : shown + mask, next: { within: { kind: "key" } } };
}

function hidden(text: string): string {
  return text.trim() === "" ? text : `${" ".repeat(indentOf(text))}${mask}`;
}

/** Of a block of names and values, the names stay. */
function hiddenValue(text: string): string {
  const named = /^(\s*(?:- )?["']?[\w.-]{1,100}["']?\s*[:=]\s*)(.*)$/.exec(text);
  if (named === null) return hidden(text);
  return named[2] === "" ? text : `${named[1]}${mask}`;
}

function indentOf(text: string): number {
  return /^\s*/.exec(text)?.[0].length ?? 0;
}

const name = /[\w.-]+/g;
/** What stands between a name and its value: `=`, `:`, `=>`, `',`, `"]=`, `>` of a tag, or nothing but a space. */
const separator = /["'\])]*(?:\s*(?:[:+?]?=>?|:|=>|,)|>|\s)\s*/y;

/** `NAME = value`, `name: value`, `"name": "value"`, `name value`: all from the first secret value on is masked. */
function maskAssignment(text: string): Judged {
  for (const found of text.matchAll(name)) {
    const verdict = judgeName(found[0]);
    if (verdict === "harmless") continue;
    separator.lastIndex = found.index + found[0].length;
    const between = separator.exec(text);
    const at = separator.lastIndex;
    if (between === null) continue;
    if (verdict === "secret-after-sign" && !/[:=]/.test(between[0])) continue;
    const value = text.slice(at).trimEnd();
    if (verdict !== "secret" && /^["']?(?:file:)?[~.]{0,2}\//.test(value)) continue;
    // An item's own names stand behind its dash.
    const indent = /^\s*(?:- )*/.exec(text)?.[0].length ?? 0;
    return follow(maskForms(text.slice(0, at)), found[0], value, between[0], indent);
  }
  return { text: maskForms(text), next: nothing };
}

/** What a secret's name is followed by, and what the next lines are then. */
function follow(shown: string, ofName: string, value: string, between: string, indent: number): Judged {
  if (value === "" && between.startsWith(">"))
    return { text: shown, next: { within: { kind: "until", end: `</${ofName}` } } };
  if (value === "") return { text: shown, next: { within: { kind: "block", indent, areNamesShown: true } } };
  // A block of YAML, or something with braces: what is in it is indented further.
  if (/^[|>][+-]?\d?[+-]?\s*(?:#.*)?$/.test(value)) {
    return { text: shown + value, next: { within: { kind: "block", indent, areNamesShown: false } } };
  }
  if (/^[{[(]$/.test(value)) {
    return { text: shown + value, next: { within: { kind: "block", indent, areNamesShown: true } } };
  }
  const here = /^<<[-~]?\s*["']?(\w+)["']?$/.exec(value);
  if (here?.[1] !== undefined) return { text: shown + value, next: { within: { kind: "until", end: here[1] } } };
  if (between.startsWith(">")) {
    const close = `</${ofName}`;
    const at = value.indexOf(close);
    if (at >= 0) return { text: `${shown}${mask}${value.slice(at)}`, next: nothing };
    return { text: shown + mask, next: { within: { kind: "until", end: close } } };
  }
  if (value.endsWith("\\")) return { text: shown + mask, next: { within: { kind: "continued" } } };
  // In a value over several lines the later ones are indented further; `location /token {` has none.
  if (/[{[(]$/.test(value)) return { text: shown + mask, next: nothing };
  return { text: shown + mask, next: { within: { kind: "block", indent, areNamesShown: false } } };
}
