import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type ByteString, byteString } from "../byte-string/index.ts";
import { jsonString } from "./go-json.ts";
import { quoteName, unquoteName } from "./go-quote.ts";

const bytes = (text: string) => text as ByteString;

/** Any bytes, with those that matter often among them. */
const names = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
      fc.string({ unit: "grapheme", maxLength: 3 }).map((text) => byteString(text)),
      fc.constantFrom(
        "\\",
        '"',
        "\\u",
        "\\x",
        "\n",
        "\xff",
        "\xed\xa0\x80",
        "\xc0\xaf",
        "\xf4\x90\x80\x80",
        "\xe2\x80\xa8",
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => bytes(parts.join("")));

describe("quoting as Go does", () => {
  const table: readonly [string, string][] = [
    ["plain name.txt", "plain name.txt"],
    ['a"b\\c', 'a\\"b\\\\c'],
    ["\x07\b\f\n\r\t\v", "\\a\\b\\f\\n\\r\\t\\v"],
    ["\x00\x01\x1f\x7f", "\\x00\\x01\\x1f\\x7f"],
    ["bad\xff\xfe", "bad\\xff\\xfe"],
    ["overlong\xc0\xaf", "overlong\\xc0\\xaf"],
    ["surrogate\xed\xa0\x80", "surrogate\\xed\\xa0\\x80"],
    ["cut\xe2\x82", "cut\\xe2\\x82"],
    [byteString("é日本😀"), byteString("é日本😀")],
    [byteString("\u00a0\u00ad\u200b\u2028"), "\\u00a0\\u00ad\\u200b\\u2028"],
    [byteString("\ufeff\ue000\ufffd"), `\\ufeff\\ue000${byteString("\ufffd")}`],
    [byteString("\u{e0001}\u{10ffff}"), "\\U000e0001\\U0010ffff"],
    // Assigned in Unicode 16.0: unknown to Go's tables of 15.0.
    [byteString("\u{1fae9}"), "\\U0001fae9"],
  ];
  for (const [name, quoted] of table) {
    test(`writes ${JSON.stringify(quoted)} and reads it`, () => {
      assert.equal(quoteName(bytes(name)), quoted);
      assert.equal(unquoteName(bytes(quoted)), name);
    });
  }

  test("reads what other writers may write", () => {
    assert.equal(unquoteName(bytes("\\101\\u0041\\U00000041\\x41")), "AAAA");
    for (const wrong of ['a"b', "a\nb", "\\", "\\x4", "\\q", "\\'", "\\400", "\\ud800", "\\U00110000", "\\u12"]) {
      assert.equal(unquoteName(bytes(wrong)), null, wrong);
    }
  });

  test("loses no byte of any name", () => {
    fc.assert(
      fc.property(names, (name) => assert.equal(unquoteName(quoteName(name)), name)),
      { numRuns: 1000 },
    );
  });
});

describe("JSON as Go writes it", () => {
  test("escapes for HTML, controls, line separators and what is no UTF-8", () => {
    const cases: readonly [string, string][] = [
      ['<a href="x">&', '"\\u003ca href=\\"x\\"\\u003e\\u0026"'],
      ["\n\r\t\b\f\x00\x1f\x7f\\", '"\\n\\r\\t\\b\\f\\u0000\\u001f\x7f\\\\"'],
      [byteString("\u2028é\u2029"), `"\\u2028${byteString("é")}\\u2029"`],
      ["\xff\xc3", '"\\ufffd\\ufffd"'],
    ];
    for (const [text, json] of cases) assert.equal(jsonString(bytes(text)), json);
  });

  test("is JSON for any bytes", () => {
    fc.assert(
      fc.property(names, (text) => {
        const parsed: unknown = JSON.parse(Buffer.from(jsonString(text), "latin1").toString("utf8"));
        assert.equal(typeof parsed, "string");
      }),
    );
  });
});
