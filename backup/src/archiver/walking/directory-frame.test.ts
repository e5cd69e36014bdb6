import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ByteString, byteString, joinBytes } from "../../byte-string/index.ts";
import { encodeTree, type Node } from "../../tree/index.ts";
import { DirectoryFrame } from "./directory-frame.ts";

const at = "2024-02-29T12:00:00Z";

const node = (number: number): Node => ({
  name: joinBytes("entry-", byteString(String(number).padStart(6, "0"))),
  type: "fifo",
  mode: 0o644,
  mtime: at,
  atime: at,
  ctime: at,
  uid: 0,
  gid: 0,
  content: null,
});

function frameBelow(parent: DirectoryFrame | null, name = "/"): DirectoryFrame {
  const path: ByteString = byteString(name);
  return new DirectoryFrame({ parent, slot: -1, path, directory: null, node: null, previous: null, deviceId: 0n });
}

const bytesOf = (frame: DirectoryFrame) => Buffer.concat([...frame.takeTree().finish()]).toString("latin1");
const textOf = (nodes: readonly Node[]) => Buffer.from(encodeTree(nodes)).toString("latin1");

describe("a directory while it is walked", () => {
  test("keeps no node of 100,000 entries that are done in order", () => {
    const frame = frameBelow(null);
    let most = 0;
    for (let number = 0; number < 100_000; number++) {
      frame.add(node(number));
      most = Math.max(most, frame.waiting.count);
    }
    assert.equal(most, 0);
  });

  test("keeps the nodes behind an entry that is not done, in whichever directory, and writes them when it is", () => {
    const top = frameBelow(null);
    const below = frameBelow(top, "/below");
    const slot = below.reserve();
    for (let number = 1; number < 10; number++) below.add(node(number));
    assert.equal(top.waiting.count, 9);
    below.isWalked = true;
    assert.equal(below.isDone, false);
    below.fill(slot, node(0));
    assert.equal(top.waiting.count, 0);
    assert.equal(below.isDone, true);
    assert.equal(bytesOf(below), textOf(Array.from({ length: 10 }, (_, number) => node(number))));
  });

  test("writes entries in their order, whatever the order in which they are done, and leaves out what is null", () => {
    const frame = frameBelow(null);
    const slots = [0, 1, 2, 3, 4].map(() => frame.reserve());
    for (const number of [3, 0, 4, 1, 2]) frame.fill(slots[number]!, number === 1 ? null : node(number));
    frame.add(node(5));
    assert.equal(bytesOf(frame), textOf([0, 2, 3, 4, 5].map(node)));
  });

  test("is as before only when every entry is the parent snapshot's, and none is missing", () => {
    const previous = [0, 1, 2].map(node);
    const frameWith = (entries: readonly Node[]) => {
      const frame = frameBelow(null);
      frame.previousNodes = previous;
      for (const entry of entries) frame.add(entry);
      return frame;
    };
    assert.equal(frameWith(previous).isTreeSame, true);
    for (const entries of [previous.slice(0, 2), [...previous, node(3)], [previous[0]!, node(1), previous[2]!], []]) {
      const frame = frameWith(entries);
      assert.equal(frame.isTreeSame, false);
      assert.equal(bytesOf(frame), textOf(entries));
    }
  });

  test("with all but its directories unchanged, has the others from the parent snapshot's tree", () => {
    const frame = frameBelow(null);
    frame.unchangedTree = encodeTree([0, 1, 2, 3].map(node));
    frame.previousNodes = [1, 3].map(node);
    const changed = { ...node(3), uid: 7 };
    frame.add(frame.previousNodes[0]!);
    frame.add(changed);
    assert.equal(frame.isTreeSame, false);
    assert.equal(bytesOf(frame), textOf([node(0), node(1), node(2), changed]));
  });
});
