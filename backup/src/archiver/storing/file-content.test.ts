import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { idOf } from "../../blob/index.ts";
import type { BlobStorer } from "./blob-storer.ts";
import { type ChunkSizeName, createContentReader } from "./file-content.ts";

const MiB = 1024 * 1024;

describe("a file that is refined", () => {
  const image = noise("image", 24 * MiB);

  it("costs as little as its changes, and nothing when it is read again", () => {
    const storer = memoryStorer();
    store(storer, image, "normal");
    const changed = Buffer.from(image);
    noise("page", 4096).copy(changed, 10 * MiB);
    assert.deepEqual(store(storer, changed, "refined"), changed);
    // The changed chunk and perhaps the one behind it, cut small.
    assert.ok(storer.addedBytes() < 5 * MiB);
    noise("another page", 4096).copy(changed, 10 * MiB + 40_000);
    assert.deepEqual(store(storer, changed, "refined"), changed);
    assert.ok(storer.addedBytes() < MiB);
    assert.deepEqual(store(storer, changed, "refined"), changed);
    assert.equal(storer.addedBytes(), 0);
  });

  it("is cut the same as a whole and in ranges", () => {
    const storer = memoryStorer();
    store(storer, image.subarray(0, 9 * MiB), "normal");
    const whole = contentOf(storer, image, (reader, fd) => reader.storeWhole(fd, null, "refined").content);
    const ranges = contentOf(storer, image, (reader, fd) => {
      const ends = reader.cut(fd, 0, image.length, true, "refined");
      return reader.storeCut(fd, 0, ends, "refined").content;
    });
    assert.deepEqual(ranges, whole);
    assert.ok(whole.length > 150, `${whole.length} chunks`);
  });
});

interface MemoryStorer extends Pick<BlobStorer, "store" | "find"> {
  bytesOf(ids: readonly string[]): Buffer;
  /** Bytes stored since this was asked last. */
  addedBytes(): number;
}

function memoryStorer(): MemoryStorer {
  const blobs = new Map<string, Buffer>();
  let added = 0;
  return {
    store(bytes) {
      const id = idOf(bytes);
      if (!blobs.has(id)) {
        blobs.set(id, Buffer.from(bytes));
        added += bytes.length;
      }
      return id;
    },
    find: (bytes) => (blobs.has(idOf(bytes)) ? idOf(bytes) : null),
    bytesOf: (ids) => Buffer.concat(ids.map((id) => blobs.get(id) ?? Buffer.alloc(0))),
    addedBytes() {
      const bytes = added;
      added = 0;
      return bytes;
    },
  };
}

function store(storer: MemoryStorer, bytes: Buffer, sizes: ChunkSizeName): Buffer {
  if (sizes === "refined") storer.addedBytes();
  return storer.bytesOf(contentOf(storer, bytes, (reader, fd) => reader.storeWhole(fd, null, sizes).content));
}

function contentOf(
  storer: MemoryStorer,
  bytes: Buffer,
  read: (reader: ReturnType<typeof createContentReader>, fd: number) => string[],
): string[] {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-file-content-"));
  const path = join(directory, "file");
  writeFileSync(path, bytes);
  const fd = openSync(path, "r");
  try {
    return read(createContentReader("3da3358b4dc173", storer), fd);
  } finally {
    closeSync(fd);
    rmSync(directory, { recursive: true });
  }
}

function noise(seed: string, length: number): Buffer {
  return createHash("shake128", { outputLength: length }).update(seed).digest();
}
