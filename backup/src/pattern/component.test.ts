import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { byteString, byteStringOf } from "../byte-string/index.ts";
import { compileComponent } from "./component.ts";

const bytes = (...values: number[]) => byteStringOf(Uint8Array.of(...values));

test("wildcards, classes and escapes mean what they mean to filepath.Match", () => {
  const cases: readonly [string, string, boolean][] = [
    ["report", "report", true],
    ["report", "reports", false],
    ["*", "", true],
    ["*", "anything", true],
    ["*.log", "a.log", true],
    ["*.log", ".log", true],
    ["*.log", "a.log.1", false],
    ["a*", "a", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a*b*c", "aXbYbZc", true],
    ["a*b*c", "aXbYbZ", false],
    ["*b?*", "abc", true],
    ["*b?*", "ab", false],
    ["?", "", false],
    ["?", "ab", false],
    ["[abc]", "b", true],
    ["[a-c]", "d", false],
    ["[^a-c]", "d", true],
    ["[^a-c]", "b", false],
    ["[!a]", "!", true],
    ["[\\]]", "]", true],
    ["[\\-x]", "-", true],
    ["[x\\]*", "x]", false],
    ["a[b*]c", "a*c", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["a]", "a]", true],
    ["x-[0-9][0-9]", "x-42", true],
    ["*[0-9].gz", "dump-7.gz", true],
    ["a***b", "ab", true],
  ];
  for (const [pattern, name, expected] of cases) {
    const matches = compileComponent(byteString(pattern));
    if (pattern === "[x\\]*") assert.equal(matches, null, pattern);
    else assert.equal(matches?.(byteString(name)), expected, `${pattern} on ${name}`);
  }
});

test("? and classes take a whole character of UTF-8, or one byte of what is none", () => {
  const matches = (pattern: string, name: string) => compileComponent(byteString(pattern))?.(name);
  assert.equal(matches("?", byteString("é")), true);
  assert.equal(matches("??", byteString("é")), false);
  assert.equal(matches("?", byteString("💾")), true);
  assert.equal(matches("[à-ü]", byteString("é")), true);
  assert.equal(matches("[^x]", byteString("日")), true);
  assert.equal(matches("?", bytes(0xff)), true);
  assert.equal(matches("??", bytes(0xed, 0xa0)), true);
  assert.equal(matches("a*", bytes(0x61, 0xff)), true);
});

test("malformed components are told from others", () => {
  for (const malformed of ["[", "[]", "[a", "[a-]", "[-a]", "[^]", "a\\", "[a-\\", "x[", "*[", "[]a]", "[\\"]) {
    assert.equal(compileComponent(byteString(malformed)), null, malformed);
  }
  assert.equal(compileComponent(`[${bytes(0xff)}]`), null, "a byte that is no UTF-8 cannot be in a class");
});

test("an escaped name matches itself and nothing else, and a star may stand for any part of it", () => {
  const name = fc.string({
    unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 20,
  });
  fc.assert(
    fc.property(name, name, fc.nat(20), fc.nat(20), (one, other, start, length) => {
      const escaped = (text: string) => text.replace(/[\\*?[\]]/g, "\\$&");
      const literal = compileComponent(escaped(one));
      assert.equal(literal?.(one), true);
      assert.equal(literal(other), one === other);
      const starred = compileComponent(`${escaped(one.slice(0, start))}*${escaped(one.slice(start + length))}`);
      assert.equal(starred?.(one), true);
    }),
  );
});
