import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { byteString } from "../byte-string/index.ts";
import { hasTagFile, isCacheDirectory } from "./cache-directory.ts";
import { temporaryRoot } from "./testing.ts";

const signature = "Signature: 8a477f597d28d172789f06886806bc55";

test("a directory is a cache when its CACHEDIR.TAG begins with the signature", (t) => {
  const { path, directory } = temporaryRoot(t);
  assert.equal(isCacheDirectory(directory), false);
  for (const [content, expected] of [
    ["", false],
    [signature.slice(0, -1), false],
    [signature.replace("8a", "8b"), false],
    [signature, true],
    [`${signature}\n# made by a program\n`, true],
  ] as const) {
    writeFileSync(join(path, "CACHEDIR.TAG"), content);
    assert.equal(isCacheDirectory(directory), expected, content);
  }
});

test("a tag without a header is any entry of that name; with one it must be a file that begins so", (t) => {
  const { path, directory } = temporaryRoot(t);
  const tag = byteString(".nobackup");
  assert.equal(hasTagFile(directory, tag, byteString("")), false);
  mkdirSync(join(path, ".nobackup"));
  assert.equal(hasTagFile(directory, tag, byteString("")), true);
  assert.equal(hasTagFile(directory, tag, byteString("x")), false);
});
