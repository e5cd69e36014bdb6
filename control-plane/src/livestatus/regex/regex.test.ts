import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileSearch } from "./search.ts";
import { RegexError } from "./syntax.ts";

test("an expression of the common kind matches as JavaScript's does", () => {
  const atom = fc.constantFrom(
    "a",
    "b",
    "ab",
    ".",
    "[ab]",
    "[^a]",
    "[a-c]",
    "\\d",
    "\\w",
    "\\b",
    "^",
    "$",
    "(a|b)",
    "(?:ab|c)",
  );
  const count = fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?");
  const pattern = fc
    .array(fc.tuple(atom, count), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.map(([one, many]) => (/^(\^|\$|\\b)$/.test(one) ? one : one + many)).join(""));
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "A", "1", " ", "_", "-"), maxLength: 20 });
  fc.assert(
    fc.property(
      fc.array(pattern, { minLength: 1, maxLength: 3 }),
      text,
      fc.boolean(),
      (patterns, value, ignoresCase) => {
        const expression = patterns.join("|");
        const expected = new RegExp(expression, ignoresCase ? "i" : "").test(value);
        assert.equal(compileSearch(expression, ignoresCase)(value), expected, `${expression} on "${value}"`);
      },
    ),
    { numRuns: 3000 },
  );
});

test("POSIX classes, (?i) and escapes are understood", () => {
  for (const [pattern, text, expected] of [
    ["^[[:alpha:]]+[[:digit:]]$", "web1", true],
    ["^[[:alpha:]]+$", "web1", false],
    ["(?i)^WEB", "web1", true],
    ["a\\.b", "a.b", true],
    ["a\\.b", "axb", false],
    ["[]a]", "]", true],
    ["[\\w.-]+@", "a.b-c@", true],
    ["disk /var", "the disk /var is full", true],
    ["^$", "", true],
    ["^$", "x", false],
    ["", "anything", true],
    ["ü+", "Tür", true],
  ] as const) {
    assert.equal(compileSearch(pattern, false)(text), expected, `${pattern} on ${text}`);
  }
});

test("what stops a backtracking engine takes no time worth speaking of", () => {
  for (const pattern of ["(a+)+$", "(a|a)*b", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)(.*)(.*)(.*)x"]) {
    const started = performance.now();
    assert.equal(compileSearch(pattern, false)(`${"a".repeat(20_000)}!`), false);
    assert.ok(performance.now() - started < 5000, `${pattern} took ${performance.now() - started} ms`);
  }
});

test("what cannot be matched in linear time, or is no expression, is refused", () => {
  const refused = [
    "(a)\\1",
    "(?=a)",
    "(?<!a)b",
    "(",
    "a)",
    "[a",
    "*a",
    "a{3,1}",
    "a{500}",
    "\\",
    "[z-a]",
    "(((a{99}){99}){99})",
  ];
  for (const pattern of refused) assert.throws(() => compileSearch(pattern, false), RegexError, pattern);
});

test("no text makes the reader of expressions fail otherwise", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab()[]{}|*+?.^$\\-:1,"), maxLength: 30 }), (pattern) => {
      try {
        compileSearch(pattern, false)("abab1-[]");
      } catch (error) {
        assert.ok(error instanceof RegexError, `${pattern}: ${String(error)}`);
      }
    }),
    { numRuns: 5000 },
  );
});
