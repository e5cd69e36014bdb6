import assert from "node:assert/strict";
import { test } from "node:test";
import { previewOf } from "./preview-of.ts";

const entry = (name: string, sizeBytes: number | null, type: "file" | "dir" = "file") => ({
  name,
  path: `/${name}`,
  type,
  sizeBytes,
  modifiedAtMs: 0,
  mode: "-rw-r--r--",
  user: "a",
  group: "a",
  linkTarget: null,
  contentId: null,
});

test("pictures that run nothing are shown, small files are tried as text, the rest is downloaded", () => {
  assert.equal(previewOf(entry("a.PNG", 10)), "image");
  assert.equal(previewOf(entry("drawing.svg", 10)), "text");
  assert.equal(previewOf(entry("page.html", 10)), "text");
  assert.equal(previewOf(entry(".png", 10)), "text");
  assert.equal(previewOf(entry("a.png", 1e9)), "none");
  assert.equal(previewOf(entry("dump.sql", 1e9)), "none");
  assert.equal(previewOf(entry("folder", null, "dir")), "none");
});
