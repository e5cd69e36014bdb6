import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Id, idOf } from "../blob/index.ts";
import { type ByteString, byteString, joinBytes } from "../byte-string/index.ts";
import { DamagedError } from "../error/index.ts";
import { decodeTree, encodeTree, type Node } from "../tree/index.ts";
import { TreeRewriter } from "./tree-rewriter.ts";

const times = { mtime: "2026-01-01T00:00:00Z", atime: "2026-01-01T00:00:00Z", ctime: "2026-01-01T00:00:00Z" };
const common = { mode: 0o644, ...times, uid: 0, gid: 0 };
const root = joinBytes("");

describe("rewriting a tree", () => {
  const trees = new Map<Id, Uint8Array>();
  const loads: Id[] = [];
  const letter = file("letter", 100);
  const secret = file("secret", 7);
  const keys = directory("keys", [file("a", 10), directory("older", [file("b", 20)])]);
  const plain = directory("plain", [letter]);
  const tree = save([keys, directory("mixed", [letter, secret]), plain]);

  it("takes out what is excluded and shares the rest", async () => {
    const rewritten = await rewriterOf("/mixed/secret", "/keys").rewrite(root, tree);
    assert.deepEqual(
      {
        files: rewritten.files,
        bytes: rewritten.bytes,
        entries: rewritten.removedEntries,
        gone: rewritten.removedBytes,
      },
      { files: 2, bytes: 200, entries: 5, gone: 37 },
    );
    const top = load(rewritten.tree);
    assert.deepEqual(
      top.map(({ name }) => name),
      ["mixed", "plain"],
    );
    assert.equal(top[1]?.subtree, plain.subtree);
    assert.deepEqual(
      load(top[0]?.subtree ?? "").map(({ name }) => name),
      ["letter"],
    );
  });

  it("leaves a tree as it is when nothing in it is excluded", async () => {
    const rewritten = await rewriterOf("/nothing").rewrite(root, tree);
    assert.equal(rewritten.tree, tree);
    assert.equal(rewritten.removedEntries, 0);
  });

  it("keeps a directory whose entries are all excluded, empty", async () => {
    const rewritten = await rewriterOf("/plain/letter").rewrite(root, tree);
    const left = load(rewritten.tree).find(({ name }) => name === "plain");
    assert.deepEqual(load(left?.subtree ?? ""), []);
  });

  it("looks into a directory once for all snapshots that have it at the same place", async () => {
    const rewriter = rewriterOf("/mixed/secret");
    await rewriter.rewrite(root, tree);
    loads.length = 0;
    await rewriter.rewrite(root, tree);
    await rewriter.rewrite(root, save([directory("mixed", [letter, secret]), plain]));
    assert.equal(loads.length, 1);
  });

  it("gets rid of a directory that cannot be read", async () => {
    const lost: Node = { ...common, name: byteString("lost"), type: "dir", content: null, subtree: "0".repeat(64) };
    const rewritten = await rewriterOf("/lost").rewrite(root, save([letter, lost]));
    assert.deepEqual([rewritten.removedEntries, load(rewritten.tree).length], [1, 1]);
    await assert.rejects(rewriterOf("/letter").rewrite(root, save([letter, lost])), DamagedError);
  });

  it("refuses to write a tree again whose unknown fields would be lost", async () => {
    const text = Buffer.from(encodeTree([letter, secret]))
      .toString()
      .replace('"name":"letter"', '"name":"letter","color":"red"');
    const odd = saveBytes(Buffer.from(text));
    await assert.rejects(rewriterOf("/secret").rewrite(root, odd), /fields that would be lost/);
    assert.equal((await rewriterOf("/other").rewrite(root, odd)).tree, odd);
  });

  function rewriterOf(...excluded: readonly string[]): TreeRewriter {
    return new TreeRewriter({
      source: {
        loadTree: async (id) => {
          loads.push(id);
          return load(id);
        },
      },
      isExcluded: (path: ByteString) => excluded.includes(path),
      storeTree: save,
      whenRoom: async () => {},
      signal: new AbortController().signal,
    });
  }

  function load(id: Id): readonly Node[] {
    const bytes = trees.get(id);
    if (bytes === undefined) throw new DamagedError(`tree ${id}`, "is gone");
    return decodeTree(bytes, `tree ${id}`);
  }

  function save(nodes: readonly Node[]): Id {
    return saveBytes(encodeTree(nodes));
  }

  function saveBytes(bytes: Uint8Array): Id {
    const id = idOf(bytes);
    trees.set(id, bytes);
    return id;
  }

  function file(name: string, size: number): Node {
    return { ...common, name: byteString(name), type: "file", size, content: [idOf(Buffer.from(`${size}`))] };
  }

  function directory(name: string, nodes: readonly Node[]): Node {
    return { ...common, name: byteString(name), type: "dir", content: null, subtree: save(nodes) };
  }
});
