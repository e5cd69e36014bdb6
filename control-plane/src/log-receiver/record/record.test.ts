import assert from "node:assert/strict";
import { test } from "node:test";
import { logLimits } from "@mycloud/protocol/log-record";
import { parseSyslog } from "@mycloud/protocol/syslog";
import fc from "fast-check";
import { createHostDirectory, type LogIdentity } from "../../log-sender/index.ts";
import type { NewLogRecord } from "../../log-store/index.ts";
import { cutText } from "./cut-text.ts";
import type { RecordContext } from "./finish-record.ts";
import { FlatFields } from "./flat-fields.ts";
import { recordFromMap } from "./record-from-map.ts";
import { recordFromSyslog } from "./record-from-syslog.ts";
import { recordTime } from "./record-time.ts";

const receivedAtMs = Date.UTC(2026, 10, 23, 12);
const hosts = createHostDirectory([
  { id: 1, name: "web1", address: "192.0.2.1", customer: "acme" },
  { id: 2, name: "db1.example.org", address: "192.0.2.2", customer: "globex" },
]);

function identity(some: Partial<LogIdentity> = {}): LogIdentity {
  return {
    kind: "sender",
    key: "sender:s",
    name: "s",
    hostId: null,
    hostName: null,
    customer: null,
    maximumLinesPerSecond: null,
    maximumBytesPerDay: null,
    ...some,
  };
}

function contextOf(some: Partial<LogIdentity> = {}, peerAddress = "203.0.113.9"): RecordContext {
  return { identity: identity(some), hosts, receivedAtMs, peerAddress, retentionDays: 30 };
}

function read(map: object, context = contextOf(), mayNameSource = true): NewLogRecord {
  return recordFromMap({ ...map }, { timeUs: null, source: "app", mayNameSource }, context);
}

test("what programs call a record's parts is understood, the usual name first, and the rest are fields", () => {
  const record = read({
    log: "a",
    msg: "b",
    hostname: "WEB1",
    ident: "cron",
    level: "warn",
    facility: "auth",
    source: "x",
  });
  assert.deepEqual(record, {
    timeUs: receivedAtMs * 1000,
    host: "web1",
    hostId: 1,
    customer: "acme",
    source: "x",
    service: "cron",
    severity: "warning",
    facility: "auth",
    message: "a",
    fields: { msg: "b", claimed_by: "s" },
  });
});

test("a record that names nothing has its sender's name for it, and its fields for a message", () => {
  const record = read({ status: 200, ok: true, nothing: null }, contextOf({}, "::ffff:192.0.2.1"));
  assert.deepEqual(
    [record.message, record.source, record.service, record.host, record.hostId],
    ['{"status":200,"ok":true}', "app", "app", "web1", 1],
  );
  assert.equal(read({ message: "x" }).host, "203.0.113.9");
});

test("a severity or facility that is none stays a field", () => {
  const { severity, facility, fields } = read({ message: "x", level: "purple", facility: "kitchen" });
  assert.deepEqual([severity, facility, fields], [null, null, { level: "purple", facility: "kitchen" }]);
});

test("whose a record is: the agent's host, the sender's, or the one it names within the sender's customer", () => {
  const rows = [
    [
      "an agent, whatever the record says",
      identity({ hostId: 2, customer: "globex" }),
      "web1",
      "db1.example.org",
      2,
      "globex",
    ],
    ["an agent whose host is gone", identity({ hostId: 9, name: "old", customer: "acme" }), "web1", "old", 9, "acme"],
    ["a sender of one host", identity({ hostName: "web1" }), "db1.example.org", "web1", 1, "acme"],
    ["the operator's sender names any host", identity(), "db1.example.org", "db1.example.org", 2, "globex"],
    ["a host by the first part of its name", identity(), "Web1.example.net", "web1", 1, "acme"],
    ["a customer's sender names its own", identity({ customer: "acme" }), "web1", "web1", 1, "acme"],
    [
      "a customer's sender names another's",
      identity({ customer: "acme" }),
      "db1.example.org",
      "db1.example.org",
      null,
      "acme",
    ],
    [
      "a customer's sender for another's host",
      identity({ customer: "acme", hostName: "db1.example.org" }),
      "web1",
      "db1.example.org",
      null,
      "acme",
    ],
    ["nobody's host", identity(), "printer", "printer", null, null],
    ["a name of spaces", identity({ customer: "acme" }), "  ", "203.0.113.9", null, "acme"],
  ] as const;
  for (const [what, of, named, host, hostId, customer] of rows) {
    const record = read({ message: "x", host: named }, { ...contextOf(), identity: of });
    assert.deepEqual([record.host, record.hostId, record.customer], [host, hostId, customer], what);
  }
});

test("a record says who claimed it to be of its host, where neither agent, definition nor address say so, and cannot say it itself", () => {
  const rows = [
    ["its agent", identity({ hostId: 1, customer: "acme" }), "203.0.113.9", undefined],
    ["a sender that is of the host", identity({ hostName: "web1" }), "203.0.113.9", undefined],
    ["the host's own address", identity(), "::ffff:192.0.2.1", undefined],
    ["somebody else's address", identity({ name: "relay" }), "192.0.2.2", "relay"],
    ["a customer's sender", identity({ name: "phone", customer: "acme" }), "203.0.113.9", "phone"],
    ["a sender that may not speak for the host", identity({ customer: "globex" }), "203.0.113.9", undefined],
  ] as const;
  for (const [what, of, peerAddress, claimedBy] of rows) {
    for (const said of [{}, { claimed_by: "nobody" }, { claimed_by: "" }]) {
      const { hostId, fields } = read(
        { message: "x", host: "web1", ...said },
        { ...contextOf(of, peerAddress), identity: of },
      );
      assert.equal(fields.claimed_by, claimedBy, what);
      assert.equal(hostId, of.customer === "globex" ? null : 1, what);
    }
  }
});

