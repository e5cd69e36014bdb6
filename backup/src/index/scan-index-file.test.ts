import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PackedBlob } from "../blob/index.ts";
import { DamagedError } from "../error/index.ts";
import { encodeIndexFile } from "./encode-index-file.ts";
import { readIndexFile } from "./index.ts";
import { split } from "./save-index.ts";

const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const blob: fc.Arbitrary<PackedBlob> = fc.record(
  {
    id,
    type: fc.constantFrom("data" as const, "tree" as const),
    offset: uint32,
    length: uint32,
    uncompressedLength: fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 })),
  },
  { noNullPrototype: true },
);
const packs = fc.array(fc.record({ id, blobs: fc.array(blob, { maxLength: 5 }) }, { noNullPrototype: true }), {
  maxLength: 5,
});

const read = (text: string) => readIndexFile(Buffer.from(text), "index/x");
const a = "a".repeat(64);
const b = "b".repeat(64);

test("what was written is read", () => {
  fc.assert(
    fc.property(packs, fc.array(id, { maxLength: 3 }), (packs, supersedes) => {
      assert.deepEqual(read(JSON.stringify(encodeIndexFile(packs, supersedes))), { supersedes, packs });
    }),
  );
});

test("space, the order of members and unknown members mean nothing", () => {
  const blob = `{ "length" : 38 , "x": [1, -2.5e+3, {"id": "\\"}"}, null, true], "type":\n"data", "offset":0, "id":"${a}" }`;
  const expected = {
    supersedes: [],
    packs: [{ id: b, blobs: [{ id: a, type: "data", offset: 0, length: 38, uncompressedLength: null }] }],
  };
  assert.deepEqual(read(` { "y": "\\u0022", "packs" : [ { "blobs" : [${blob}], "id" : "${b}" } ] } \n`), expected);
  assert.deepEqual(read(`[{"i\\u0064":"${b}","blobs":[${blob}]}]`), expected, "the older form, and an escaped key");
  assert.deepEqual(read(`{"supersedes":null,"packs":null}`), { supersedes: [], packs: [] });
  assert.deepEqual(read(`{"packs":[{"id":"${b}","blobs":null}]}`), { supersedes: [], packs: [{ id: b, blobs: [] }] });
});

test("anything else is damaged, and says where", () => {
  const broken = {
    empty: "",
    "no object": "3",
    cut: `{"packs":[{"id":"${b}"`,
    "short id": `{"packs":[{"id":"${b.slice(1)}","blobs":[]}]}`,
    "upper-case id": `{"packs":[{"id":"${b.toUpperCase()}","blobs":[]}]}`,
    "pack without id": `{"packs":[{"blobs":[]}]}`,
    "blob without type": `{"packs":[{"id":"${b}","blobs":[{"id":"${a}","offset":0,"length":1}]}]}`,
    "unknown type": `{"packs":[{"id":"${b}","blobs":[{"id":"${a}","type":"other","offset":0,"length":1}]}]}`,
    "negative offset": `{"packs":[{"id":"${b}","blobs":[{"id":"${a}","type":"data","offset":-1,"length":1}]}]}`,
    "large length": `{"packs":[{"id":"${b}","blobs":[{"id":"${a}","type":"data","offset":0,"length":4294967296}]}]}`,
    fraction: `{"packs":[{"id":"${b}","blobs":[{"id":"${a}","type":"data","offset":0,"length":1.5}]}]}`,
    "more behind": `{"packs":[]} {}`,
    "bad word": `{"x":nil,"packs":[]}`,
    deep: `{"x":${"[".repeat(1000)}`,
    "control character": `{"x":"\n"}`,
  };
  for (const [name, text] of Object.entries(broken)) {
    assert.throws(
      () => read(text),
      (error) => error instanceof DamagedError && /index\/x: is no index: .*at byte \d+/.test(error.message),
      name,
    );
  }
});

test("whatever the bytes are, reading ends with a value or as damaged, and agrees with JSON.parse", () => {
  const valid = `{"supersedes":["${a}"],"packs":[{"id":"${b}","blobs":[{"id":"${a}","type":"data","offset":0,"length":38,"uncompressed_length":7}]}]}`;
  const spliced = fc
    .tuple(
      fc.nat(valid.length),
      fc.nat(12),
      fc.string({ maxLength: 4, unit: fc.constantFrom(...'{}[]:,"\\0159-.eE nulltrue\u00e9') }),
    )
    .map(([at, removed, inserted]) => valid.slice(0, at) + inserted + valid.slice(at + removed));
  fc.assert(
    fc.property(fc.oneof(spliced, fc.string(), fc.json()), (text) => {
      let result: ReturnType<typeof read>;
      try {
        result = read(text);
      } catch (error) {
        assert.ok(error instanceof DamagedError);
        return;
      }
      // What is taken is JSON that says so.
      const document = JSON.parse(text);
      const list = Array.isArray(document) ? document : (document.packs ?? []);
      assert.equal(result.packs.length, list.length);
    }),
    { numRuns: 3000 },
  );
});

test("files are split at 50,000 blobs and lose no pack", () => {
  const blobs = Array.from(
    { length: 20_000 },
    (_, i): PackedBlob => ({ id: a, type: "data", offset: i, length: 1, uncompressedLength: null }),
  );
  const packs = Array.from({ length: 7 }, (_, i) => ({ id: String(i), blobs }));
  const parts = [...split(packs)];
  assert.deepEqual(
    parts.map((part) => part.length),
    [3, 3, 1],
  );
  assert.deepEqual(parts.flat(), packs);
  assert.deepEqual([...split([])], []);
});
