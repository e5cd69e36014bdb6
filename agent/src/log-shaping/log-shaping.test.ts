import assert from "node:assert/strict";
import { test } from "node:test";
import { LogJob } from "@mycloud/protocol/log-source";
import type { OutgoingRecord } from "../log-parser/index.ts";
import type { LineBatch, SourceEntry } from "../log-source/line-batch.ts";
import { redactCardNumbers, redactSecrets } from "./built-in-redactions.ts";
import { createRecordMaker } from "./create-record-maker.ts";
import type { RecordMaker } from "./record-maker.ts";

let monotonicMs = 0;
const environment = { nowMs: () => 1_000_000, monotonicMs: () => monotonicMs, timeZone: "UTC" };

function makerOf(job: Record<string, unknown>) {
  const parsed = LogJob.parse({
    name: "web",
    destinations: ["control-plane"],
    input: { type: "file", paths: ["/var/log/*.log"] },
    ...job,
  });
  return createRecordMaker(parsed, "host", environment);
}

function make(maker: RecordMaker, batch: LineBatch): OutgoingRecord[] {
  const records: OutgoingRecord[] = [];
  maker.make(batch, (record) => records.push(record));
  return records;
}

function batchOf(lines: readonly (string | SourceEntry)[]): LineBatch {
  return { source: "web", path: "/var/log/a.log", lines, cut: [], readAtUs: 5, sizeBytes: 1, positions: [] };
}

for (const [text, expected] of [
  ["user=ann password=hunter2 ok", "user=ann password=******** ok"],
  ['{"apiKey": "abc def", "n": 1}', '{"apiKey": "********", "n": 1}'],
  ["Authorization: Bearer abc.def.ghi", "Authorization: ********"],
  ["got Bearer abcdefghijkl from", "got Bearer ******** from"],
  ["postgres://u:p4ss@db/x", "postgres://u:********@db/x"],
  ["DB_PASSWORD='it is secret' x", "DB_PASSWORD='********' x"],
  ["GET /?token=abc&x=1", "GET /?token=********&x=1"],
  ["key AKIAIOSFODNN7EXAMPLE here", "key ******** here"],
  ["jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1", "jwt ********"],
  ["-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- x", "******** x"],
  ["Failed password for root from 192.0.2.1", "Failed password for root from 192.0.2.1"],
  ["a monkey and a keyboard", "a monkey and a keyboard"],
] as const) {
  test(`of ${JSON.stringify(text)} only the secret is taken out`, () => {
    assert.equal(redactSecrets(text), expected);
  });
}

test("numbers of cards are taken out, other numbers are not", () => {
  assert.equal(redactCardNumbers("pay 4111 1111 1111 1111 now"), "pay ******** now");
  assert.equal(redactCardNumbers("5500-0000-0000-0004,4111111111111111"), "********,********");
  const others = "4111111111111112 at 1767323045250000 2026-11-23 13:00:00 192.168.100.100 12345678901234567890123";
  assert.equal(redactCardNumbers(others), others);
});

test("secrets and one's own patterns are taken out of messages and fields", () => {
  const maker = makerOf({
    parser: { type: "json" },
    redaction: { custom: [{ pattern: "emp-\\d+", replacement: "$1" }], builtIn: ["secrets", "email-addresses"] },
  });
  const [record] = make(maker, batchOf(['{"msg":"emp-77 wrote ann@example.org","user":{"password":"x","id":7}}']));
  assert.equal(record?.message, "$1 wrote ********");
  assert.deepEqual(record?.fields, { "user.password": "********", "user.id": 7, file: "/var/log/a.log" });
  assert.equal(maker.counters().redacted, 1);
});

test("include and exclude look at the line, and what they leave out is counted", () => {
  const maker = makerOf({ sieve: { include: ["ERR", "WARN"], exclude: ["health"] } });
  const records = make(maker, batchOf(["ERR a", "INFO b", "WARN health", "WARN c"]));
  assert.deepEqual(
    records.map(({ message }) => message),
    ["ERR a", "WARN c"],
  );
  assert.equal(maker.counters().filtered, 2);
});

test("sampling keeps one in so many of what is not severe, and all that is", () => {
  const maker = makerOf({ parser: { type: "json" }, sieve: { sample: { severity: "info", oneIn: 10 } } });
  const lines = Array.from({ length: 100 }, (_, index) =>
    JSON.stringify({ level: index % 2 ? "info" : "error", msg: `${index}` }),
  );
  const records = make(maker, batchOf(lines));
  assert.equal(records.filter(({ severity }) => severity === "err").length, 50);
  assert.equal(records.length, 55);
  assert.equal(maker.counters().sampledOut, 45);
});

test("what is over the rate is left out, and a record says how much", () => {
  monotonicMs = 0;
  const maker = makerOf({ sieve: { maximumLinesPerSecond: 3 } });
  assert.equal(make(maker, batchOf(Array.from({ length: 10 }, () => "x"))).length, 3);
  assert.deepEqual(maker.flush(), []);
  monotonicMs = 1_001;
  assert.deepEqual(
    maker.flush().map(({ message }) => message),
    ["7 suppressed"],
  );
  assert.equal(make(maker, batchOf(["y"])).length, 1);
  assert.equal(maker.counters().suppressed, 7);
});

test("an entry of the journal keeps what it says, and a parser reads its message", () => {
  const entry: SourceEntry = {
    message: '{"msg":"hi","n":1}',
    timeUs: 77,
    service: "app",
    severity: "notice",
    facility: "daemon",
    fields: { pid: 4 },
  };
  const [plain] = make(makerOf({}), batchOf([entry]));
  assert.deepEqual(
    { ...plain, fields: plain?.fields.pid },
    { timeUs: 77, service: "app", severity: "notice", facility: "daemon", message: entry.message, fields: 4 },
  );
  const [parsed] = make(makerOf({ parser: { type: "json" } }), batchOf([entry]));
  assert.equal(parsed?.message, "hi");
  assert.deepEqual(
    [parsed?.service, parsed?.severity, parsed?.timeUs, parsed?.fields.pid, parsed?.fields.n],
    ["app", "notice", 77, 4, 1],
  );
});

test("a line on which a pattern takes for ever is withheld, and the others are not", () => {
  // Harmless by its form, cubic in time.
  const maker = makerOf({
    redaction: { builtIn: [], custom: [{ pattern: "[a-z]*[a-z]*[a-z]*[a-z]*1", replacement: "" }] },
  });
  const records = make(maker, batchOf(["before", "a".repeat(3_000), "after"]));
  assert.deepEqual(
    records.map(({ message }) => message.slice(0, 6)),
    ["before", "a line", "after"],
  );
  assert.equal(maker.counters().patternTimeouts, 1);
});

test("a job with a pattern that may take for ever is refused", () => {
  assert.throws(() => makerOf({ sieve: { include: ["(a+)+"] } }), /for ever/);
});
