import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogRecord } from "@mycloud/protocol/log-record";
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
  const [, lines] = backgroundOf({ records: [record, forged], patterns: [] });
  assert.deepEqual(lines?.lines, ["12:00:00 sshd err: one two", "12:00:00 sshd: [said by phone] one two"]);
});
