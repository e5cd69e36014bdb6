import assert from "node:assert/strict";
import { test } from "node:test";
import { tokensOf } from "@mycloud/protocol/log-query";
import fc from "fast-check";
import { hashTemplate, isOfPattern, maskMessage, mergeShapes, patternId, rankPatterns, splitMessage } from "./index.ts";

const masked: readonly (readonly [message: string, shape: string])[] = [
  ["Failed password for bob from 203.0.113.7 port 4711 ssh2", "Failed password for bob from <ip> port <num> ssh<num>"],
  ["took 12ms, 99.5% of 3.5 GB", "took <num>ms, <num>% of <num> GB"],
  ["peer 10.0.0.1:443 and fe80::1%eth0", "peer <ip>:<num> and <ip>"],
  ["id 550e8400-e29b-41d4-a716-446655440000.", "id <uuid>."],
  ["at 2026-11-23T12:00:00.123Z and 12:30:01", "at <time> and <time>"],
  ["open /var/lib/file7: no such file", "open <path>: no such file"],
  ["GET / HTTP/1.1", "GET / HTTP/<num>.<num>"],
  ["see https://example.org/a?b=1", "see <url>?b=<num>"],
  ["commit deadbeef01 by 0x7ffe", "commit <hex> by <hex>"],
  ["and/or nothing to mask.", "and/or nothing to mask."],
  ["mac 00:1b:44:11:3a:b7", "mac <mac>"],
  ["first line\nsecond 12", "first line <*>"],
  ["", ""],
];

for (const [message, shape] of masked) {
  test(`the shape of ${JSON.stringify(message)} is ${JSON.stringify(shape)}`, () => {
    assert.equal(maskMessage(message), shape);
  });
}

test("every text has a shape, the same each time, which does not grow without end", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (message) => {
      const shape = maskMessage(message);
      assert.equal(maskMessage(message), shape);
      assert.ok(shape.length <= 400 * 8);
    }),
    { numRuns: 300 },
  );
});

test("numbers in a message do not change its shape", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (one, other) => {
      assert.equal(maskMessage(`worker ${one} has ${other} jobs`), "worker <num> has <num> jobs");
    }),
    { numRuns: 100 },
  );
});

test("shapes that are joined are all of their pattern, and each shape is of exactly one", () => {
  const word = fc.constantFrom("a", "b", "c", "d", "<num>");
  const shape = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(fc.uniqueArray(shape, { maxLength: 40 }), (templates) => {
      const merged = mergeShapes(templates.map((template) => ({ template })));
      const all = merged.flatMap(({ shapes }) => shapes.map(({ template }) => template));
      assert.deepEqual(all.toSorted(), templates.toSorted());
      for (const { template, shapes } of merged) {
        for (const one of shapes) assert.ok(isOfPattern(template, one.template), `${one.template} of ${template}`);
      }
      const again = mergeShapes(templates.toReversed().map((template) => ({ template })));
      assert.deepEqual(
        again.map(({ template }) => template),
        merged.map(({ template }) => template),
      );
    }),
    { numRuns: 200 },
  );
});

test("a pattern's id depends on its text alone", () => {
  assert.equal(patternId("a <num>"), patternId("a <num>"));
  assert.notEqual(patternId("a <num>"), patternId("a <ip>"));
  assert.match(patternId(""), /^[0-9a-z]{12}$/);
});

test("what rose most is judged by what was to be expected, in a range of another length too", () => {
  const counts = [
    { template: "steady", count: 1000, countBefore: 4000 },
    { template: "risen", count: 60, countBefore: 20 },
    { template: "new", count: 30, countBefore: 0 },
    { template: "gone", count: 0, countBefore: 50 },
  ];
  const names = (order: "count" | "risen" | "new") => rankPatterns(counts, order, 0.25).map(({ template }) => template);
  assert.deepEqual(names("count"), ["steady", "risen", "new"]);
  assert.deepEqual(names("risen"), ["new", "risen"]);
  assert.deepEqual(names("new"), ["new"]);
});

test("messages of one shape have one hash, those of others another", () => {
  const piece = fc.constantFrom("a ", "b ", "12 ", "7 ", "/x ", "/y ", "(", "é", "3ms", "x1", ".");
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [first, second] = [splitMessage(one), splitMessage(other)];
      const isSame = first.template() === second.template();
      assert.equal(first.hash === second.hash && first.otherHash === second.otherHash, isSame);
      const { hash, otherHash } = hashTemplate(first.template());
      assert.deepEqual([hash, otherHash], [first.hash, first.otherHash]);
    }),
    { numRuns: 2000 },
  );
});

test("words of letters alone are in a message's shape, or in what that hides", () => {
  const piece = fc.constantFrom(
    ...["/var/log/", "deadbeef", "cafe", "http://", "é", "K", "12", "a", "Zz", ":", "-", ".", " ", "::", "T", "_", "@"],
    ...[
      "550e8400-e29b-41d4-a716-446655440000",
      "fe80::abcd",
      "2026-11-23Tnoon",
      "00:1b:ab:cd:3a:b7",
      "a1b2c3d4e5f6g7h8",
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
    fc.string({ unit: "binary", maxLength: 100 }),
  );
  fc.assert(
    fc.property(text, (message) => {
      const { template, hidden, isCut } = splitMessage(message);
      if (isCut) return;
      const known = new Set(tokensOf(`${template()} ${hidden}`));
      for (const token of tokensOf(message)) if (/^[a-z_]+$/.test(token)) assert.ok(known.has(token), token);
    }),
    { numRuns: 2000 },
  );
});
