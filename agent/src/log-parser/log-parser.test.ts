import assert from "node:assert/strict";
import { test } from "node:test";
import { LogJob } from "@mycloud/protocol/log-source";
import fc from "fast-check";
import { createLineParser } from "./create-line-parser.ts";
import { cutText, fitLimits } from "./fit-limits.ts";
import { compileTimeFormat } from "./time-format.ts";

const readAtUs = Date.parse("2026-01-02T03:00:00Z") * 1000;
const us = (iso: string) => Date.parse(iso) * 1000;

function parserOf(parser: unknown, mapping: unknown = {}) {
  const job = LogJob.parse({
    name: "t",
    destinations: ["control-plane"],
    input: { type: "file", paths: ["/var/log/x.log"] },
    parser,
    mapping,
  });
  const parse = createLineParser(job, "web1.example.org", "Europe/Berlin");
  return (line: string) => parse(line, readAtUs);
}

const cases: readonly {
  name: string;
  parser: unknown;
  mapping?: unknown;
  line: string;
  expected: Record<string, unknown>;
}[] = [
  {
    name: "JSON: nested fields, arrays, pino's numbers",
    parser: { type: "json" },
    line: '{"level":50,"time":1767312000123,"msg":"no","http":{"status":500,"tags":["a",1]},"ok":true,"none":null}',
    expected: {
      message: "no",
      severity: "err",
      timeUs: 1767312000123000,
      fields: { "http.status": 500, "http.tags": '["a",1]', ok: true },
    },
  },
  {
    name: "logfmt: quotes, numbers, a name alone",
    parser: { type: "logfmt" },
    line: 'ts=2026-01-02T03:04:05.5Z level=warn msg="say \\"hi\\" now" took=3.5 id=00012 done',
    expected: {
      message: 'say "hi" now',
      severity: "warning",
      timeUs: us("2026-01-02T03:04:05.5Z"),
      fields: { took: 3.5, id: "00012", done: true },
    },
  },
  {
    name: "a syslog file of December, read in January, in the host's zone",
    parser: { type: "syslog" },
    line: "Dec 31 23:59:59 web1 sshd[42]: Failed password for root",
    expected: {
      message: "Failed password for root",
      service: "sshd",
      timeUs: us("2025-12-31T22:59:59Z"),
      fields: { pid: 42 },
    },
  },
  {
    name: "a syslog file with ISO times, of another host",
    parser: { type: "syslog" },
    line: "2026-01-02T03:04:05.678901+01:00 db1 mariadbd[7]: ready",
    expected: {
      message: "ready",
      service: "mariadbd",
      timeUs: 1767319445678901,
      fields: { pid: 7, syslog_host: "db1" },
    },
  },
  {
    name: "combined access log",
    parser: { type: "access" },
    line: '192.0.2.7 - ann [02/Jan/2026:04:05:06 +0100] "GET /a?b=1 HTTP/1.1" 503 12 "https://example.org/" "curl/8 \\"x\\""',
    expected: {
      severity: "err",
      timeUs: us("2026-01-02T03:05:06Z"),
      fields: {
        client: "192.0.2.7",
        user: "ann",
        method: "GET",
        path: "/a?b=1",
        protocol: "HTTP/1.1",
        status: 503,
        bytes: 12,
        referer: "https://example.org/",
        user_agent: 'curl/8 \\"x\\"',
      },
    },
  },
  {
    name: "common access log with a request that is none",
    parser: { type: "access" },
    line: '2001:db8::1 - - [02/Jan/2026:04:05:06 +0100] "\\x16\\x03" 400 -',
    expected: { severity: "warning", fields: { client: "2001:db8::1", request: "\\x16\\x03", status: 400 } },
  },
  {
    name: "regex with named groups and a time format",
    parser: { type: "regex", pattern: "^(?<when>\\S+ \\S+) \\[(?<level>\\w+)\\] (?<message>.*)$" },
    mapping: { timeField: "when", timeFormat: "%d.%m.%Y %H:%M:%S", timeZone: "UTC" },
    line: "02.01.2026 03:04:05 [ERROR] it broke",
    expected: { message: "it broke", severity: "err", timeUs: us("2026-01-02T03:04:05Z"), fields: {} },
  },
];

