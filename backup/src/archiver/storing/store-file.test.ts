import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { byteString } from "../../byte-string/index.ts";
import { openRoot } from "../../filesystem/index.ts";
import type { ContentReader } from "./file-content.ts";
import { storeFile } from "./store-file.ts";

const place = mkdtempSync(join(tmpdir(), "mycloud-store-file-"));
after(() => rmSync(place, { recursive: true }));

/** A reader that does something to the world each time it has read a file; `reads` are the lengths it was asked for. */
function readerThat(acts: (nth: number) => void) {
  const reads: (number | null)[] = [];
  const reader: ContentReader = {
    storeWhole(_fd, length) {
      reads.push(length);
      acts(reads.length);
      return { content: ["id"], size: length ?? 0 };
    },
    storeDense: () => assert.fail("nobody asked for it"),
    cut: () => [],
    storeCut: () => ({ content: [], size: 0 }),
  };
  return { reader, reads };
}

function store(name: string, acts: (nth: number) => void) {
  using directory = openRoot(byteString(place));
  const { reader, reads } = readerThat(acts);
  return { stored: storeFile(reader, { directoryFd: directory.fd, name: byteString(name), sizes: "normal" }), reads };
}

test("a file that changed while it was read is read once more", () => {
  writeFileSync(join(place, "once"), "12345");
  const { stored, reads } = store("once", (nth) => nth === 1 && appendFileSync(join(place, "once"), "678"));
  assert.deepEqual(reads, [5, 8]);
  assert.ok(stored.kind === "stored" && !stored.isChanged && stored.size === 8 && stored.stat.size === 8);
});

test("a file that goes on changing is stored as it was read, and says so", () => {
  writeFileSync(join(place, "always"), "12345");
  const { stored, reads } = store("always", () => appendFileSync(join(place, "always"), "6"));
  assert.deepEqual(reads, [5, 6]);
  assert.ok(stored.kind === "stored" && stored.isChanged && stored.size === 6);
});

test("what is no file any more, or gone, is a fault and not read", () => {
  mkdirSync(join(place, "directory"));
  symlinkSync("once", join(place, "link"));
  for (const [name, message] of [
    ["directory", /dir/],
    ["link", /ELOOP/],
    ["missing", /ENOENT/],
  ] as const) {
    const { stored, reads } = store(name, () => {});
    assert.ok(stored.kind === "failed", name);
    assert.match(stored.fault.message, message);
    assert.deepEqual(reads, []);
  }
});

test("what the system says of reading is a fault; anything else is thrown", () => {
  writeFileSync(join(place, "bad"), "x");
  const eio = () => {
    throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
  };
  const { stored } = store("bad", eio);
  assert.ok(stored.kind === "failed" && stored.fault.code === "EIO");
  assert.throws(() => store("bad", () => assert.fail("a fault of ours")), /a fault of ours/);
});
