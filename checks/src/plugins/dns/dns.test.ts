import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { describe, test } from "node:test";
import { runInTest } from "../run-in-test.ts";
import { matchesAnswer } from "./match-answer.ts";

const TYPES = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16 } as const;
type Zone = Record<string, { type: keyof typeof TYPES; data: Buffer }[]>;

function encodeName(name: string): Buffer {
  const labels = name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  return Buffer.concat([...labels, Buffer.from([0])]);
}

const address = (text: string) => Buffer.from(text.split(".").map(Number));
const ZONE: Zone = {
  "www.example.org": [
    { type: "A", data: address("192.0.2.10") },
    { type: "A", data: address("192.0.2.11") },
    { type: "TXT", data: Buffer.concat([Buffer.from([3]), Buffer.from("a|b")]) },
  ],
  "example.org": [{ type: "MX", data: Buffer.concat([Buffer.from([0, 10]), encodeName("mail.example.org")]) }],
  "10.2.0.192.in-addr.arpa": [{ type: "PTR", data: encodeName("www.example.org") }],
};

/** A name server for ZONE: NXDOMAIN for other names, SERVFAIL for `broken.*`, silence for `silent.*`. */
async function withNameServer<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = createSocket("udp4");
  server.on("message", (query, from) => {
    const labels: string[] = [];
    let at = 12;
    while (query[at]) {
      const length = query[at]!;
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    const name = labels.join(".").toLowerCase();
    if (name.startsWith("silent.")) return;
    const question = query.subarray(12, at + 5);
    const wanted = query.readUInt16BE(at + 1);
    const records = (ZONE[name] ?? []).filter((record) => TYPES[record.type] === wanted);
    const code = name.startsWith("broken.") ? 2 : ZONE[name] === undefined ? 3 : 0;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const answers = records.map(({ type, data }) => {
      const fixed = Buffer.alloc(12);
      fixed.writeUInt16BE(0xc00c, 0);
      fixed.writeUInt16BE(TYPES[type], 2);
      fixed.writeUInt16BE(1, 4);
      fixed.writeUInt32BE(60, 6);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    server.send(Buffer.concat([header, question, ...answers]), from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  try {
    return await work(server.address().port);
  } finally {
    server.close();
  }
}

describe("dns", () => {
  const table: [string, number, RegExp][] = [
    ["-H www.example.org", 0, /^DNS OK - www.example.org A is 192.0.2.10, 192.0.2.11, [\d.]+ ms from 127.0.0.1$/],
    ["-H www.example.org -a 192.0.2.11", 0, /as expected/],
    ["-H www.example.org -a 192.0.2.0/24", 0, /as expected/],
    ["-H www.example.org -a 192.0.2.99", 2, /^DNS CRITICAL - .* is 192.0.2.10, 192.0.2.11, expected one of 192.0.2.99/],
    ["-H www.example.org -L -a 192.0.2.10,192.0.2.11", 0, /as expected/],
    ["-H www.example.org -L -a 192.0.2.10", 2, /expected 192.0.2.10/],
    ["-H example.org -q MX -a '10 mail.example.org.'", 0, /example.org MX is 10 mail.example.org, as expected/],
    ["-H www.example.org -q TXT", 0, /TXT is a\/b/],
    ["-H 192.0.2.10", 0, /192.0.2.10 PTR is www.example.org/],
    ["-H www.example.org -q AAAA", 2, /www.example.org has no AAAA record/],
    ["-H gone.example.org", 2, /gone.example.org does not exist \(NXDOMAIN\)/],
    ["-H gone.example.org -n", 0, /^DNS OK/],
    ["-H www.example.org -n", 2, /should not exist, but has A/],
    ["-H broken.example.org", 2, /the name server failed \(SERVFAIL\)/],
    ["-H silent.example.org -t 0.3", 2, /timed out after 0.3 s waiting for an answer from 127.0.0.1:\d+/],
    ["-H www.example.org -w 0:0", 1, /warning above 0 s/],
    ["-H www.example.org -q NONE", 3, /expected one of A, AAAA/],
    ["-H www.example.org -n -a 1.2.3.4", 3, /exclude each other/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line} is ${returnCode}`, async () => {
      const result = await withNameServer((port) => runInTest("dns", `-s 127.0.0.1 -p ${port} ${line}`));
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }
});

test("answers match by value, not by spelling", () => {
  const table: [string, string, boolean][] = [
    ["WWW.example.org", "www.example.org.", true],
    ["2001:db8::1", "2001:0db8:0:0::1", true],
    ["2001:db8::1", "2001:db8::/32", true],
    ["192.0.2.1", "192.0.2.0/33", false],
    ["192.0.2.1", "::/0", false],
    ["text", "192.0.2.0/24", false],
  ];
  for (const [answer, expected, isMatch] of table)
    assert.equal(matchesAnswer(answer, expected), isMatch, `${answer} ${expected}`);
});
