import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { redactAddresses, redactCardNumbers, redactWithoutHint } from "./built-in-redactions.ts";
import { createSecretHint } from "./secret-hint.ts";

const mayHold = createSecretHint({ secrets: true, cardNumbers: true, addresses: true });
const redactAll = (text: string) => redactAddresses(redactCardNumbers(redactWithoutHint(text)));

const piece = fc.oneof(
  fc.constantFrom(
    ..."pass passwd PassPhrase pwd secret token api_key apikey access-key private_key credentials auth_key session_id cookie".split(
      " ",
    ),
    ..."Authorization AKIA ASIA ghp_ gho_ github_pat_ glpat- xoxb- sk_live_ sk- eyJ .eyJ :// http://u: https://a:b@".split(
      " ",
    ),
    ...'= => : \' " \\ \\" , ; & - _ . / @ 4111111111111111 4111 5500-0000 0000-0004 2 3'.split(" "),
    ...[
      "Basic ",
      "bearer ",
      "Bearer ",
      "Negotiate ",
      " ",
      "  ",
      "\t",
      "\n",
      "-----BEGIN RSA PRIVATE KEY-----",
      "0004 ",
    ],
    ...[
      "pa\u017fs",
      "to\u212aen",
      "\u00fc",
      "\u{1f600}",
      "x\u00a0=",
      "abcdefghijklmnopqrstuvwxyzABCDEF0123456789",
      "x.y.z@example.org",
    ],
  ),
  fc.string({ maxLength: 4 }),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));

test("a text of which the hint says that it holds nothing is one of which the patterns take nothing out", () => {
  fc.assert(
    fc.property(text, (line) => {
      if (!mayHold(line)) assert.equal(redactAll(line), line);
    }),
    { numRuns: 5_000 },
  );
});

test("no piece of a text holds what the whole does not", () => {
  fc.assert(
    fc.property(text, fc.nat(60), fc.nat(60), (line, from, length) => {
      const part = line.slice(from, from + length);
      if (!mayHold(line)) assert.equal(redactAll(part), part);
    }),
    { numRuns: 5_000 },
  );
});

for (const line of [
  "user=ann password=hunter2",
  '{"apiKey" : "x"}',
  "a Bearer abcdefghijkl",
  "postgres://u:p4ss@db/x",
  "key AKIAIOSFODNN7EXAMPLE",
  "4111 1111 1111 1111",
  "ann@example.org",
  "to\u212aen=x",
]) {
  test(`${line} is looked at closely`, () => assert.equal(mayHold(line), true));
}

for (const line of [
  '10.1.2.3 - - [20/Nov/2026:08:00:00 +0000] "GET /api/v1/items/7/abc?page=3 HTTP/1.1" 200 123 "https://example.org:8443/x" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"',
  "Accepted publickey for root from 192.0.2.1 port 40000 ssh2",
  "Failed password for root from 192.0.2.1",
  "pam_unix(sshd:session): session opened for user root by (uid=0)",
  "2026-11-20 08:00:00.123456 a monkey and a keyboard",
]) {
  test(`${line} is not`, () => assert.equal(mayHold(line), false));
}

test("a line made of nothing but needles takes no quadratic time", () => {
  const line = "pass".repeat(65_536);
  const start = process.cpuUsage();
  assert.equal(mayHold(line), false);
  assert.ok(process.cpuUsage(start).user < 500_000);
});
