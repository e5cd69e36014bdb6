import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { followLogs } from "../testing/followed-logs.ts";
import { defaultFileTimes } from "./following.ts";

const quick = { ...defaultFileTimes, watchedScanMs: 2_000, polledScanMs: 50, settleMs: 5, partialLineMs: 150 };
const numbered = (from: number, to: number, word = "line") =>
  Array.from({ length: to - from }, (_, index) => `${word} ${from + index}`);
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

for (const isWatching of [true, false]) {
  const how = isWatching ? "watching" : "looking";

  test(`lines of files that are there and of files that come are read by ${how}`, async (t) => {
    const logs = followLogs(t);
    writeFileSync(join(logs.directory, "a.log"), "one\ntwo\n");
    logs.start({ paths: [`${logs.directory}/**/*.log`] }, { isWatching });
    await logs.until(() => logs.lines.length === 2);
    appendFileSync(join(logs.directory, "a.log"), "three\n");
    mkdirSync(join(logs.directory, "deep/er"), { recursive: true });
    writeFileSync(join(logs.directory, "deep/er/b.log"), "four\n");
    writeFileSync(join(logs.directory, "deep/er/.hidden.log"), "never\n");
    await logs.until(() => logs.lines.length === 4);
    assert.deepEqual([...logs.lines].sort(), ["four", "one", "three", "two"]);
  });

  test(`a file that is renamed is read to its end before the new one, by ${how}`, async (t) => {
    const logs = followLogs(t);
    const path = join(logs.directory, "a.log");
    const writer = openSync(path, "a");
    logs.start({ paths: [path] }, { isWatching });
    writeSync(writer, text(numbered(0, 100)));
    await logs.until(() => logs.lines.length === 100);
    renameSync(path, `${path}.1`);
    writeSync(writer, text(numbered(100, 200)));
    writeFileSync(path, text(numbered(200, 300)));
    await logs.until(() => logs.lines.length === 300);
    writeSync(writer, "late\n");
    closeSync(writer);
    await logs.until(() => logs.lines.length === 301);
    assert.deepEqual(logs.lines, [...numbered(0, 300), "late"]);
  });

  test(`a truncated file is read from its beginning, by ${how}`, async (t) => {
    const logs = followLogs(t);
    const path = join(logs.directory, "a.log");
    writeFileSync(path, text(numbered(0, 100)));
    logs.start({ paths: [path] }, { isWatching });
    await logs.until(() => logs.lines.length === 100);
    truncateSync(path, 0);
    appendFileSync(path, "anew\n");
    await logs.until(() => logs.lines.length === 101);
    // Grown past where it was read to before anybody looked.
    writeFileSync(path, text(numbered(0, 500, "other")));
    await logs.until(() => logs.lines.length === 601);
    assert.deepEqual(logs.lines.slice(101), numbered(0, 500, "other"));
  });
}

test("reading goes on where it was, without loss or repetition, after a stop", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  writeFileSync(path, "one\n");
  const first = logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 1);
  await first.stop();
  appendFileSync(path, "two\n");
  logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 2);
  assert.deepEqual(logs.lines, ["one", "two"]);
});

for (const kind of [
  "renamed",
  "dated",
  "compressed",
  "copied and compressed",
  "renamed twice",
  "compressed twice",
] as const) {
  test(`what was left of a file is found when it was ${kind} while nobody looked`, async (t) => {
    const logs = followLogs(t);
    const path = join(logs.directory, "a.log");
    writeFileSync(path, text(numbered(0, 500)));
    const first = logs.start({ paths: [path] });
    await logs.until(() => logs.lines.length === 500);
    await first.stop();
    appendFileSync(path, text(numbered(500, 900)));
    const age = (file: string, minutes: number) => execFileSync("touch", ["-d", `${minutes} minutes ago`, file]);
    let end = 1000;
    switch (kind) {
      case "renamed":
        renameSync(path, `${path}.1`);
        break;
      case "dated":
        renameSync(path, join(logs.directory, "a-20261123.log"));
        break;
      case "compressed":
        writeFileSync(`${path}.2.gz`, gzipSync(readFileSync(path)));
        unlinkSync(path);
        break;
      case "copied and compressed":
        writeFileSync(`${path}-20261123.gz`, gzipSync(readFileSync(path)));
        truncateSync(path, 0);
        break;
      case "renamed twice":
      case "compressed twice":
        renameSync(path, `${path}.2`);
        age(`${path}.2`, 10);
        writeFileSync(`${path}.1`, text(numbered(900, 1000)));
        age(`${path}.1`, 5);
        if (kind === "compressed twice") execFileSync("gzip", [`${path}.2`, `${path}.1`]);
        end = 1100;
        break;
    }
    writeFileSync(path, text(numbered(end - 100, end)), { flag: "a" });
    logs.start({ paths: [path] });
    await logs.until(() => logs.lines.length >= end);
    assert.deepEqual(logs.lines, numbered(0, end));
    assert.deepEqual(logs.warnings, []);
  });
}

