import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { OutOfSpaceError } from "../error/index.ts";
import {
  isTemporaryName,
  outOfSpaceOr,
  removeAbandonedTemporaries,
  temporaryPathFor,
  writeFileDurably,
} from "./index.ts";

const directory = mkdtempSync(join(tmpdir(), "mycloud-durable-file-"));
after(() => rmSync(directory, { recursive: true }));

test("a file is there whole, with its mode, and nothing else", async () => {
  const path = join(directory, "whole");
  await writeFileDurably(path, Buffer.from("content"), { mode: 0o400 });
  assert.equal(readFileSync(path, "utf8"), "content");
  assert.equal(statSync(path).mode & 0o777, 0o400);
  assert.deepEqual(readdirSync(directory), ["whole"]);
});

test("an existing file is replaced", async () => {
  const path = join(directory, "replaced");
  await writeFileDurably(path, Buffer.from("old"), { mode: 0o400 });
  await writeFileDurably(path, Buffer.from("new"), { mode: 0o400 });
  assert.equal(readFileSync(path, "utf8"), "new");
});

test("a new file does not take the place of another", async () => {
  const path = join(directory, "new");
  await writeFileDurably(path, Buffer.from("first"), { isNew: true });
  await assert.rejects(writeFileDurably(path, Buffer.from("second"), { isNew: true }), { code: "EEXIST" });
  assert.equal(readFileSync(path, "utf8"), "first");
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.startsWith("new")),
    ["new"],
  );
});

test("a failed write leaves nothing and says what failed", async () => {
  await assert.rejects(writeFileDurably(join(directory, "none", "file"), Buffer.from("x")), { code: "ENOENT" });
  await assert.rejects(writeFileDurably(directory, Buffer.from("x")), { code: /EISDIR|ENOTEMPTY|EEXIST/ });
  assert.deepEqual(
    readdirSync(join(directory, "..")).filter((name) => name.startsWith(`${directory}-tmp`)),
    [],
  );
});

test("a full disk and a full quota are out of space", () => {
  for (const code of ["ENOSPC", "EDQUOT"]) {
    const error = outOfSpaceOr(Object.assign(new Error(code), { code }), "file");
    assert.ok(error instanceof OutOfSpaceError);
  }
  const other = new Error("other");
  assert.equal(outOfSpaceOr(other, "file"), other);
});

test("only temporaries that nobody writes any more are removed", async () => {
  const place = mkdtempSync(join(directory, "temporaries-"));
  const [abandoned, active] = [temporaryPathFor(join(place, "a")), temporaryPathFor(join(place, "a"))];
  for (const path of [abandoned, active, join(place, "kept")]) writeFileSync(path, "");
  const now = Date.now();
  const longAgo = new Date(now - 25 * 3600 * 1000);
  for (const path of [abandoned, join(place, "kept")]) utimesSync(path, longAgo, longAgo);
  assert.equal(await removeAbandonedTemporaries(place, now), 1);
  assert.deepEqual(readdirSync(place).filter(isTemporaryName).length, 1);
  assert.deepEqual(readdirSync(place).length, 2);
});
