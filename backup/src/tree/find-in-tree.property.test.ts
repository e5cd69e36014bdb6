import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { byteString, byteStringOf } from "../byte-string/index.ts";
import { encodeTree } from "./encode-tree.ts";
import { findInTree } from "./find-in-tree.ts";
import type { Node } from "./node.ts";

const instant = "2024-02-29T12:00:00Z";
const nameOf = (bytes: Uint8Array) => byteStringOf(bytes.filter((byte) => byte !== 0 && byte !== 0x2f));
const names = fc
  .uniqueArray(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 6 }).map(nameOf),
      fc.string({ unit: "binary", minLength: 1, maxLength: 6 }).map((text) => nameOf(Buffer.from(text))),
      fc.constantFrom('"', "\\", '"}', '{"name":"a","type":"', "a", "user.a").map((text) => byteString(text)),
    ),
    { maxLength: 12 },
  )
  .map((all) => all.filter((name) => name !== "" && name !== "." && name !== "..").sort());

test("what is found in the bytes of a tree is what decoding it finds", () => {
  fc.assert(
    fc.property(names, (all) => {
      const nodes = all.map((name, at): Node => {
        const times = { mtime: instant, atime: instant, ctime: instant };
        const common = { name, mode: 0o644, ...times, uid: at, gid: 0 };
        if (at % 3 === 0)
          return { ...common, type: "symlink", linkTarget: byteString('{"name":"a","type":"file"}'), content: null };
        return {
          ...common,
          type: "file",
          size: at,
          content: [],
          extendedAttributes: [{ name: byteString("a"), value: "" }],
        };
      });
      const bytes = encodeTree(nodes);
      for (const [at, name] of all.entries()) assert.equal(findInTree(bytes, name)?.uid, at);
      for (const name of ["none", "a"]) {
        const expected = all.includes(byteString(name)) ? name : undefined;
        assert.equal(findInTree(bytes, byteString(name))?.name, expected);
      }
    }),
    { numRuns: 1000 },
  );
});
