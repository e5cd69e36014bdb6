import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { normalSizes } from "../../chunker/index.ts";
import { statOf } from "../../filesystem/index.ts";
import type { ContentReader } from "./file-content.ts";
import { createSeenFileStorer, encodeSeen } from "./store-seen-file.ts";

const place = mkdtempSync(join(tmpdir(), "mycloud-store-seen-file-"));
after(() => rmSync(place, { recursive: true }));

/** What the quick way says of a file; `before` happens between the walk's look at it and reading, `during` when it was read. */
function store(path: string, { before = () => {}, during = () => {} }: { before?: () => void; during?: () => void }) {
  const fd = openSync(path, "r");
  try {
    const seen = new Float64Array(encodeSeen(statOf(fd)));
    before();
    const reads: number[] = [];
    const reader: Pick<ContentReader, "storeDense"> = {
      storeDense(_fd, length) {
        reads.push(length);
        during();
        return { content: ["id"], size: length };
      },
    };
    return { id: createSeenFileStorer(reader)(fd, seen, 0), reads };
  } finally {
    closeSync(fd);
  }
}

const fileOf = (name: string, content: string | Buffer) => {
  const path = join(place, name);
  writeFileSync(path, content);
  return path;
};

test("an ordinary file that is as it was seen is read once, and its chunk is the answer", () => {
  assert.deepEqual(store(fileOf("same", "12345"), {}), { id: "id", reads: [5] });
});

test("of a file that changed after it was seen, or while it was read, nothing is said", () => {
  for (const when of ["before", "during"] as const) {
    const path = fileOf(when, "12345");
    assert.equal(store(path, { [when]: () => appendFileSync(path, "6") }).id, null);
  }
});

test("what may be more than one chunk, or have holes, or is empty, is not even read", () => {
  const sparse = fileOf("sparse", "");
  truncateSync(sparse, 100_000);
  for (const path of [sparse, fileOf("empty", ""), fileOf("large", Buffer.alloc(normalSizes.minimum + 1, 1))]) {
    assert.deepEqual(store(path, {}), { id: null, reads: [] });
  }
});

test("a file with an attribute is not read the quick way", (t) => {
  const path = fileOf("attribute", "12345");
  try {
    execFileSync("setfattr", ["--name", "user.note", "--value", "x", path], { stdio: "ignore" });
  } catch {
    t.skip("there is no setfattr, or the file system has no attributes");
    return;
  }
  assert.deepEqual(store(path, {}), { id: null, reads: [] });
});
