import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createNscaCipher, nscaMethods } from "./cipher.ts";
import { readGreeting, writeGreeting } from "./greeting.ts";
import { type NscaPacket, oldPacketLength, packetLength, readNscaPacket, writeNscaPacket } from "./packet.ts";
import { NscaPacketReader } from "./packet-reader.ts";
import { createRijndael256 } from "./rijndael-256.ts";

const iv = Buffer.from(Array.from({ length: 128 }, (_, index) => (index * 7 + 3) & 0xff));
const packet: NscaPacket = {
  timestampSeconds: 1_795_404_508,
  returnCode: 2,
  host: "web1",
  service: "disk",
  output: "DISK CRITICAL - 99 % | used=99%\nand more",
};

test("a greeting is an IV and a clock", () => {
  const bytes = writeGreeting({ iv, timestampSeconds: 4_000_000_000 });
  assert.equal(bytes.length, 132);
  assert.deepEqual(readGreeting(bytes), { iv, timestampSeconds: 4_000_000_000 });
});

for (const method of nscaMethods) {
  test(`packets of method ${method} arrive as they were sent, however they are cut up`, () => {
    const text = fc.string({ unit: fc.constantFrom("a", "ä", "€", "\n", "|", " "), maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ host: text, service: text, output: text, returnCode: fc.integer({ min: -1, max: 9 }) }), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.string({ maxLength: 50 }),
        fc.array(fc.integer({ min: 1, max: 9_000 }), { maxLength: 5 }),
        (results, password, cuts) => {
          const packets = results.map((result) => ({
            ...result,
            host: result.host.slice(0, 20),
            timestampSeconds: 1_795_404_508,
          }));
          const encrypt = createNscaCipher(method, "encrypt", password, iv);
          const bytes = Buffer.concat(packets.map((one) => encrypt(writeNscaPacket(one))));
          assert.equal(bytes.length, packets.length * packetLength);
          const reader = new NscaPacketReader(createNscaCipher(method, "decrypt", password, iv));
          const read: unknown[] = [];
          let at = 0;
          for (const cut of [...cuts, bytes.length]) {
            read.push(...reader.push(bytes.subarray(at, at + cut)));
            at += cut;
          }
          assert.deepEqual(read, packets);
          assert.equal(reader.end(), undefined);
        },
      ),
      { numRuns: method === 16 ? 10 : 50 },
    );
  });
}

test("another password is noticed by the CRC", () => {
  for (const method of nscaMethods.filter((one) => one !== 0)) {
    const bytes = createNscaCipher(method, "encrypt", "right", iv)(writeNscaPacket(packet));
    const reader = new NscaPacketReader(createNscaCipher(method, "decrypt", "wrong", iv));
    assert.deepEqual(reader.push(bytes), ["the CRC is wrong: another password or method, or not NSCA at all"]);
  }
});

test("texts that are too long are cut between characters", () => {
  const read = readNscaPacket(writeNscaPacket({ ...packet, host: "ä".repeat(60), output: `x${"€".repeat(2_000)}` }));
  assert.ok(typeof read === "object");
  assert.deepEqual([read.host, read.output], ["ä".repeat(31), `x${"€".repeat(1_364)}`]);
});

test("the short form of old senders is taken as the only packet of a connection", () => {
  const whole = writeNscaPacket({ ...packet, output: "old" });
  const old = Buffer.concat([whole.subarray(0, oldPacketLength - 2), Buffer.alloc(2)]);
  // Its CRC is that of its own length.
  const reader = new NscaPacketReader(createNscaCipher(0, "decrypt", "", iv));
  assert.deepEqual(reader.push(old), []);
  assert.match(String(reader.end()), /CRC is wrong/);
  const resealed = resealedWithCrc(old);
  assert.deepEqual(reader.push(resealed), []);
  assert.deepEqual(reader.end(), { ...packet, output: "old" });
  reader.push(whole);
  reader.push(resealed);
  assert.equal(reader.end(), "the connection ended after 720 bytes of a packet");
});

test("no bytes make the reader throw or keep more than a packet", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9_000 }), { maxLength: 4 }), (pieces) => {
      const reader = new NscaPacketReader(createNscaCipher(1, "decrypt", "secret", iv));
      for (const piece of pieces) reader.push(Buffer.from(piece));
      reader.end();
    }),
  );
});

test("Rijndael with a 256-bit block encrypts as libmcrypt does", () => {
  // The value is ours, of code that reads what Debian's send_nsca sends; the acceptance tests hold it against the program itself.
  const output = new Uint8Array(32);
  createRijndael256(Uint8Array.from({ length: 32 }, (_, index) => index))(
    Uint8Array.from({ length: 32 }, (_, index) => 255 - index),
    output,
  );
  assert.equal(Buffer.from(output).toString("hex"), "c12091eabd46e218174f86df7c2aa2055fab9283653e8e2038ec0c4ba47428f2");
});

function resealedWithCrc(bytes: Buffer): Buffer {
  const sealed = Buffer.from(bytes);
  sealed.writeUInt32BE(0, 4);
  let crc = 0xffffffff;
  for (const byte of sealed) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  sealed.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4);
  return sealed;
}
