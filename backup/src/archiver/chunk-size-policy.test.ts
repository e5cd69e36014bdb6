import assert from "node:assert/strict";
import { test } from "node:test";
import { byteString } from "../byte-string/index.ts";
import type { Node } from "../tree/index.ts";
import { chooseChunkSizes } from "./chunk-size-policy.ts";

const MiB = 1024 * 1024;

function file(name: string, size: number, inode = 7n) {
  return { name: byteString(name), size, inode };
}

function before(size: number, chunks: number, inode = "7"): Node {
  const times = { mtime: "", atime: "", ctime: "" };
  const content = Array.from({ length: chunks }, () => "0".repeat(64));
  return { name: byteString("x"), type: "file", mode: 0o644, ...times, uid: 0, gid: 0, inode, size, content };
}

test("disk images and databases of 8 MiB and more are cut small, by their names", () => {
  for (const name of ["disk.img", "VM.QCOW2", "users.ibd", "t.MYD", "a.b.sqlite", "ibdata1", "x.vmdk"]) {
    assert.equal(chooseChunkSizes(file(name, 8 * MiB), null).sizes, "small", name);
    assert.equal(chooseChunkSizes(file(name, 8 * MiB - 1), null).sizes, "normal", name);
  }
  for (const name of ["clip.mp4", "img", ".img", "imgs.tar", "db.tar.gz"]) {
    assert.equal(chooseChunkSizes(file(name, 800 * MiB), null).sizes, "normal", name);
  }
});

test("a large file that changed in place is refined, one that was replaced is not", () => {
  const refined = { sizes: "refined", reason: "changed in place" };
  assert.deepEqual(chooseChunkSizes(file("data", 90 * MiB), before(80 * MiB, 80)), refined);
  assert.equal(chooseChunkSizes(file("data", 80 * MiB, 8n), before(80 * MiB, 80)).reason, "changed in place");
  assert.equal(chooseChunkSizes(file("data", 90 * MiB, 8n), before(80 * MiB, 80)).sizes, "normal");
  assert.equal(chooseChunkSizes(file("data", 9 * MiB), before(MiB, 1)).sizes, "normal");
});

test("what was cut small stays so", () => {
  assert.equal(chooseChunkSizes(file("data", 90 * MiB, 8n), before(80 * MiB, 1280)).reason, "cut small before");
  assert.equal(chooseChunkSizes(file("data", 4 * MiB, 8n), before(80 * MiB, 1280)).sizes, "refined");
  assert.equal(chooseChunkSizes(file("t.db", 4 * MiB, 8n), before(80 * MiB, 1280)).sizes, "small");
  assert.equal(chooseChunkSizes(file("empty", 0), before(0, 0)).sizes, "normal");
});

test("a file so large that its list of small chunks would outgrow memory is cut as others are", () => {
  const size = 32 * 1024 * MiB;
  assert.equal(chooseChunkSizes(file("disk.img", size - 1), null).sizes, "small");
  assert.equal(chooseChunkSizes(file("disk.img", size), before(80 * MiB, 1280)).sizes, "normal");
});
