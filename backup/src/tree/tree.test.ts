import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type ByteString, byteString } from "../byte-string/index.ts";
import { decodeTree, encodeTree, instantText, type Node, nodeTypes, TreeEncoder, TreeMemory } from "./index.ts";

const bytes = (text: string) => text as ByteString;
const damaged = { code: "MYCLOUD_BACKUP_DAMAGED" };
const at = "2024-02-29T12:00:00Z";
const plain = { mtime: at, atime: at, ctime: at, uid: 0, gid: 0, content: null } as const;
const id = "ab".repeat(32);

const ids = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((raw) => Buffer.from(raw).toString("hex"));
const anyBytes = fc
  .uint8Array({ minLength: 1, maxLength: 20 })
  .map((raw) => bytes(Buffer.from(raw).toString("latin1")));
const names = anyBytes.filter((name) => !/[/\0]/.test(name) && name !== "." && name !== "..");
const instants = fc.bigInt({ min: -62_167_219_200_000_000_000n, max: 253_402_300_799_999_999_999n }).map(instantText);
const texts = fc.string({ unit: "grapheme", minLength: 1, maxLength: 10 }).filter((text) => text.isWellFormed());
const attributeKeys = fc.string({ minLength: 1, maxLength: 5 }).map((name) => `linux.${name}`);
const uint64s = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(String);

