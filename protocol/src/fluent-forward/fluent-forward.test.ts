import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import {
  encodeAck,
  encodeHelo,
  encodePackedForward,
  encodePing,
  encodePong,
  eventTimeOf,
  isSameDigest,
  MessagePackError,
  MessagePackReader,
  MessagePackStream,
  MessagePackWriter,
  passwordDigest,
  readAck,
  readForwardMessage,
  readHelo,
  readPackedEntries,
  readPing,
  readPong,
  sharedKeyDigest,
  unpackEntries,
  writeEntry,
} from "./index.ts";

const timeUs = 1_795_437_456_123_456;

function entries(...messages: string[]): Buffer {
  const writer = new MessagePackWriter(16);
  for (const message of messages) writeEntry(writer, timeUs, { message, code: -3, ratio: 0.5, isNew: true });
  return writer.take();
}

async function unpacked(bytes: Uint8Array, maximumBytes = 1_000_000) {
  const message = readForwardMessage(bytes);
  assert.ok("packed" in message);
  return [...readPackedEntries(await unpackEntries(message, maximumBytes))];
}

test("what agents write is read again, in PackedForward, compressed and not, with several gzip members", async () => {
  const written = entries("it started", "ä€😀".repeat(100));
  const first = { timeUs, record: { message: "it started", code: -3, ratio: 0.5, isNew: true } };
  const second = { timeUs, record: { ...first.record, message: "ä€😀".repeat(100) } };
  const plain = encodePackedForward("mycloud.web", written, { size: 2, chunk: "abc" });
  assert.deepEqual(await unpacked(plain), [first, second]);
  const members = Buffer.concat([gzipSync(entries("it started")), gzipSync(entries("ä€😀".repeat(100)))]);
  const compressed = encodePackedForward("mycloud.web", members, { chunk: "abc", compressed: "gzip" });
  assert.deepEqual(await unpacked(compressed), [first, second]);
  const message = readForwardMessage(compressed);
  assert.ok(message.mode === "compressed");
  assert.deepEqual([message.tag, message.options.chunk, message.options.compressed], ["mycloud.web", "abc", "gzip"]);
});

test("all modes are told by their second element, entries packed as a text among them", async () => {
  const seconds = 1_795_437_456;
  const entry = { timeUs: seconds * 1_000_000, record: { message: "x" } };
  const single = readForwardMessage(encode(["t", seconds, { message: "x" }, { chunk: "c" }]));
  assert.ok(single.mode === "message");
  assert.deepEqual([single.entries, single.options.chunk], [[entry], "c"]);
  const forward = readForwardMessage(encode(["t", [[seconds, { message: "x" }]], { size: 1 }]));
  assert.ok(forward.mode === "forward");
  assert.deepEqual([forward.entries, forward.options], [[entry], { size: 1, chunk: null, compressed: null }]);
  assert.deepEqual(readForwardMessage(encode(null)), { mode: "heartbeat" });
  // fixstr: array of 2, "t", a text that holds [seconds, {}].
  const asText = Buffer.from([0x92, 0xa1, 0x74, 0xa3, 0x92, 0x05, 0x80]);
  assert.deepEqual(await unpacked(asText), [{ timeUs: 5_000_000, record: {} }]);
});

test("EventTime is read in both its forms, and what is no time is null", () => {
  const fixed = Buffer.from([0xd7, 0x00, 0, 0, 0, 1, 0, 0, 0x07, 0xd0]);
  const sized = Buffer.from([0xc7, 0x08, 0x00, 0, 0, 0, 1, 0, 0, 0x07, 0xd0]);
  for (const time of [fixed, sized]) {
    const [entry] = readPackedEntries(Buffer.concat([Buffer.from([0x92]), time, Buffer.from([0x80])]));
    assert.equal(entry?.timeUs, 1_000_002);
  }
  const [entry] = readPackedEntries(Buffer.from([0x92, 0xc0, 0x80]));
  assert.equal(entry?.timeUs, null);
  assert.deepEqual(eventTimeOf(timeUs), { seconds: 1_795_437_456, nanoseconds: 123_456_000 });
  assert.deepEqual(eventTimeOf(-5), { seconds: 0, nanoseconds: 0 });
});

const json = fc.jsonValue({ maxDepth: 4, noUnicodeString: false }).map(withoutMinusZero);

test("values that @msgpack/msgpack wrote are read as they were, however the stream is cut", () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (values, pieceBytes) => {
      const bytes = Buffer.concat(values.map((value) => encode(value)));
      const stream = new MessagePackStream(1_000_000);
      const read: unknown[] = [];
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        stream.push(bytes.subarray(at, at + pieceBytes));
        for (let value = stream.next(); value !== null; value = stream.next()) {
          read.push(new MessagePackReader(value).value());
        }
      }
      assert.deepEqual(read, values);
      assert.equal(stream.heldBytes, 0);
    }),
    { numRuns: 200 },
  );
});

test("what the writer writes, @msgpack/msgpack writes the same of numbers, and the reader reads", () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.double(), fc.integer({ min: -200, max: 70_000 })), (value) => {
      const writer = new MessagePackWriter(1);
      writer.number(value);
      const bytes = writer.take();
      assert.ok(Object.is(new MessagePackReader(bytes).value(), value));
      if (!Object.is(value, -0)) assert.deepEqual(bytes, Buffer.from(encode(value)));
    }),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.uint8Array({ maxLength: 70_000 }),
      (text, bytes) => {
        const writer = new MessagePackWriter(1);
        writer.text(text);
        writer.binary(bytes);
        const reader = new MessagePackReader(writer.take());
        assert.equal(reader.text(), text);
        assert.ok(reader.bytes().equals(bytes));
        assert.ok(reader.isAtEnd);
      },
    ),
    { numRuns: 50 },
  );
});

