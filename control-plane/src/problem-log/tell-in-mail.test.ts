import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogRecord } from "@mycloud/protocol/log-record";
import { foldAlike } from "./fold-alike.ts";
import { backgroundOf } from "./tell-in-mail.ts";

const record: LogRecord = {
  id: "1",
  timeUs: Date.UTC(2026, 10, 23, 12) * 1000,
  receivedAtMs: 0,
  host: "web1",
  hostId: 1,
  customer: null,
  source: "syslog",
  service: "sshd",
  severity: "err",
  facility: null,
  message: "one\n  two",
  fields: {},
};

test("a mail has the last lines of its host, and who claimed a line to be of it", () => {
  const forged = { ...record, severity: null, fields: { claimed_by: "phone" } };
  const [, lines] = backgroundOf({ records: foldAlike([record, forged]), patterns: [] });
  assert.deepEqual(lines?.lines, ["12:00:00 sshd err: one two", "12:00:00 sshd: [said by phone] one two"]);
});

test("a flood of one message is one line of a mail, with how many more there were since when", () => {
  const flood = Array.from({ length: 341 }, (_, second) => ({
    ...record,
    timeUs: record.timeUs + second * 1_000_000,
    message: `connection ${second} refused`,
  }));
  const [, lines] = backgroundOf({
    records: foldAlike([record, ...flood.slice(0, 300), record, ...flood.slice(300)]),
    patterns: [],
  });
  assert.deepEqual(lines?.lines, [
    "12:00:00 sshd err: one two …and 1 more like this since 12:00:00",
    "12:05:40 sshd err: connection 340 refused …and 340 more like this since 12:00:00",
  ]);
});
