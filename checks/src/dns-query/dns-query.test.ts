import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeName, readName } from "./domain-name.ts";
import { readMessage } from "./read-message.ts";
import { parseServer } from "./server-address.ts";
import { writeQuery } from "./write-query.ts";

const question = { name: "www.Example.org.", type: 6, isRecursive: false, wantsSignatures: true };

describe("names in packets", () => {
  test("a name goes into a packet and comes back in lower case", () => {
    assert.equal(readName(encodeName("WWW.example.ORG.")!, 0)?.name, "www.example.org");
    assert.equal(readName(encodeName(".")!, 0)?.name, ".");
  });
  for (const wrong of ["", "a..b", `${"a".repeat(64)}.org`, "a b", "a\\.b", "é", `${"abcdefg.".repeat(32)}org`]) {
    test(`${JSON.stringify(wrong)} is no name`, () => assert.equal(encodeName(wrong), undefined));
  }
  const hostile: [string, number[], number][] = [
    ["a pointer at itself", [0xc0, 0x00], 0],
    ["two pointers at each other", [0xc0, 0x02, 0xc0, 0x00], 2],
    ["a pointer forwards", [0xc0, 0x02, 0x00], 0],
    ["a label past the end", [0x3f, 0x61], 0],
    ["half a pointer", [0xc0], 0],
    ["a label of a kind that is not used", [0x41, 0x61, 0x00], 0],
    ["labels without an end", [0x01, 0x61, 0x01, 0x61], 0],
    ["more than 255 octets", Array.from({ length: 300 }, (_, at) => (at % 2 === 0 ? 1 : 0x61)), 0],
  ];
  for (const [name, octets, start] of hostile) {
    test(`${name} is no name`, () => assert.equal(readName(Buffer.from(octets), start), undefined));
  }
});

describe("messages", () => {
  test("a query is read as what was asked", () => {
    const read = readMessage(writeQuery(7, question)!);
    assert.deepEqual([read?.id, read?.isAnswer, read?.question], [7, false, { name: "www.example.org", type: 6 }]);
  });

  test("whatever is cut off, or changed at random, is read or refused, and never throws", () => {
    const name = encodeName("ns.example.org")!;
    const rdata = Buffer.concat([name, name, Buffer.alloc(20, 1)]);
    const fixed = Buffer.from([0xc0, 0x0c, 0, 6, 0, 1, 0, 0, 0, 60, 0, rdata.length]);
    const whole = Buffer.concat([writeQuery(7, { ...question, wantsSignatures: false })!, fixed, rdata]);
    whole.writeUInt16BE(0x8400, 2);
    whole.writeUInt16BE(1, 6);
    const soa = readMessage(whole)?.answers[0]?.data;
    assert.deepEqual(soa, { kind: "SOA", primary: "ns.example.org", serial: 0x01010101, expireSeconds: 0x01010101 });
    for (let length = 0; length < whole.length; length++) {
      assert.equal(readMessage(whole.subarray(0, length)), undefined, `${length} octets`);
    }
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 20_000; round++) {
      const changed = Buffer.from(whole);
      for (let count = 0; count < 4; count++) changed[random(changed.length)] = random(256);
      readMessage(changed);
    }
  });

  test("a packet that promises more records than it can hold is refused at once", () => {
    const packet = Buffer.alloc(12);
    packet.writeUInt16BE(65_535, 6);
    assert.equal(readMessage(packet), undefined);
  });
});

test("servers are named by name or address, with a port or without", () => {
  const table: [string, ReturnType<typeof parseServer>][] = [
    ["192.0.2.1", { host: "192.0.2.1", port: 53 }],
    ["192.0.2.1:5353", { host: "192.0.2.1", port: 5353 }],
    ["2001:db8::1", { host: "2001:db8::1", port: 53 }],
    ["[2001:db8::1]:5353", { host: "2001:db8::1", port: 5353 }],
    ["ns1.example.org:54", { host: "ns1.example.org", port: 54 }],
    ["ns1.example.org:0", undefined],
    ["ns1:65536", undefined],
    ["-f", undefined],
    ["", undefined],
  ];
  for (const [text, place] of table) assert.deepEqual(parseServer(text, 53), place, text);
});