test("a copy that rotation makes of a file is not read for itself, and what was truncated too soon is read from it", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  writeFileSync(path, text(numbered(0, 200)));
  let isOpen = true;
  let release = () => {};
  const gate = () =>
    isOpen
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          release = resolve;
        });
  const taken = logs.lines;
  logs.start(
    { paths: [`${logs.directory}/*`], excludePaths: [] },
    {
      onBatch: async (batch) => {
        await gate();
        taken.push(...batch.lines);
      },
    },
  );
  await logs.until(() => logs.lines.length === 200);
  isOpen = false;
  appendFileSync(path, "held\n");
  appendFileSync(path, text(numbered(200, 40_000)));
  await new Promise((resolve) => setTimeout(resolve, 100));
  appendFileSync(path, text(numbered(40_000, 41_000)));
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
  appendFileSync(path, text(numbered(41_000, 41_010)));
  isOpen = true;
  release();
  await logs.until(() => logs.lines.length >= 41_011);
  assert.deepEqual(logs.lines, [...numbered(0, 200), "held", ...numbered(200, 41_010)]);
});

test("a file that is deleted while it is read is read to its end, and closed then", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  const writer = openSync(path, "a");
  writeSync(writer, "one\n");
  const { sources } = logs.start({ paths: [path] }, { fileTimes: { ...quick, deletedGraceMs: 300 } });
  await logs.until(() => logs.lines.length === 1);
  unlinkSync(path);
  writeSync(writer, text(numbered(0, 20_000)));
  closeSync(writer);
  await logs.until(() => logs.lines.length === 20_001);
  await logs.until(() => sources.counters().test?.files === 0);
});

test("a line without an end waits, is handed on after a while, and its rest is a line of its own", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  writeFileSync(path, "whole\r\nbeg");
  const first = logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 1);
  await first.stop();
  appendFileSync(path, "inning\nhalf");
  logs.start({ paths: [path] }, { fileTimes: quick });
  await logs.until(() => logs.lines.length === 3);
  appendFileSync(path, "\nnext\n");
  await logs.until(() => logs.lines.length === 4);
  assert.deepEqual(logs.lines, ["whole", "beginning", "half", "next"]);
});

test("lines that belong together are one record, also over a stop in its middle", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  const input = { paths: [path], multiline: { start: "^\\d", timeoutMs: 200 } };
  writeFileSync(path, "1 a\n at b\n at c\n2 d\n at e\n");
  const first = logs.start({ ...input, multiline: { start: "^\\d", timeoutMs: 60_000 } });
  await logs.until(() => logs.lines.length === 1);
  await first.stop();
  appendFileSync(path, " at f\n");
  logs.start(input);
  await logs.until(() => logs.lines.length === 2);
  assert.deepEqual(logs.lines, ["1 a\n at b\n at c", "2 d\n at e\n at f"]);
});

test("a line that is too long is cut and marked, and the next one is whole", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  writeFileSync(path, `${"x".repeat(3_000_000)}\nnext\n`);
  const { sources } = logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 2);
  assert.equal(String(logs.lines[0]).length, 262_144);
  assert.equal(logs.lines[1], "next");
  assert.equal(sources.counters().test?.cutLines, 1);
});

