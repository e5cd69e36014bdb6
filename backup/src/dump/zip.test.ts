import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lstatSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { test } from "node:test";
import { type Id, idOf } from "../blob/index.ts";
import { byteString, byteStringOf } from "../byte-string/index.ts";
import { NotFoundError } from "../error/index.ts";
import { MemoryTrees, type Sketch } from "../listing/fixtures/memory-trees.ts";
import { dump } from "./dump.ts";

const epochSeconds = Date.UTC(2024, 1, 29, 12) / 1000;

/** The zip of a sketch as a file, and how often content was asked for together and alone. */
async function zipped(sketch: Sketch, trees = new MemoryTrees(), path = "/") {
  const asked = { together: 0, alone: 0 };
  const blob = (id: Id) => {
    const bytes = trees.blobs.get(id);
    if (bytes === undefined) throw new NotFoundError(id);
    return bytes;
  };
  const source = {
    loadTree: trees.loadTree,
    async loadBlob(_type: string, id: Id) {
      asked.alone++;
      return blob(id);
    },
    async loadBlobs(ids: Iterable<Id>) {
      asked.together++;
      return new Map(Array.from(ids, (id) => [id, blob(id)] as const));
    },
    index: { plaintextLength: (_type: string, id: Id) => trees.blobs.get(id)?.length ?? null },
  };
  const pieces: Buffer[] = [];
  const output = new Writable({ write: (piece, _encoding, done) => done(void pieces.push(piece)) });
  await dump(source, { snapshot: { tree: trees.add(sketch) }, path: byteString(path), format: "zip" }, output);
  const directory = mkdtempSync(join(tmpdir(), "mycloud-zip-"));
  const file = join(directory, "a.zip");
  writeFileSync(file, Buffer.concat(pieces));
  return { file, directory, bytes: Buffer.concat(pieces), asked, remove: () => rmSync(directory, { recursive: true }) };
}

/** Content of several blobs. */
function contentOf(trees: MemoryTrees, ...blobs: Buffer[]): Id[] {
  for (const bytes of blobs) trees.blobs.set(idOf(bytes), bytes);
  return blobs.map(idOf);
}

test("unzip and Python find names, modes, instants, links and content as they were", async (context) => {
  const trees = new MemoryTrees();
  const noise = randomBytes(1_200_000);
  const text = Buffer.from("a line of a log that says much the same as the one before\n".repeat(30_000));
  const zip = await zipped(
    {
      "ünïcode.txt": "small",
      latin: { node: { name: byteStringOf(Uint8Array.of(0x61, 0xff, 0x62)), content: [] } },
      "back\\slash": { node: { content: [] } },
      program: { node: { mode: 0o4755, content: contentOf(trees, Buffer.from("#!/bin/sh\n".repeat(9))) } },
      secret: { node: { mode: 0o600, content: contentOf(trees, randomBytes(5000)) } },
      old: { node: { mtime: "1975-06-01T00:00:01Z", content: [] } },
      odd: { node: { mtime: "2023-07-01T01:02:03.9Z", content: [] } },
      absolute: { node: { type: "symlink", linkTarget: byteString("/etc/hostname"), mode: 0o777 } },
      "large-noise": { node: { content: contentOf(trees, noise, noise, noise) } },
      "large-text": { node: { content: contentOf(trees, text, noise, text) } },
      folder: { inside: "inside" },
    },
    trees,
  );
  context.after(zip.remove);
  execFileSync("unzip", ["-tqq", zip.file]);
  const script = [
    "import json, sys, zipfile",
    "z = zipfile.ZipFile(sys.argv[1])",
    "assert z.testzip() is None",
    "print(json.dumps({i.filename: [i.external_attr >> 16, i.file_size, i.compress_size, i.flag_bits & 8] for i in z.infolist()}))",
  ].join("\n");
  const told = JSON.parse(execFileSync("python3", ["-c", script, zip.file], { encoding: "utf8" }));
  assert.deepEqual(
    Object.keys(told).sort(),
    [
      "a\\xffb".replaceAll("\\", "%5C"),
      "absolute",
      "back%5Cslash",
      "folder/",
      "folder/inside",
      "large-noise",
      "large-text",
      "odd",
      "old",
      "program",
      "secret",
      "ünïcode.txt",
    ].sort(),
  );
  assert.equal(told.program[0], 0o104755);
  assert.equal(told.secret[0], 0o100600);
  assert.equal(told.absolute[0], 0o120777);
  assert.equal(told["folder/"][0], 0o040755);
  // Noise takes no more than itself, and a few bytes for every 64 KiB of it.
  assert.equal(told["large-noise"][1], 3_600_000);
  assert.ok(told["large-noise"][2] < 3_601_000);
  assert.ok(told["large-text"][2] < 1_300_000);
  // Who reads it as a stream knows the sizes of small files before their content.
  assert.deepEqual([told.secret[3], told["large-text"][3]], [0, 8]);

  execFileSync("unzip", ["-qq", zip.file, "-d", zip.directory]);
  assert.equal(readlinkSync(join(zip.directory, "absolute")), "/etc/hostname");
  const seconds = (name: string) => Math.floor(lstatSync(join(zip.directory, name)).mtimeMs / 1000);
  assert.deepEqual(
    [seconds("secret"), seconds("old"), seconds("odd")],
    [epochSeconds, Date.UTC(1975, 5, 1, 0, 0, 1) / 1000, Date.UTC(2023, 6, 1, 1, 2, 3) / 1000],
  );
  assert.equal(lstatSync(join(zip.directory, "secret")).mode & 0o777, 0o600);
});

test("a large file is read from a pipe as it comes", async (context) => {
  const trees = new MemoryTrees();
  const blobs = [randomBytes(700_000), Buffer.alloc(3_000_000), Buffer.from("text ".repeat(100_000))];
  const zip = await zipped({ large: { node: { content: contentOf(trees, ...blobs) } } }, trees, "/large");
  context.after(zip.remove);
  const read = execFileSync("funzip", { input: zip.bytes, maxBuffer: 10_000_000 });
  assert.ok(read.equals(Buffer.concat(blobs)));
});

test("70,000 entries are read together in their order, and are all in the archive", async (context) => {
  const sketch: Record<string, Sketch> = {};
  for (let folder = 0; folder < 70; folder++) {
    const files = Array.from({ length: 999 }, (_, at) => [`file-${at}`, `${folder} ${at}`] as const);
    sketch[`folder-${folder}`] = Object.fromEntries(files);
  }
  const zip = await zipped(sketch);
  context.after(zip.remove);
  assert.equal(zip.asked.alone, 0);
  assert.ok(zip.asked.together < 70_000 / 500);
  execFileSync("unzip", ["-tqq", zip.file]);
  const script = [
    "import sys, zipfile",
    "z = zipfile.ZipFile(sys.argv[1])",
    "print(len(z.infolist()), len(set(z.namelist())), z.read('folder-69/file-998').decode())",
  ].join("\n");
  assert.equal(execFileSync("python3", ["-c", script, zip.file], { encoding: "utf8" }), "70000 70000 69 998\n");
});
