import assert from "node:assert/strict";
import { test } from "node:test";
import { PassiveCheckResult } from "@mycloud/protocol/check-result";
import fc from "fast-check";
import { InputError, TooLargeError } from "../error/index.ts";
import { isPlainlyValid, parsePassiveItems } from "./parse-passive-items.ts";

test("bad items are refused by themselves, with their place and names", () => {
  const items = [
    { host: "web1", service: "http", returnCode: 0, output: "fine", unknownKey: [1] },
    { host: "web1", service: "disk", returnCode: "2" },
    null,
    { host: "", returnCode: 0 },
    { host: "web2", returnCode: 1 },
  ];
  const parsed = parsePassiveItems(JSON.stringify(items), false);
  assert.deepEqual(
    parsed.items.map(({ index }) => index),
    [0, 4],
  );
  assert.deepEqual(
    parsed.rejected.map(({ index, host, service }) => [index, host, service]),
    [
      [1, "web1", "disk"],
      [2, undefined, undefined],
      [3, "", undefined],
    ],
  );
  assert.match(parsed.rejected[0]?.message ?? "", /^returnCode: /);
});

test("NDJSON is read line by line, and a broken line costs only itself", () => {
  const body = '{"host":"a","returnCode":0}\n\n{"host":\n{"host":"b","returnCode":2}\r\n';
  const parsed = parsePassiveItems(body, true);
  assert.deepEqual(
    parsed.items.map(({ item }) => item.host),
    ["a", "b"],
  );
  assert.match(parsed.rejected[0]?.message ?? "", /not JSON/);
});

test("a body that is no JSON is refused whole, and more than 5,000 items are too many", () => {
  assert.throws(() => parsePassiveItems("[{", false), InputError);
  const many = new Array(5001).fill({ host: "a", returnCode: 0 });
  assert.throws(() => parsePassiveItems(JSON.stringify(many), false), TooLargeError);
  assert.throws(() => parsePassiveItems(many.map((item) => JSON.stringify(item)).join("\n"), true), TooLargeError);
});

test("what the fast check accepts, the schema accepts unchanged", () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.constant(null), fc.boolean(), fc.constant([]));
  const item = fc.record(
    {
      host: fc.oneof(fc.string(), value),
      service: fc.oneof(fc.string(), value),
      returnCode: fc.oneof(fc.integer(), value),
      output: fc.oneof(fc.string(), value),
      checkedAtMs: fc.oneof(fc.integer(), fc.double(), value),
      executionTimeSeconds: fc.oneof(fc.double(), value),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(item, (candidate) => {
      if (!isPlainlyValid(candidate)) return;
      const parsed = PassiveCheckResult.safeParse(candidate);
      assert.ok(parsed.success, JSON.stringify(candidate));
      assert.deepEqual(parsed.data, candidate);
    }),
    { numRuns: 2000 },
  );
});
