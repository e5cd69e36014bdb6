import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { byteString } from "../../byte-string/index.ts";
import { createSelector } from "../walking/selection.ts";
import { scanPath } from "./scan-path.ts";
import { startScan } from "./start-scan.ts";

const place = mkdtempSync(join(tmpdir(), "mycloud-scan-"));
after(() => rmSync(place, { recursive: true }));
mkdirSync(join(place, "a/b"), { recursive: true });
writeFileSync(join(place, "a/one"), "1".repeat(10));
writeFileSync(join(place, "a/b/two.o"), "2".repeat(100));
writeFileSync(join(place, "a/b/three"), "3".repeat(1000));
symlinkSync("one", join(place, "a/link"));

function scan(path: string, exclude: Parameters<typeof createSelector>[0] = {}) {
  const totals = { files: 0, bytes: 0 };
  scanPath(byteString(path), createSelector(exclude), totals, () => {});
  return totals;
}

test("regular files below a path are counted with their bytes", () => {
  assert.deepEqual(scan(place), { files: 3, bytes: 1110 });
  assert.deepEqual(scan(join(place, "a/one")), { files: 1, bytes: 10 });
  assert.deepEqual(scan(join(place, "none")), { files: 0, bytes: 0 });
});

test("what a backup leaves out is not counted", () => {
  assert.deepEqual(scan(place, { patterns: [byteString("*.o")] }), { files: 2, bytes: 1010 });
  assert.deepEqual(scan(place, { largerThanBytes: 99 }), { files: 1, bytes: 10 });
  assert.deepEqual(scan(join(place, "a"), { patterns: [byteString(join(place, "a/b"))] }), { files: 1, bytes: 10 });
});

test("a scan in its own thread tells the totals when they are known", async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const stop = startScan([byteString(place)], {}, (totals) => totals.isKnown && resolve(totals));
  try {
    assert.deepEqual(await promise, { files: 3, bytes: 1110, isKnown: true });
  } finally {
    await stop();
  }
});