const nodes: fc.Arbitrary<Node[]> = fc
  .uniqueArray(
    fc.record(
      {
        name: names,
        type: fc.constantFrom(...nodeTypes),
        mode: fc.integer({ min: 0, max: 0o7777 }),
        mtime: instants,
        atime: instants,
        ctime: instants,
        uid: fc.nat(2 ** 32 - 2),
        gid: fc.nat(2 ** 32 - 2),
        user: texts,
        group: texts,
        inode: uint64s,
        deviceId: uint64s,
        device: uint64s,
        size: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        links: fc.integer({ min: 1, max: 100 }),
        linkTarget: anyBytes,
        extendedAttributes: fc.array(
          fc.record({
            name: texts.map(byteString),
            value: fc.uint8Array().map((raw) => Buffer.from(raw).toString("base64")),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        genericAttributes: fc.dictionary(attributeKeys, fc.oneof(fc.boolean(), fc.integer(), texts), {
          minKeys: 1,
          maxKeys: 3,
        }),
        content: fc.option(fc.array(ids, { maxLength: 4 })),
        subtree: ids,
        error: texts,
      },
      { requiredKeys: ["name", "type", "mode", "mtime", "atime", "ctime", "uid", "gid", "content"] },
    ),
    { selector: ({ name }) => name, maxLength: 8 },
  )
  .map((list) => list.sort((a, b) => (a.name < b.name ? -1 : 1)));

describe("a tree", () => {
  test("is read as it was written, whatever its names are", () => {
    fc.assert(
      fc.property(nodes, (list) => {
        const encoded = encodeTree(list);
        assert.deepEqual(plainData(decodeTree(encoded)), plainData(list));
        assert.deepEqual(encodeTree(decodeTree(encoded)), encoded);
      }),
      { numRuns: 500 },
    );
  });

  test("is written in the order and with the omissions of restic's Node", () => {
    const list: Node[] = [
      {
        ...plain,
        name: bytes("a<b>"),
        type: "file",
        mode: 0o4755,
        content: [],
        user: "root",
        inode: "18446744073709551615",
      },
      { ...plain, name: bytes("dir"), type: "dir", mode: 0o1777, subtree: id, links: 2 },
      { ...plain, name: bytes("link"), type: "symlink", mode: 0o777, linkTarget: bytes("x\xff") },
      { ...plain, name: bytes("null"), type: "chardev", mode: 0o666, device: "259" },
    ];
    const times = `"mtime":"${at}","atime":"${at}","ctime":"${at}","uid":0,"gid":0`;
    assert.equal(
      Buffer.from(encodeTree(list)).toString(),
      `{"nodes":[{"name":"a\\u003cb\\u003e","type":"file","mode":8389101,${times},"user":"root","inode":18446744073709551615,"content":[]},` +
        `{"name":"dir","type":"dir","mode":2148532735,${times},"links":2,"content":null,"subtree":"${id}"},` +
        `{"name":"link","type":"symlink","mode":134218239,${times},"linktarget":"x\\ufffd","linktarget_raw":"eP8=","content":null},` +
        `{"name":"null","type":"chardev","mode":69206454,${times},"device":259,"content":null}]}\n`,
    );
  });

  test("of 20,000 entries comes in pieces, which together are what it is at once", () => {
    const many: Node[] = Array.from({ length: 20_000 }, (_, number) => ({
      ...plain,
      name: bytes(`name-${String(number).padStart(6, "0")}`),
      type: "fifo",
      mode: 0o600,
    }));
    const encoder = new TreeEncoder();
    for (const node of many) encoder.add(node);
    const pieces = encoder.finish();
    assert.ok(pieces.length > 1);
    const whole = encodeTree(many);
    assert.deepEqual(Buffer.concat([...pieces]), Buffer.from(whole));
    assert.equal(decodeTree(whole).length, many.length);
  });

  test("is written in the memory of one that is released, and in no other's", () => {
    const memory = new TreeMemory();
    const nodesOf = (letter: string, count: number): Node[] =>
      Array.from({ length: count }, (_, number) => ({
        ...plain,
        name: bytes(`${letter}-${String(number).padStart(6, "0")}`),
        type: "fifo",
        mode: 0o600,
      }));
    const write = (nodes: readonly Node[]) => {
      const encoder = new TreeEncoder(memory);
      for (const node of nodes) encoder.add(node);
      return encoder;
    };
    // The first is still being written while others come and go.
    const slow = write(nodesOf("a", 500));
    const buffers = new Set<ArrayBufferLike>();
    for (const count of [1, 500, 3000, 20_000, 1, 500, 20_000]) {
      const nodes = nodesOf("b", count);
      const encoder = write(nodes);
      const pieces = encoder.finish();
      assert.deepEqual(Buffer.concat([...pieces]), Buffer.from(encodeTree(nodes)));
      if (count === 500) for (const { buffer } of pieces) buffers.add(buffer);
      encoder.release();
    }
    assert.equal(buffers.size, 1);
    assert.deepEqual(Buffer.concat([...slow.finish()]), Buffer.from(encodeTree(nodesOf("a", 500))));
  });

  test("that is out of order or has a name twice is not written", () => {
    const a: Node = { ...plain, name: bytes("a"), type: "file", mode: 0, content: [] };
    const b: Node = { ...a, name: bytes("b") };
    assert.throws(() => encodeTree([b, a]), { code: "MYCLOUD_BACKUP_INPUT" });
    assert.throws(() => encodeTree([a, a]), { code: "MYCLOUD_BACKUP_INPUT" });
  });

  test("of another writer is read: unknown fields, null lists, escapes beyond ASCII", () => {
    const node = `"type":"file","mtime":"${at}","atime":"${at}","ctime":"${at}","uid":1,"gid":2`;
    const json = `{"new":{"nodes":1},"nodes":[{"name":"\\u00e9",${node},"future":[1],"extended_attributes":null,"user":"J\\u00fcrgen","content":null}]}`;
    const [first] = decodeTree(Buffer.from(json));
    assert.equal(first?.name, byteString("é"));
    assert.equal(first?.user, "Jürgen");
    assert.equal(first?.extendedAttributes, undefined);
    assert.deepEqual(decodeTree(Buffer.from('{"nodes":null}')), []);
    const [link] = decodeTree(
      Buffer.from(
        `{"nodes":[{"name":"l","type":"new type",${node.slice(14)},"linktarget_raw":"/w==","linktarget":"\\ufffd"}]}`,
      ),
    );
    assert.equal(link?.linkTarget, "\xff");
    assert.equal(link?.type, "irregular");
  });

  const valid = {
    name: "a",
    type: "file",
    mode: 420,
    mtime: at,
    atime: at,
    ctime: at,
    uid: 0,
    gid: 0,
    size: 1,
    content: [id],
  };
  const wrong: Readonly<Record<string, unknown>> = {
    "an empty name": { name: "" },
    "a name with a slash": { name: "a/b" },
    "a hidden slash": { name: "a\\x2fb" },
    "a NUL": { name: "a\\x00" },
    "the directory itself": { name: "." },
    "the directory above": { name: ".." },
    "the directory above, hidden": { name: "\\x2e\\u002e" },
    "a name that ends its quotes": { name: 'a"b' },
    "no name": { name: 7 },
    "no type": { type: null },
    "a mode beyond 32 bits": { mode: 2 ** 32 },
    "a fraction of a mode": { mode: 1.5 },
    "a negative user": { uid: -1 },
    "no time": { mtime: "yesterday" },
    "a time without a zone": { ctime: "2024-02-29T12:00:00" },
    "a negative size": { size: -1 },
    "a size beyond 2^53": { size: 2 ** 53 },
    "a size that is text": { size: "one" },
    "content that is no list": { content: id },
    "content that is no id": { content: ["ab"] },
    "an id in capitals": { content: [id.toUpperCase()] },
    "a subtree that is no id": { subtree: "../../etc" },
    "an inode that is text": { inode: "twelve" },
    "an inode beyond 64 bits": { inode: "18446744073709551616" },
    "attributes that are no list": { extended_attributes: { name: "user.x" } },
    "an attribute whose value is no base64": { extended_attributes: [{ name: "user.x", value: "!" }] },
    "a link target that is no text": { linktarget: 7 },
    "generic attributes that are a list": { generic_attributes: [] },
  };
  for (const [what, change] of Object.entries(wrong)) {
    test(`with ${what} is refused`, () => {
      assert.equal(decodeTree(Buffer.from(JSON.stringify({ nodes: [valid] }))).length, 1);
      const json = JSON.stringify({ nodes: [{ ...valid, ...(change as object) }] });
      assert.throws(() => decodeTree(Buffer.from(json), "tree ab12"), { ...damaged, object: "tree ab12" });
    });
  }

  test("that is out of order, has duplicates or is no tree is refused", () => {
    const named = (name: string) => ({ ...valid, name });
    for (const list of [[named("b"), named("a")], [named("a"), named("a")], [null], [[]], "nodes", 1, undefined]) {
      assert.throws(() => decodeTree(Buffer.from(JSON.stringify({ nodes: list }))), damaged);
    }
    for (const text of ["", "{", "null", "[]", '{"nodes":[]', "\xff", `${"[".repeat(100_000)}`]) {
      assert.throws(() => decodeTree(Buffer.from(text)), damaged);
    }
  });

  test("is refused with a reason, or read, whatever one byte of it becomes", () => {
    const original = encodeTree([
      { ...plain, name: bytes("é\n"), type: "file", mode: 0o644, content: [id], inode: "9007199254740993" },
    ]);
    fc.assert(
      fc.property(fc.nat(original.length - 1), fc.integer({ min: 0, max: 255 }), (place, byte) => {
        const changed = original.slice();
        changed[place] = byte;
        try {
          decodeTree(changed);
        } catch (error) {
          assert.match(String(error), /^DamagedError: tree: /);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** As JSON, which leaves out the prototypes of generated values, with the keys of nodes and of their attributes sorted. */
function plainData(list: readonly Node[]): unknown {
  return list.map(({ genericAttributes = {}, ...node }) => JSON.stringify([sorted(node), sorted(genericAttributes)]));
}

function sorted(fields: object): unknown {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}
