import assert from "node:assert/strict";
import { test } from "node:test";
import { byteString } from "../../byte-string/index.ts";
import { FileStat, type FileStatFields } from "../../filesystem/index.ts";
import type { Node } from "../../tree/index.ts";
import { compareWithNode, isInstant } from "./change-detection.ts";
import { isNodeKept, samenessOf } from "./keep-node.ts";

const fields: FileStatFields = {
  mode: 0o100644,
  uid: 0,
  gid: 0,
  links: 1,
  size: 10,
  blocks: 8,
  inode: 7n,
  deviceId: 1n,
  device: 0n,
  mtimeSeconds: 1_700_000_000,
  mtimeNanoseconds: 120_000_000,
  ctimeSeconds: 1_700_000_001,
  ctimeNanoseconds: 0,
  atimeSeconds: 0,
  atimeNanoseconds: 0,
};

const node: Node = {
  name: byteString("f"),
  type: "file",
  mode: 0o644,
  mtime: "2023-11-14T22:13:20.12Z",
  atime: "2023-11-14T22:13:20.12Z",
  ctime: "2023-11-14T22:13:21Z",
  uid: 0,
  gid: 0,
  inode: "7",
  size: 10,
  links: 1,
  content: [],
};

const strict = { ignoreCtime: false, ignoreInode: false };
const same = { isContentSame: true, isInodeSame: true };
const contentOnly = { isContentSame: true, isInodeSame: false };
const changed = { isContentSame: false, isInodeSame: false };

test("a file is unchanged when its size, mtime, ctime and inode are", () => {
  assert.deepEqual(compareWithNode(new FileStat(fields), node, strict), same);
  const cases: [Partial<FileStatFields>, typeof strict, typeof same][] = [
    [{ size: 11 }, strict, changed],
    [{ mtimeNanoseconds: 120_000_001 }, strict, changed],
    [{ ctimeSeconds: 1_700_000_002 }, strict, changed],
    [{ ctimeSeconds: 1_700_000_002 }, { ignoreCtime: true, ignoreInode: false }, contentOnly],
    [{ inode: 8n }, strict, changed],
    [{ inode: 8n }, { ignoreCtime: true, ignoreInode: false }, changed],
    // As in restic, who ignores the inode ignores the ctime.
    [{ inode: 8n, ctimeSeconds: 1 }, { ignoreCtime: false, ignoreInode: true }, contentOnly],
    [{ mode: 0o120777 }, strict, changed],
  ];
  for (const [difference, options, expected] of cases) {
    assert.deepEqual(compareWithNode(new FileStat({ ...fields, ...difference }), node, options), expected);
  }
});

test("an instant is the same in whatever zone it is written", () => {
  assert.ok(isInstant("2023-11-15T03:43:20.12+05:30", 1_700_000_000, 120_000_000));
  assert.ok(isInstant("1969-12-31T23:59:59.999999999Z", -1, 999_999_999));
  assert.ok(!isInstant("2023-11-14T22:13:20.12+00:01", 1_700_000_000, 120_000_000));
  assert.ok(!isInstant("yesterday", 1_700_000_000, 0));
});

test("a node is kept only when it says all that ours would", () => {
  const accounts = {
    userName: () => undefined,
    groupName: () => undefined,
    uidOf: () => undefined,
    gidOf: () => undefined,
  };
  const context = { change: strict, isParentComplete: true, nodeOptions: { accounts, withAtime: false } };
  const stat = new FileStat(fields);
  assert.ok(isNodeKept(context, stat, node));
  assert.ok(!isNodeKept(context, stat, { ...node, user: "renamed" }));
  assert.ok(!isNodeKept({ ...context, nodeOptions: { accounts, withAtime: true } }, stat, node));
  const foreign = { ...context, isParentComplete: false };
  assert.ok(!isNodeKept(foreign, stat, node));
  assert.deepEqual(samenessOf(foreign, stat, node), contentOnly);
});
