import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isNasty, parseNrpeCommandLine } from "./command-line.ts";
import { maximumText, type NrpeVersion, readNrpePacket, writeNrpePacket } from "./packet.ts";
import { cutText } from "./text.ts";

const versions = [2, 3, 4] as const satisfies readonly NrpeVersion[];

test("packets have the sizes of the real programs", () => {
  const sizes = (type: "query" | "response", text: string) =>
    versions.map((version) => writeNrpePacket({ version, type, resultCode: 0, text: Buffer.from(text) }).length);
  assert.deepEqual(sizes("query", "check_load"), [1036, 1036, 1036]);
  // strlen + 1, and for version 3 three bytes of padding.
  assert.deepEqual(sizes("response", "OK"), [1036, 16 + 3 + 3, 16 + 3]);
});

test("a packet that was written is read as it was", () => {
  const text = fc.uint8Array({ maxLength: 900 }).map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)));
  fc.assert(
    fc.property(
      fc.constantFrom(...versions),
      fc.constantFrom("query" as const, "response" as const),
      fc.integer({ min: 0, max: 3 }),
      text,
      fc.uint8Array({ maxLength: 50 }),
      (version, type, resultCode, body, rest) => {
        const packet = { version, type, resultCode, text: body };
        const bytes = writeNrpePacket(packet);
        const read = readNrpePacket(Buffer.concat([bytes, rest]), 65_535);
        assert.deepEqual(read, { kind: "packet", packet, length: bytes.length });
        for (const end of [0, 1, 9, 15, bytes.length - 1]) {
          assert.equal(readNrpePacket(bytes.subarray(0, end), 65_535).kind, "incomplete");
        }
      },
    ),
  );
});

test("a byte that was changed is noticed", () => {
  fc.assert(
    fc.property(fc.constantFrom(...versions), fc.nat(1035), fc.integer({ min: 1, max: 255 }), (version, at, change) => {
      const bytes = writeNrpePacket({ version, type: "query", resultCode: 0, text: Buffer.from("check_load") });
      bytes[at] = (bytes[at] ?? 0) ^ change;
      const read = readNrpePacket(bytes, 65_535);
      assert.ok(read.kind !== "packet" || read.packet.version !== version, `byte ${at}`);
    }),
  );
});

test("no bytes make the reader throw, nor wait for more than it was allowed", () => {
  const start = fc.constantFrom([0, 2, 0, 1], [0, 3, 0, 1], [0, 4, 0, 2], [0, 4, 0, 9], []);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 5_000 }), (first, rest) => {
      const read = readNrpePacket(Buffer.from([...first, ...rest]), 2_000);
      if (read.kind === "incomplete") assert.ok(first.length + rest.length < 2_100);
    }),
  );
  const announced = writeNrpePacket({ version: 4, type: "query", resultCode: 0, text: Buffer.alloc(3_000, "x") });
  assert.match(String(Object.values(readNrpePacket(announced.subarray(0, 20), 2_000))), /announces 3001 bytes/);
});

test("texts are cut to their version's length, between characters", () => {
  const long = "ä".repeat(40_000);
  for (const version of versions) {
    const text = cutText(long, maximumText[version]);
    const read = readNrpePacket(writeNrpePacket({ version, type: "response", resultCode: 0, text }), 70_000);
    assert.ok(read.kind === "packet");
    assert.equal(read.packet.text.length, maximumText[version] - 1);
    assert.ok(!read.packet.text.toString().includes("\uFFFD"));
  }
});

test("a query is a name and arguments between exclamation marks", () => {
  assert.deepEqual(parseNrpeCommandLine("x!a1!b c!"), { name: "x", arguments: ["a1", "b c", ""] });
  assert.deepEqual(parseNrpeCommandLine(""), { name: "", arguments: [] });
  assert.ok(["a;b", "$(x", "`x`", "a\nb"].map(isNasty).join() === "true,false,true,true");
});
