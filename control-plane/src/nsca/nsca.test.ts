import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { test } from "node:test";
import { createNscaCipher, greetingLength, readGreeting, writeNscaPacket } from "@mycloud/checks/nsca";
import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import fc from "fast-check";
import { defaultSenders, maySpeakFor, parseSenders } from "./senders.ts";
import { type ConnectionDependencies, serveConnection } from "./serve-connection.ts";

function senders(text: string) {
  const parsed = parseSenders(text);
  assert.ok(parsed.isValid, JSON.stringify(parsed));
  return (address: string, host: string) => maySpeakFor(parsed.senders.patternsOf(address), host);
}

test("an address speaks for the hosts its entries name, and for no others", () => {
  const may = senders("10.0.0.0/8=web*,!web9; 10.1.0.0/16=db*;2001:db8::/32=*; 192.0.2.7=mail");
  const table: [string, string, boolean][] = [
    ["10.2.3.4", "web1", true],
    ["::ffff:10.2.3.4", "web1", true],
    ["10.2.3.4", "web9", false],
    ["10.2.3.4", "db1", false],
    ["10.1.3.4", "db1", true],
    ["10.1.3.4", "web1", true],
    ["2001:db8::1", "anything", true],
    ["192.0.2.7", "mail", true],
    ["192.0.2.8", "mail", false],
    ["", "web1", false],
  ];
  for (const [address, host, expected] of table) assert.equal(may(address, host), expected, `${address} ${host}`);
  assert.ok(senders(defaultSenders)("127.0.0.1", "web1"));
  assert.ok(!senders(defaultSenders)("192.0.2.1", "web1"));
});

test("senders that are not understood are refused, and no text breaks their parser", () => {
  for (const wrong of ["web1=*", "10.0.0.0/33=*", "10.0.0.1", "10.0.0.1=", "10.0.0.1= , "]) {
    assert.ok(!parseSenders(wrong).isValid, wrong);
  }
  fc.assert(fc.property(fc.string(), (text) => void parseSenders(text)));
});

const iv = Buffer.from(Array.from({ length: 128 }, (_, index) => index));
const nowMs = 1_795_404_508_000;

/** A sender that sends these pieces after the greeting; what was stored and what became of it. */
async function send(pieces: readonly Buffer[], more: Partial<ConnectionDependencies> = {}) {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  const stored: PassiveCheckResult[] = [];
  const serving = serveConnection(
    socket,
    {
      method: 14,
      password: "secret",
      maximumAgeSeconds: 30,
      patterns: ["web*"],
      iv,
      store: async (results) => {
        await new Promise((resolve) => setImmediate(resolve));
        stored.push(...results);
        return results.flatMap(({ host }) => (host === "web9" ? ["there is no host web9"] : []));
      },
      now: () => nowMs,
      idleMs: 200,
      ...more,
    },
    new AbortController().signal,
  );
  for (const piece of pieces) socket.push(piece);
  socket.push(null);
  const tally = await serving;
  const greeting = Buffer.concat(written);
  assert.equal(greeting.length, greetingLength);
  assert.deepEqual(readGreeting(greeting), { iv, timestampSeconds: nowMs / 1000 });
  return { stored, tally };
}

function packets(hosts: readonly string[], ageSeconds = 0): Buffer {
  const encrypt = createNscaCipher(14, "encrypt", "secret", iv);
  const timestampSeconds = nowMs / 1000 - ageSeconds;
  const rest = { service: "disk", returnCode: 2, output: "full\\nvery", timestampSeconds };
  return Buffer.concat(hosts.map((host) => encrypt(writeNscaPacket({ ...rest, host }))));
}

test("results are stored in order; those the sender may not send, or that nobody knows, are counted", async () => {
  const { stored, tally } = await send([packets(["web1", "db1", "web9", "web2"])]);
  assert.deepEqual(
    stored.map(({ host }) => host),
    ["web1", "web9", "web2"],
  );
  assert.deepEqual(stored[0], { host: "web1", service: "disk", returnCode: 2, output: "full\nvery" });
  assert.deepEqual({ ...tally, reason: "" }, { stored: 2, refused: 1, denied: 1, old: 0, unreadable: 0, reason: "" });
  assert.match(tally.reason ?? "", /denied result of host "db1"/);
});

test("a recorded connection that is played again later is not taken", async () => {
  const { stored, tally } = await send([packets(["web1", "web2"], 31)]);
  assert.deepEqual([stored.length, tally.old], [0, 2]);
});

test("a wrong password ends the connection at its first packet", async () => {
  const { stored, tally } = await send([packets(["web1", "web2"])], { password: "other" });
  assert.deepEqual([stored.length, tally.unreadable], [0, 1]);
});

test("while storing is slow no more than a few thousand results are read", async () => {
  const sizes: number[] = [];
  const all = packets(Array.from({ length: 5_000 }, () => "web1"));
  const pieces = Array.from({ length: 50 }, (_, index) => all.subarray(index * 430_400, (index + 1) * 430_400));
  const { tally } = await send(pieces, {
    store: async (results) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      sizes.push(results.length);
      return [];
    },
  });
  assert.equal(tally.stored, 5_000);
  assert.ok(Math.max(...sizes) <= 2_100, sizes.join());
});

test("no bytes make a connection fail or hang", async () => {
  const piece = fc.uint8Array({ maxLength: 5_000 }).map((bytes) => Buffer.from(bytes));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 4 }), fc.constantFrom(0, 1, 14 as const), async (pieces, method) => {
      const { tally } = await send(pieces, { method: method as 0 | 1 | 14 });
      assert.equal(tally.stored, 0);
    }),
    { numRuns: 60 },
  );
});
