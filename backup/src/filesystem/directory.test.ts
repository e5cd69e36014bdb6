import assert from "node:assert/strict";
import { closeSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { type ByteString, byteString, byteStringOf } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { type Directory, openRoot, statOf } from "./directory.ts";
import { isRoot, runAsNobody, temporaryRoot } from "./testing.ts";

const name = byteString("entry");
const bytes = (...values: number[]) => byteStringOf(Uint8Array.of(...values));

test("names of any bytes are made, listed in the order of their bytes, read and removed", (t) => {
  const { directory } = temporaryRoot(t);
  const names = [
    bytes(0x01, 0x0a, 0x1b),
    byteString("..."),
    byteString("A"),
    byteString("a"),
    byteString("é"),
    bytes(0xc3),
    bytes(0xed, 0xa0, 0x80),
    bytes(0xff, 0xfe),
    "n".repeat(255) as ByteString,
  ].sort();
  for (const each of names) {
    const fd = directory.createFile(each);
    writeSync(fd, "content");
    closeSync(fd);
  }
  assert.deepEqual(directory.readNames(), names);
  for (const each of names) {
    assert.equal(directory.stat(each).size, 7);
    const fd = directory.openFile(each);
    assert.equal(readFileSync(fd, "latin1"), "content");
    closeSync(fd);
    directory.remove(each);
  }
  assert.deepEqual(directory.readNames(), []);
});

test("a name that would lead elsewhere is refused by every call", (t) => {
  const { directory } = temporaryRoot(t);
  for (const hostile of ["", ".", "..", "/", "a/b", "../x", "/etc/passwd", "a\0b"].map(byteString)) {
    const calls: (() => unknown)[] = [
      () => directory.stat(hostile),
      () => directory.statIfExists(hostile),
      () => directory.readLink(hostile),
      () => directory.openDirectory(hostile),
      () => directory.openFile(hostile),
      () => directory.openEntry(hostile),
      () => directory.createFile(hostile),
      () => directory.openFileForUpdate(hostile),
      () => directory.makeDirectory(hostile),
      () => directory.makeSymlink(hostile, name),
      () => directory.makeSpecial(hostile, "fifo", 0n),
      () => directory.makeHardLink(hostile, directory, name),
      () => directory.makeHardLink(name, directory, hostile),
      () => directory.rename(hostile, directory, name),
      () => directory.rename(name, directory, hostile),
      () => directory.remove(hostile),
      () => directory.removeDirectory(hostile),
      () => directory.removeTree(hostile),
    ];
    for (const call of calls) assert.throws(call, InputError, `${JSON.stringify(hostile)}: ${call}`);
  }
});

test("a symbolic link put where a file or a directory was is not followed", (t) => {
  const { path, directory } = temporaryRoot(t);
  mkdirSync(join(path, "victim"));
  writeFileSync(join(path, "victim", "file"), "secret");
  symlinkSync("victim", join(path, "to-directory"));
  symlinkSync("victim/file", join(path, "to-file"));
  assert.throws(() => directory.openDirectory(byteString("to-directory")), { code: "ENOTDIR" });
  assert.throws(() => directory.openFile(byteString("to-file")), { code: "ELOOP" });
  assert.throws(() => directory.openFileForUpdate(byteString("to-file")), { code: "ELOOP" });
  assert.throws(() => directory.createFile(byteString("to-file")), { code: "EEXIST" });
  directory.removeTree(byteString("to-directory"));
  assert.equal(readFileSync(join(path, "victim", "file"), "utf8"), "secret");
});

test("an open directory stays the same one when its name is given to another", (t) => {
  const { path, directory } = temporaryRoot(t);
  directory.makeDirectory(name);
  using opened = directory.openDirectory(name);
  renameSync(join(path, "entry"), join(path, "moved"));
  symlinkSync("/", join(path, "entry"));
  closeSync(opened.createFile(byteString("inside")));
  using moved = directory.openDirectory(byteString("moved"));
  assert.deepEqual(moved.readNames(), ["inside"]);
});

test("paths longer than the system takes are walked, made and removed", (t) => {
  const { path, directory } = temporaryRoot(t);
  const long = byteString("d".repeat(200));
  const open: Directory[] = [];
  let parent = directory;
  for (let depth = 0; depth < 30; depth++) {
    parent.makeDirectory(long);
    parent = parent.openDirectory(long);
    open.push(parent);
  }
  closeSync(parent.createFile(name));
  const root = openRoot(byteString(`${path}/${Array(30).fill(long).join("/")}`));
  assert.equal(root.statSelf().inode, parent.statSelf().inode);
  assert.deepEqual(root.readNames(), ["entry"]);
  for (const each of [...open, root]) each.close();
  directory.removeTree(long);
  assert.deepEqual(directory.readNames(), []);
});

test("hard links are made of files, symbolic links and FIFOs themselves", (t) => {
  const { directory } = temporaryRoot(t);
  closeSync(directory.createFile(byteString("file")));
  directory.makeSymlink(byteString("symlink"), bytes(0x74, 0xff, 0x0a));
  directory.makeSpecial(byteString("fifo"), "fifo", 0n);
  for (const each of ["file", "symlink", "fifo"] as const) {
    const link = byteString(`${each}-2`);
    directory.makeHardLink(link, directory, byteString(each));
    const stat = directory.stat(link);
    assert.deepEqual([stat.type, stat.links, stat.inode], [each, 2, directory.stat(byteString(each)).inode]);
  }
  assert.equal(directory.readLink(byteString("symlink-2")), bytes(0x74, 0xff, 0x0a));
});

test("device numbers are kept up to the largest minor", { skip: !isRoot }, (t) => {
  const { directory } = temporaryRoot(t);
  // 1:3, and 511:1048575 as makedev(3) joins them.
  for (const device of [0x103n, 0x1f_00ffn | (1n << 16n) | 0xfff0_0000n]) {
    const device_ = byteString(`device-${device}`);
    directory.makeSpecial(device_, "chardev", device);
    assert.equal(directory.stat(device_).device, device);
    const fd = directory.openEntry(device_);
    assert.equal(statOf(fd).device, device, "Node's stat says the same");
    closeSync(fd);
  }
});

test("lstat by libc says what Node's fstat says", (t) => {
  const { directory } = temporaryRoot(t);
  const fd = directory.createFile(name);
  writeSync(fd, "x".repeat(10_000));
  assert.deepEqual(directory.stat(name), statOf(fd));
  closeSync(fd);
  using root = openRoot(byteString("/"));
  for (const each of ["proc", "dev", "etc"].map(byteString)) {
    using opened = root.openDirectory(each);
    assert.deepEqual(root.stat(each), opened.statSelf());
  }
});

test("an entry that is gone, or a FIFO where a file was, makes nobody wait", (t) => {
  const { directory } = temporaryRoot(t);
  assert.equal(directory.statIfExists(name), null);
  assert.throws(() => directory.stat(name), { code: "ENOENT" });
  assert.throws(() => directory.openFile(name), { code: "ENOENT" });
  directory.makeSpecial(name, "fifo", 0n);
  const fd = directory.openFile(name);
  assert.equal(statOf(fd).type, "fifo");
  closeSync(fd);
});

test("a worker thread uses a directory by its number", async (t) => {
  const { directory } = temporaryRoot(t);
  closeSync(directory.createFile(name));
  const worker = new Worker(
    `import { parentPort, workerData } from "node:worker_threads";
     import { Directory, readExtendedAttributes } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
     const directory = new Directory(workerData);
     const { attributes, faults } = readExtendedAttributes(directory, "entry");
     parentPort.postMessage([directory.stat("entry").inode, attributes, faults]);`,
    { eval: true, workerData: directory.fd, execArgv: ["--input-type=module"] },
  );
  const message = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  assert.deepEqual(message, [directory.stat(name).inode, [], []]);
  await worker.terminate();
});

test("without root, another's file is opened only where its mode allows it", { skip: !isRoot }, (t) => {
  const { path } = temporaryRoot(t, { mode: 0o755 });
  writeFileSync(join(path, "public"), "x", { mode: 0o644 });
  writeFileSync(join(path, "private"), "x", { mode: 0o600 });
  const code = `
    import { openRoot } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
    const directory = openRoot(${JSON.stringify(path)});
    for (const name of ["public", "private"]) {
      try { directory.openFile(name); console.log("opened"); } catch (error) { console.log(error.code); }
    }
    try { directory.createFile("new"); } catch (error) { console.log(error.code); }
  `;
  assert.equal(runAsNobody(code), "opened\nEACCES\nEACCES\n");
});
