import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { rootDirectory } from "./root-directory.ts";
import { longestFirst, longFiles } from "./start-order.ts";

test("the longest files begin first, the others stay in their order", () => {
  assert.deepEqual(longestFirst(["a", "b", "c", "d"], { c: 30, d: 60 }), ["d", "c", "a", "b"]);
});

test("every file that is called long is there", () => {
  assert.deepEqual(
    Object.keys(longFiles).filter((file) => !existsSync(join(rootDirectory, file))),
    [],
  );
});
