import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { byteString, displayText } from "../byte-string/index.ts";
import type { Node } from "../tree/index.ts";
import { folderPage } from "./folder-page.ts";

const epoch = "2024-02-29T12:00:00Z";
const common = { mode: 0o644, atime: epoch, ctime: epoch, uid: 0, gid: 0, content: null };

const folder = fc
  .uniqueArray(
    fc.record({
      name: fc.string({ unit: "binary", minLength: 1, maxLength: 4 }),
      isFolder: fc.boolean(),
      size: fc.integer({ min: 0, max: 5 }),
      second: fc.integer({ min: 0, max: 3 }),
    }),
    { selector: ({ name }) => name, maxLength: 40 },
  )
  .map((entries) =>
    entries
      .map(({ name, isFolder, size, second }): Node => {
        const mtime = `2024-02-29T12:00:0${second}Z`;
        return isFolder
          ? { ...common, name: byteString(name), mtime, type: "dir" }
          : { ...common, name: byteString(name), mtime, type: "file", size };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
const order = fc.record({
  sort: fc.constantFrom("name" as const, "sizeBytes" as const, "modifiedAtMs" as const),
  order: fc.constantFrom("asc" as const, "desc" as const),
  nameContains: fc.constantFrom("", "a", "A", "é", "\\"),
});

test("the pages of a folder, one after the other, have each entry that is asked for once, in one order, folders first", () => {
  fc.assert(
    fc.property(folder, order, fc.integer({ min: 1, max: 10 }), (nodes, by, limit) => {
      const paged: Node[] = [];
      const total = folderPage(nodes, { ...by, offset: 0, limit }).total;
      for (let offset = 0; offset < total; offset += limit) {
        const page = folderPage(nodes, { ...by, offset, limit });
        assert.equal(page.total, total);
        assert.equal(page.nodes.length, Math.min(limit, total - offset));
        paged.push(...page.nodes);
      }
      const wanted = by.nameContains.toLowerCase();
      const expected = nodes.filter(({ name }) => displayText(name).normalize("NFC").toLowerCase().includes(wanted));
      assert.deepEqual(new Set(paged), new Set(expected));
      assert.equal(paged.length, expected.length);
      const firstFile = paged.findIndex(({ type }) => type !== "dir");
      assert.ok(firstFile === -1 || paged.slice(firstFile).every(({ type }) => type !== "dir"));
      const key = {
        name: (n: Node) => n.name,
        sizeBytes: (n: Node) => n.size ?? 0,
        modifiedAtMs: (n: Node) => n.mtime,
      }[by.sort];
      for (const [at, node] of paged.entries()) {
        const next = paged[at + 1];
        if (next === undefined || (node.type === "dir") !== (next.type === "dir")) continue;
        const [left, right] = by.order === "asc" ? [key(node), key(next)] : [key(next), key(node)];
        assert.ok(left <= right);
      }
    }),
    { numRuns: 500 },
  );
});