test("UTF-16 with a mark, latin 1, bytes that are no UTF-8, and NULs are text in the end", async (t) => {
  const logs = followLogs(t);
  writeFileSync(join(logs.directory, "a.log"), Buffer.from("\ufeffgr\u00fc\u00df \u0a0a gott\r\nzwei\n", "utf16le"));
  logs.start({ paths: [join(logs.directory, "a.log")] });
  await logs.until(() => logs.lines.length === 2);
  writeFileSync(join(logs.directory, "b.log"), Buffer.from([0, 0, 0, 0xfc, 0x41, 0, 0x42, 0x0a]));
  logs.start({ paths: [join(logs.directory, "b.log")] });
  await logs.until(() => logs.lines.length === 3);
  writeFileSync(join(logs.directory, "c.log"), Buffer.from("f\u00fcr\n", "latin1"));
  logs.start({ paths: [join(logs.directory, "c.log")], encoding: "iso-8859-1" });
  await logs.until(() => logs.lines.length === 4);
  assert.deepEqual(logs.lines, ["gr\u00fc\u00df \u0a0a gott", "zwei", "\ufffdA\ufffdB", "f\u00fcr"]);
});

test("what was there before the source is read from its end, what comes later whole", async (t) => {
  const logs = followLogs(t);
  writeFileSync(join(logs.directory, "old.log"), "old\nunfin");
  const input = { paths: [`${logs.directory}/*.log`], startAt: "end" };
  const first = logs.start(input);
  await logs.until(() => logs.batches.length >= 2);
  await first.stop();
  writeFileSync(join(logs.directory, "new.log"), "new\n");
  appendFileSync(join(logs.directory, "old.log"), "ished\n");
  logs.start(input);
  await logs.until(() => logs.lines.length === 2);
  assert.deepEqual([...logs.lines].sort(), ["new", "unfinished"]);
});

test("links out of the roots, FIFOs, directories and what is no file are refused, once", async (t) => {
  const logs = followLogs(t);
  const other = followLogs(t);
  writeFileSync(join(other.directory, "secret.log"), "secret\n");
  symlinkSync(join(other.directory, "secret.log"), join(logs.directory, "link.log"));
  symlinkSync(other.directory, join(logs.directory, "linked"));
  execFileSync("mkfifo", [join(logs.directory, "fifo.log")]);
  mkdirSync(join(logs.directory, "dir.log"));
  writeFileSync(join(logs.directory, "a.log"), "mine\n");
  const { sources } = logs.start({
    paths: [`${logs.directory}/*.log`, `${logs.directory}/linked/*`, `${logs.directory}/dir.log`, "/etc/hostname"],
  });
  await logs.until(() => logs.lines.length === 1 && sources.counters().test?.refused === 5);
  // Replaced while it is followed.
  unlinkSync(join(logs.directory, "a.log"));
  symlinkSync(join(other.directory, "secret.log"), join(logs.directory, "a.log"));
  await logs.until(() => sources.counters().test?.refused === 6);
  assert.deepEqual(logs.lines, ["mine"]);
  assert.equal(logs.warnings.filter((line) => line.includes("FIFO")).length, 1);
});

test("a new file with the inode of an old one is another file", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  writeFileSync(path, text(numbered(0, 50)));
  const first = logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 50);
  await first.stop();
  const { ino } = statSync(path);
  // Another content in the same inode, longer than what was read: what a file system does that uses inodes again.
  writeFileSync(path, text(numbered(0, 100, "other")));
  assert.equal(statSync(path).ino, ino);
  logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 150);
  assert.deepEqual(logs.lines.slice(50), numbered(0, 100, "other"));
});

test("more files than may be open are all read, through rotation too", async (t) => {
  const logs = followLogs(t);
  for (let index = 0; index < 60; index++) writeFileSync(join(logs.directory, `${index}.log`), `first ${index}\n`);
  const { sources } = logs.start({ paths: [`${logs.directory}/*.log`] }, { maximumOpenFiles: 5 });
  await logs.until(() => logs.lines.length === 60);
  for (let index = 0; index < 60; index++) {
    const path = join(logs.directory, `${index}.log`);
    appendFileSync(path, `second ${index}\n`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, `third ${index}\n`);
  }
  await logs.until(() => logs.lines.length >= 180);
  assert.equal(new Set(logs.lines).size, 180);
  assert.equal(logs.lines.length, 180);
  assert.equal(sources.counters().test?.lagBytes, 0);
});

test("a source that has to wait holds up no other, and reads nothing more", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  writeFileSync(path, text(numbered(0, 100_000)));
  let batches = 0;
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  logs.start(
    { paths: [path] },
    {
      onBatch: (batch) => {
        if (batch.lines.length === 0) return Promise.resolve();
        batches++;
        return held;
      },
    },
  );
  logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 100_000);
  assert.equal(batches, 1);
  release();
});