test("who may not name a source does not, and says it as a field", () => {
  const { source, fields } = read({ message: "x", source: "forged" }, contextOf(), false);
  assert.deepEqual([source, fields], ["app", { source: "forged" }]);
});

test("a time that cannot be becomes the time of receipt, and is kept", () => {
  const dayUs = 86_400_000_000;
  const nowUs = receivedAtMs * 1000;
  for (const [timeUs, isBelieved] of [
    [nowUs - 29 * dayUs, true],
    [nowUs + dayUs, true],
    [nowUs - 31 * dayUs, false],
    [nowUs + dayUs + 1, false],
    [Number.MAX_VALUE, false],
    [-1, false],
  ] as const) {
    const record = recordFromMap({ message: "x" }, { timeUs, source: "a", mayNameSource: false }, contextOf());
    assert.equal(record.timeUs, isBelieved ? timeUs : nowUs, String(timeUs));
    assert.equal("original_time" in record.fields, !isBelieved, String(timeUs));
  }
});

test("times of JSON are told apart by their size, and texts without a zone are UTC", () => {
  const atUs = Date.UTC(2026, 10, 23, 12, 0, 0, 123) * 1000;
  for (const value of [
    "2026-11-23T12:00:00.123Z",
    "2026-11-23T12:00:00.123",
    "2026-11-23T13:00:00.123000+01:00",
    atUs / 1e6,
    atUs / 1e3,
    atUs,
    String(atUs / 1e3),
    `${atUs}000`,
  ]) {
    assert.deepEqual(recordTime({ "@timestamp": value }), { timeUs: atUs, name: "@timestamp" }, String(value));
  }
  for (const value of ["yesterday", -1, 0, 1e21, Number.NaN, null, {}]) assert.equal(recordTime({ time: value }), null);
  assert.equal(recordTime({ time: "noon", ts: 1_700_000_000 })?.name, "ts");
});

test("what is nested is joined by dots and lists by commas, and names that JavaScript knows are names", () => {
  const fields = new FlatFields();
  const map: object = JSON.parse(
    '{"a":{"b":[1,"x",null],"c":[{"d":true}]},"__proto__":"p","constructor":"c","n":1e999}',
  );
  for (const [name, value] of Object.entries(map)) fields.add(name, value);
  assert.deepEqual(Object.entries(fields.values), [
    ["a.b", "1,x,"],
    ["a.c.0.d", true],
    ["__proto__", "p"],
    ["constructor", "c"],
    ["n", "Infinity"],
  ]);
  assert.equal(Object.getPrototypeOf(fields.values), Object.prototype);
});

test("a message of syslog is a record with its structured data as fields", () => {
  const text = '<19>1 - web1 - 7 - [origin ip="192.0.2.1" ip="192.0.2.2"][x@1 a="b"] x';
  const message = parseSyslog(text, { receivedAtMs, toUtcMs: (ms) => ms });
  const record = recordFromSyslog({ ...message, fault: "a fault" }, true, contextOf());
  const { procid, "origin.ip": ip, "x@1.a": a, parse_error: fault, truncated } = record.fields;
  assert.deepEqual([procid, ip, a, fault, truncated], ["7", "192.0.2.1,192.0.2.2", "b", "a fault", true]);
  const { host, service, source, severity, facility } = record;
  assert.deepEqual([host, service, source, severity, facility], ["web1", "syslog", "syslog", "err", "mail"]);
});

test("a text is cut at a character's end, and is as long as may be", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(40), (text, most) => {
      const cut = cutText(text, most);
      const whole = Buffer.from(text).toString();
      assert.ok(Buffer.byteLength(cut) <= most);
      assert.ok(whole.startsWith(cut));
      const [next = ""] = whole.slice(cut.length);
      assert.ok(next === "" || Buffer.byteLength(cut + next) > most);
    }),
  );
});

test("whatever comes, a record is within all limits", () => {
  const long = fc.oneof(
    fc.string(),
    fc.nat(300_000).map((length) => "ü".repeat(length)),
  );
  const value = fc.oneof(long, fc.double(), fc.jsonValue(), fc.bigInt(), fc.uint8Array());
  fc.assert(
    fc.property(fc.dictionary(long, value, { maxKeys: 100 }), value, value, (map, message, host) => {
      const record = read({ ...map, message, host });
      assert.ok(Buffer.byteLength(record.message) <= logLimits.message);
      for (const name of [record.host, record.source, record.service]) {
        assert.ok(name.length > 0 && name.length <= logLimits.name, name);
      }
      assert.ok(Object.keys(record.fields).length <= logLimits.fields);
      for (const [name, kept] of Object.entries(record.fields)) {
        assert.ok(name.length <= logLimits.fieldName);
        assert.ok(typeof kept !== "string" || Buffer.byteLength(kept) <= logLimits.fieldValue);
        assert.ok(typeof kept !== "number" || Number.isFinite(kept));
      }
      assert.doesNotThrow(() => JSON.stringify(record));
    }),
    { numRuns: 40 },
  );
});
