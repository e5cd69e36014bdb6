// `npm run test:faults`: a zip with files and places beyond 4 GiB. Writes 5 GB below TMPDIR; takes one minute, or several where others are at work.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { byteString } from "@mycloud/backup/byte-string";
import { dump } from "@mycloud/backup/dump";
import type { Node } from "@mycloud/backup/tree";

const gib = 1024 ** 3;

test("a zip with files and places beyond 4 GiB is whole to unzip and Python, and made in little memory", async (context) => {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-large-zip-"));
  context.after(() => rmSync(directory, { recursive: true }));
  const blobs = new Map(
    [Buffer.alloc(8 * 1024 ** 2), randomBytes(8 * 1024 ** 2), Buffer.from("at the end\n")].map((bytes) => [
      createHash("sha256").update(bytes).digest("hex"),
      bytes,
    ]),
  );
  const [zeros = "", noise = "", small = ""] = blobs.keys();
  const time = "2024-02-29T12:00:00Z";
  const file = (name: string, content: string[]): Node => {
    const times = { mtime: time, atime: time, ctime: time };
    return { name: byteString(name), type: "file", mode: 0o644, ...times, uid: 0, gid: 0, content };
  };
  const noiseBytes = 4.25 * gib;
  const zerosBytes = 4.5 * gib;
  const times = (id: string, bytes: number) => Array<string>(bytes / (8 * 1024 ** 2)).fill(id);
  const nodes = [
    file("a-noise", times(noise, noiseBytes)),
    file("b-zeros", times(zeros, zerosBytes)),
    file("c-small", [small]),
  ];
  const source = {
    loadTree: async () => nodes,
    loadBlob: async (_type: string, id: string) => blobs.get(id) ?? Buffer.alloc(0),
    index: { plaintextLength: (_type: string, id: string) => blobs.get(id)?.length ?? null },
  };
  const path = join(directory, "large.zip");
  let peakBytes = 0;
  const options = { snapshot: { tree: "" }, path: byteString("/"), format: "zip" } as const;
  const onProgress = () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  };
  await dump(source, { ...options, onProgress }, createWriteStream(path));
  assert.ok(peakBytes < 400 * 1024 ** 2, `${peakBytes} bytes of memory`);
  assert.ok(statSync(path).size > 4 * gib && statSync(path).size < noiseBytes * 1.01);
  execFileSync("unzip", ["-tqq", path]);
  const script = [
    "import json, sys, zipfile",
    "z = zipfile.ZipFile(sys.argv[1])",
    "assert z.read('c-small') == b'at the end\\n'",
    "with z.open('b-zeros') as f: assert sum(len(p) for p in iter(lambda: f.read(1 << 20), b'')) == int(sys.argv[2])",
    "print(json.dumps({i.filename: [i.file_size, i.header_offset > 2**32] for i in z.infolist()}))",
  ].join("\n");
  const told = execFileSync("python3", ["-c", script, path, String(zerosBytes)], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(told), {
    "a-noise": [noiseBytes, false],
    "b-zeros": [zerosBytes, true],
    "c-small": [11, true],
  });
});
