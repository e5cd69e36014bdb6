import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createCsvEncoder, createQuotedCsvEncoder, encodeJson, encodePython } from "./encode.ts";
import { fixed16 } from "./fixed16.ts";

const separators = { row: "\n", column: ";", list: ",", pair: "|" };

test("fixed16 is sixteen bytes: code, length to the right, newline", () => {
  assert.equal(fixed16(200, 315).toString(), "200         315\n");
  assert.equal(fixed16(413, 99_999_999_999).length, 16);
});

test("JSON of any value is read back as it was, numbers that are none as null", () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.array(fc.oneof(fc.string(), fc.integer())),
    fc.dictionary(fc.string(), fc.string()),
  );
  fc.assert(
    fc.property(value, (one) => assert.deepEqual(JSON.parse(encodeJson(one)), JSON.parse(JSON.stringify(one)))),
  );
  assert.deepEqual(
    [encodeJson(Number.NaN), encodeJson(Number.POSITIVE_INFINITY), encodeJson(null)],
    ["null", "null", "null"],
  );
});

test("csv joins lists, and pairs within them, with its separators", () => {
  const encode = createCsvEncoder(separators);
  assert.equal(encode(["a", "b"]), "a,b");
  assert.equal(
    encode([
      ["web1", "http", 2],
      ["web1", "load", 0],
    ]),
    "web1|http|2,web1|load|0",
  );
  assert.equal(encode({ os: "linux", env: "prod" }), "os|linux,env|prod");
  assert.equal(createQuotedCsvEncoder(separators)('say "x", y'), '"say ""x"", y"');
});

test("Python literals are written as repr writes them", () => {
  for (const [value, expected] of [
    ["it's", `"it's"`],
    [`both ' and "`, `'both \\' and "'`],
    ["a\\b\n\t\x07é☃", "'a\\\\b\\n\\t\\x07é☃'"],
    [["a", 1], "['a', 1]"],
    [{ a: "b" }, "{'a': 'b'}"],
    [null, "None"],
    [1.5, "1.5"],
  ] as const) {
    assert.equal(encodePython(value), expected);
  }
});