for (const { name, parser, mapping, line, expected } of cases) {
  test(`parsed: ${name}`, () => {
    const parsed = parserOf(parser, mapping)(line);
    assert.equal(parsed.error, null);
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(Reflect.get(parsed, key), value, key);
  });
}

for (const type of ["json", "logfmt", "syslog", "access"]) {
  test(`a line that is no ${type} is kept whole, with the reason`, () => {
    const parsed = parserOf({ type })("what is this");
    assert.equal(parsed.message, "what is this");
    assert.match(parsed.error ?? "", /is no|has no/);
  });

  test(`whatever is given to the parser of ${type}, it answers and keeps a message`, () => {
    const parse = parserOf({ type });
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.json(),
      fc
        .array(
          fc.constantFrom(
            "a",
            "=",
            '"',
            " ",
            "\\",
            "<34>1 ",
            "[",
            "]",
            "2026-01-02T03:04:05Z",
            "Jan  1 00:00:00",
            "-",
            "{",
            "}",
            ":",
            "200",
          ),
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (line) => {
        const parsed = parse(line);
        assert.equal(typeof parsed.message, "string");
        if (parsed.error !== null)
          assert.ok((parsed.message ?? "").length > 0 || line.trim() === "" || line.startsWith("<"));
        assert.ok(parsed.timeUs === null || Number.isSafeInteger(parsed.timeUs));
      }),
      { numRuns: 300 },
    );
  });
}

for (const [value, iso] of [
  ["1767323045", "2026-01-02T03:04:05Z"],
  ["1767323045.25", "2026-01-02T03:04:05.25Z"],
  ["1767323045250", "2026-01-02T03:04:05.25Z"],
  ["1767323045250000", "2026-01-02T03:04:05.25Z"],
  ["1767323045250000123", "2026-01-02T03:04:05.25Z"],
  ["2026-01-02 04:04:05,250", "2026-01-02T03:04:05.25Z"],
  ["2026-01-02T04:04:05.25+0100", "2026-01-02T03:04:05.25Z"],
  ["02/Jan/2026:03:04:05 +0000", "2026-01-02T03:04:05Z"],
  ["Jan  2 04:04:05", "2026-01-02T03:04:05Z"],
] as const) {
  test(`the time ${value} is found by its look`, () => {
    const { timeUs } = parserOf({ type: "json" })(JSON.stringify({ time: value, msg: "x" }));
    assert.ok(Math.abs((timeUs ?? 0) - us(iso)) < 1000, String(timeUs));
  });
}

test("strftime's patterns read what strftime writes", () => {
  const read = (format: string, text: string) => compileTimeFormat(format, (localMs) => localMs)(text, readAtUs);
  assert.equal(read("%a %b %e %H:%M:%S %Y", "Fri Jan  2 03:04:05 2026"), us("2026-01-02T03:04:05Z"));
  assert.equal(read("%y%m%d %I:%M:%S %p", "260102 03:04:05 PM"), us("2026-01-02T15:04:05Z"));
  assert.equal(read("%s.%N", "1767323045.123456789"), 1767323045123456);
  assert.equal(read("%b %d %T", "Dec 31 00:00:00"), us("2025-12-31T00:00:00Z"));
  assert.equal(read("%b %d %T", "Feb 30 00:00:00"), null);
  assert.equal(read("%F %T %z", "2026-01-02 03:04:05 -0330"), us("2026-01-02T06:34:05Z"));
  assert.throws(() => read("%Q", ""), RangeError);
});

test("a record is made to fit its limits, at characters' ends", () => {
  const record = {
    timeUs: 1,
    service: "s".repeat(300),
    severity: null,
    facility: null,
    message: "\u00fc".repeat(200_000),
    fields: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, "\u{1f600}".repeat(5000)])),
  };
  fitLimits(record);
  assert.ok(Buffer.byteLength(record.message) <= 262_144);
  assert.equal(record.message.includes("\ufffd"), false);
  assert.equal(Object.keys(record.fields).length, 64);
  assert.equal(Reflect.get(record.fields, "truncated"), true);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, maximum) => {
      const cut = cutText(text, maximum);
      assert.ok(Buffer.byteLength(cut) <= maximum && Buffer.from(text).toString().startsWith(cut));
    }),
  );
});
