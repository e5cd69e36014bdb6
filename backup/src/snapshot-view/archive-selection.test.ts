import assert from "node:assert/strict";
import { test } from "node:test";
import { byteString } from "../byte-string/index.ts";
import { archiveSelection } from "./archive-selection.ts";

test("an archive has each path once, named from the folder that has them all", () => {
  const cases: readonly [string[], string[], string][] = [
    [["/home/ada"], ["/home/ada"], "/home"],
    [["/home"], ["/home"], ""],
    [[""], [""], ""],
    [["", "/home"], [""], ""],
    [["/a/b", "/a/c", "/a/b"], ["/a/b", "/a/c"], "/a"],
    [["/a/b", "/a-b", "/a"], ["/a", "/a-b"], ""],
    [["/x/a/b", "/x/a/b/c", "/x/a/bc"], ["/x/a/b", "/x/a/bc"], "/x/a"],
    [["/x/a/b", "/x/d"], ["/x/a/b", "/x/d"], "/x"],
  ];
  for (const [paths, kept, base] of cases) {
    assert.deepEqual(archiveSelection(paths.map(byteString)), { paths: kept, base });
  }
});
