import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { extract, type Header } from "tar-stream";
import type { Id } from "../blob/index.ts";
import { byteString, byteStringOf } from "../byte-string/index.ts";
import { DamagedError, InputError, NotFoundError } from "../error/index.ts";
import { MemoryTrees, type Sketch } from "../listing/fixtures/memory-trees.ts";
import { type DumpOptions, dump } from "./dump.ts";

const long = "n".repeat(200);
const home: Sketch = {
  home: {
    ada: {
      "notes.txt": "hello",
      [long]: "long",
      link: { node: { type: "symlink", linkTarget: byteString("notes.txt"), mode: 0o777 } },
      pipe: { node: { type: "fifo" } },
      disk: { node: { type: "dev", device: "2055" } },
      socket: { node: { type: "socket" } },
      odd: { node: { mtime: "1969-12-31T23:59:59.75Z", uid: 4294967294, content: [] } },
      empty: {},
    },
  },
};

class Collector extends Writable {
  readonly chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

function sourceOf(trees: MemoryTrees, loadBlob?: (id: Id) => Promise<Uint8Array>) {
  return {
    loadTree: trees.loadTree,
    loadBlob: async (_type: string, id: Id) => {
      const bytes = trees.blobs.get(id);
      if (loadBlob !== undefined) return loadBlob(id);
      if (bytes === undefined) throw new NotFoundError(id);
      return bytes;
    },
    index: { plaintextLength: (_type: string, id: Id) => trees.blobs.get(id)?.length ?? null },
  };
}

async function dumped(sketch: Sketch, path: string, options: Partial<DumpOptions> = {}) {
  const trees = new MemoryTrees();
  const snapshot = { tree: trees.add(sketch) };
  const output = new Collector();
  const summary = await dump(sourceOf(trees), { snapshot, path: byteString(path), ...options }, output);
  return { bytes: output.bytes, summary };
}

async function entriesOf(tar: Buffer): Promise<Map<string, { header: Header; content: string }>> {
  const entries = new Map<string, { header: Header; content: string }>();
  const reader = extract();
  reader.end(tar);
  for await (const entry of reader)
    entries.set(entry.header.name, { header: entry.header, content: await text(entry) });
  return entries;
}

test("a file is dumped as it is, or the bytes of a range of it", async () => {
  const trees = new MemoryTrees();
  trees.add({ a: "first ", b: "second ", c: "third" });
  const content = [...trees.blobs.keys()];
  const snapshot = { tree: trees.add({ file: { node: { content } } }) };
  const read = async (range?: { offset: number; length: number }) => {
    const output = new Collector();
    const options = { snapshot, path: byteString("/file"), ...(range === undefined ? {} : { range }) };
    await dump(sourceOf(trees), options, output);
    return output.bytes.toString();
  };
  const whole = await read();
  assert.equal(whole.length, 18);
  for (let offset = 0; offset <= 19; offset++) {
    for (let length = 0; length <= 20; length++) {
      assert.equal(await read({ offset, length }), whole.slice(offset, offset + length), `${offset}+${length}`);
    }
  }
});

test("a directory is dumped as tar with names, links, devices and odd metadata", async () => {
  const { bytes, summary } = await dumped(home, "/home/ada");
  const entries = await entriesOf(bytes);
  assert.deepEqual(summary, { entries: 8, bytes: 9, omitted: ["home/ada/socket"] });
  assert.equal(entries.get("home/ada/notes.txt")?.content, "hello");
  assert.equal(entries.get(`home/ada/${long}`)?.content, "long");
  assert.equal(entries.get("home/ada/link")?.header.linkname, "notes.txt");
  assert.equal(entries.get("home/ada/pipe")?.header.type, "fifo");
  assert.deepEqual(
    [entries.get("home/ada/disk")?.header.devmajor, entries.get("home/ada/disk")?.header.devminor],
    [8, 7],
  );
  assert.equal(paxOf(entries.get("home/ada/odd")).get("mtime"), "-0.25");
  assert.equal(paxOf(entries.get("home/ada/odd")).get("uid"), "4294967294");
  assert.equal(entries.get("home/ada/empty/")?.header.type, "directory");
});

test("hard links are stored once, attributes as SCHILY.xattr", async () => {
  const linked = { inode: "7", deviceId: "1", links: 2 };
  const attribute = { name: byteString("user.note"), value: Buffer.from("a\nb").toString("base64") };
  const trees = new MemoryTrees();
  trees.add({ x: "content" });
  const content = [...trees.blobs.keys()];
  const tree = trees.add({
    a: { node: { content, ...linked, extendedAttributes: [attribute] } },
    b: { node: { content, ...linked } },
  });
  const output = new Collector();
  await dump(sourceOf(trees), { snapshot: { tree }, path: byteString("/") }, output);
  const entries = await entriesOf(output.bytes);
  assert.equal(entries.get("a")?.content, "content");
  assert.equal(paxOf(entries.get("a")).get("SCHILY.xattr.user.note"), "a\nb");
  assert.deepEqual([entries.get("b")?.header.type, entries.get("b")?.header.linkname], ["link", "a"]);
});

test("GNU tar lists names that are no UTF-8 as they are", async () => {
  const { bytes } = await dumped({ [Buffer.from("x").toString()]: "x" }, "/");
  const trees = new MemoryTrees();
  const name = byteStringOf(Uint8Array.of(0x61, 0xff, 0x62));
  const tree = trees.add({ x: { node: { name, content: [] } } });
  const output = new Collector();
  await dump(sourceOf(trees), { snapshot: { tree }, path: byteString("/") }, output);
  const listed = execFileSync("tar", ["-tf", "-", "--quoting-style=escape"], { input: output.bytes, encoding: "utf8" });
  assert.equal(listed, "a\\377b\n");
  assert.equal(execFileSync("tar", ["-tf", "-"], { input: bytes, encoding: "utf8" }), "x\n");
});

test("a zip of a directory is whole and has its links as links", async () => {
  const { bytes, summary } = await dumped(home, "/home", { format: "zip" });
  assert.deepEqual(summary.omitted, ["home/ada/disk", "home/ada/pipe", "home/ada/socket"]);
  const directory = mkdtempSync(join(tmpdir(), "mycloud-dump-"));
  try {
    writeFileSync(join(directory, "a.zip"), bytes);
    const script = [
      "import zipfile",
      `z = zipfile.ZipFile(${JSON.stringify(join(directory, "a.zip"))})`,
      "assert z.testzip() is None",
      "print(z.read('home/ada/notes.txt').decode(), oct(z.getinfo('home/ada/link').external_attr >> 16))",
    ].join("\n");
    assert.equal(execFileSync("python3", ["-c", script], { encoding: "utf8" }), "hello 0o120777\n");
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("damage destroys the output, in every format", async () => {
  for (const format of ["auto", "tar", "zip"] as const) {
    const trees = new MemoryTrees();
    const snapshot = { tree: trees.add({ file: "content" }) };
    const source = sourceOf(trees, async (id) => {
      throw new DamagedError(`blob ${id}`, "is damaged");
    });
    const output = new Collector();
    await assert.rejects(dump(source, { snapshot, path: byteString("/file"), format }, output), DamagedError);
    assert.equal(output.destroyed, true);
  }
});

test("what cannot be dumped is refused", async () => {
  await assert.rejects(dumped(home, "/home/none"), NotFoundError);
  await assert.rejects(dumped(home, "/home/ada/pipe"), InputError);
  await assert.rejects(dumped(home, "/home", { range: { offset: 0, length: 1 } }), InputError);
});

function paxOf(entry: { readonly header: Header } | undefined): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(entry?.header.pax ?? {}));
}
