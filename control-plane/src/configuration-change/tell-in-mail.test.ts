import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "./tell-in-mail.ts";

const file = { change: "modified", type: "file", fromBytes: 1, toBytes: 2 } as const;
const change = {
  repositoryId: 1,
  policyName: "etc",
  paths: ["/etc"],
  from: null,
  to: null,
  changes: [{ ...file, path: "/etc/nginx.conf" }],
  isTruncated: false,
  diffs: [
    {
      path: "/etc/nginx.conf",
      isMasked: false,
      refusal: null,
      hunks: [{ fromLine: 1, fromLines: 2, toLine: 1, toLines: 2, lines: [" a", "-b", "+c"] }],
    },
  ],
  message: null,
};

test("a mail says which files changed and the lines that went and came", () => {
  assert.deepEqual(linesOf(change), ["~ /etc/nginx.conf", "", "/etc/nginx.conf:", "-b", "+c"]);
});

test("a mail says how many there are beside those it names", () => {
  const changes = Array.from({ length: 25 }, (_, at) => ({ ...file, path: `/etc/${at}` }));
  assert.equal(linesOf({ ...change, changes, diffs: [] }).at(-1), "... and 5 more");
});

test("a folder whose time changed is not told, what is in it is", () => {
  const folder = { change: "metadata", type: "dir", path: "/etc", fromBytes: null, toBytes: null } as const;
  assert.deepEqual(linesOf({ ...change, changes: [folder], diffs: [] }), []);
});