test("integers past what a number holds are kept exactly", () => {
  const bytes = Buffer.from([0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
  assert.equal(new MessagePackReader(bytes).value(), 18_446_744_073_709_551_615n);
});

test("a field named __proto__ is a field", () => {
  const value = new MessagePackReader(Buffer.from([0x81, 0xa9, ...Buffer.from("__proto__"), 0x80])).value();
  assert.deepEqual(Object.keys(value as object), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test("what claims to be large is refused before anything is made for it", () => {
  const claims: [string, number[]][] = [
    ["an array of 4 billion", [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ["a map of 4 billion", [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ["bytes of 4 GB", [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ["a text of 4 GB", [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ["an extension of 4 GB", [0xc9, 0xff, 0xff, 0xff, 0xff, 0]],
    ["a byte of no meaning", [0xc1]],
  ];
  for (const [name, bytes] of claims) {
    const stream = new MessagePackStream(1_000_000);
    stream.push(Buffer.from(bytes));
    assert.throws(() => stream.next(), MessagePackError, name);
    assert.throws(() => new MessagePackReader(Buffer.from(bytes)).value(), MessagePackError, name);
  }
  const deep = Buffer.concat([Buffer.alloc(100_000, 0x91), Buffer.from([0xc0])]);
  assert.throws(() => new MessagePackReader(deep).value(), /nested deeper/);
  const many = Buffer.from([0xdc, 0x03, 0xe8, ...new Array(1_000).fill(0x80)]);
  assert.throws(() => new MessagePackReader(many, { depth: 4, elements: 2_000, values: 900 }).value(), /more than 900/);
  const stream = new MessagePackStream(1_000_000);
  stream.push(deep);
  assert.throws(() => stream.next(), /nested deeper/);
});

test("gzip that becomes more than is taken is refused, and so is what is no gzip", async () => {
  const bomb = encodePackedForward("t", gzipSync(Buffer.alloc(50_000_000)), { compressed: "gzip" });
  await assert.rejects(unpacked(bomb, 1_000_000), /more than 1000000 bytes/);
  await assert.rejects(unpacked(encodePackedForward("t", Buffer.from("zip"), { compressed: "gzip" })), /no gzip/);
});

test("no bytes make the readers hang or throw anything but MessagePackError", () => {
  const readers = [
    readForwardMessage,
    readHelo,
    readPing,
    readPong,
    readAck,
    (b: Uint8Array) => [...readPackedEntries(b)],
  ];
  const noise = fc.uint8Array({ maxLength: 64 });
  const likely = fc
    .tuple(fc.constantFrom(0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0xdc), noise)
    .map(([head, rest]) => Uint8Array.from([head, ...rest]));
  fc.assert(
    fc.property(fc.oneof(noise, likely), (bytes) => {
      for (const read of readers) {
        try {
          read(bytes);
        } catch (error) {
          assert.ok(error instanceof MessagePackError, String(error));
        }
      }
      const stream = new MessagePackStream(1_000);
      stream.push(bytes);
      try {
        while (stream.next() !== null);
      } catch (error) {
        assert.ok(error instanceof MessagePackError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test("the handshake's messages are read as they were written", () => {
  const helo = { nonce: Buffer.from("0123456789abcdef"), auth: Buffer.from("salt"), isKeptAlive: true };
  assert.deepEqual(readHelo(encodeHelo(helo)), helo);
  const ping = { hostName: "web1", salt: Buffer.from("ab"), digest: "d", userName: "u", passwordDigest: "p" };
  assert.deepEqual(readPing(encodePing(ping)), ping);
  const pong = { isAccepted: false, reason: "no", hostName: "server", digest: "" };
  assert.deepEqual(readPong(encodePong(pong)), pong);
  assert.equal(readAck(encodeAck("abc==")), "abc==");
  assert.equal(readAck(encode({ other: 1 })), null);
});

test("digests are SHA-512 of what the protocol says, and compared as a whole", () => {
  const [salt, nonce] = [Buffer.from("s"), Buffer.from("n")];
  assert.equal(
    sharedKeyDigest({ salt, hostName: "h", nonce, key: "k" }),
    // printf shnk | sha512sum
    "fe4d3cb339a347b6117ebab9f4b66ae8f19d3cd6a127c769c7c5586a41ae3234766bd597217c7adc49e5ad365e34756ff3301dabb81ebffef960d51debd3bc7e",
  );
  assert.equal(
    passwordDigest({ salt, userName: "u", password: "p" }),
    "4264531fe6c0732eb60a3d40d43717c376978a46d64807d78a67d45e6ad025b5a326ff3bb796d646407bb0c6dbdc24e15a78ae3631729e2022e8b510ff647b3c",
  );
  assert.ok(isSameDigest("abc", "abc"));
  assert.ok(!isSameDigest("abc", "abd"));
  assert.ok(!isSameDigest("abc", "abcd"));
});

/** MessagePack writes -0 as 0. */
function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
