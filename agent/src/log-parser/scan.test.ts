import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createAccessTimeReader } from "./access-time.ts";
import { matchAccessLine } from "./parse-access.ts";
import { parseLogfmt } from "./parse-logfmt.ts";
import { scanAccessLine } from "./scan-access-line.ts";
import { logfmtByExpression } from "./testing/logfmt-by-expression.ts";
import { compileTimeFormat } from "./time-format.ts";

const usual =
  '192.0.2.7 - ann [20/Nov/2026:08:00:00 +0000] "GET /a?b=1 HTTP/1.1" 200 12 "https://example.org/" "curl/8 (x; y)"';

/** Lines that are nearly of a format: pieces of one, some of them changed, left out or doubled. */
function near(line: string, pieces: readonly string[]): fc.Arbitrary<string> {
  const tokens = line.split(/(?<=[ "[\]=])|(?=[ "[\]=])/);
  const change = fc.record({
    at: fc.nat(tokens.length),
    remove: fc.nat(2),
    insert: fc.oneof(fc.constant(""), fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })),
  });
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const changed = [...tokens];
    for (const { at, remove, insert } of changes) changed.splice(at, remove, insert);
    return changed.join("");
  });
}

const accessPieces = [
  ...'- " \\ \\" [ ] : example.org:80 ::1 a:1 +0000] [20/Nov/2026:08:00:00 200 99 0 HTTP/2.0 \u00e9 \u00a0 \t'.split(
    " ",
  ),
  " ",
  " [",
  '" "',
  '"a b"',
  "[a [b c              +0000]",
  "vhost.example.org:443 ",
];

test("a line of an access log that is scanned is taken apart as the expression takes it apart", () => {
  let scanned = 0;
  fc.assert(
    fc.property(near(usual, accessPieces), (line) => {
      const found = scanAccessLine(line);
      if (found === null) return;
      scanned++;
      assert.deepEqual(found, matchAccessLine(line));
    }),
    { numRuns: 5_000 },
  );
  assert.ok(scanned > 500, `${scanned} were scanned`);
});

for (const [name, line] of [
  ["combined", usual],
  ["common", usual.slice(0, usual.indexOf(' "https'))],
  ["with the virtual host before it", `www.example.org:443 ${usual}`],
  ["of an IPv6 client, with a number of the server's behind it", `${usual.replace("192.0.2.7", "2001:db8::1")} 0.003`],
] as const) {
  test(`the usual line is scanned: ${name}`, () => {
    assert.notEqual(scanAccessLine(line), null);
    assert.deepEqual(scanAccessLine(line), matchAccessLine(line));
  });
}

test("logfmt is read as the expression of its grammar reads it", () => {
  const pieces = [
    "=",
    '"',
    "\\",
    '\\"',
    " ",
    "  ",
    "\t",
    "\u00a0",
    "\ufeff",
    "a",
    "true",
    "-1.5",
    "007",
    "1e3",
    '"x y"',
    "\n",
  ];
  const line = 'ts=2026-01-02T03:04:05.5Z level=warn msg="say \\"hi\\" now" took=3.5 id=00012 ok=true done';
  fc.assert(
    fc.property(
      fc.oneof(
        near(line, pieces),
        fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join("")),
      ),
      (text) => {
        const { fields, error } = parseLogfmt(text);
        assert.deepEqual(error === null ? fields : null, logfmtByExpression(text));
      },
    ),
    { numRuns: 5_000 },
  );
});

test("access logs' times are read as the pattern of strftime reads them, whatever was read before", () => {
  const read = createAccessTimeReader();
  const readAny = compileTimeFormat("%d/%b/%Y:%H:%M:%S %z", (localMs) => localMs);
  const time = fc
    .record({
      day: fc.constantFrom("20", "02", " 2", "2", "31", "  2", "   20"),
      month: fc.constantFrom("Nov", "nov", "Feb", "Xyz"),
      hour: fc.constantFrom("08", "8", "24"),
      minute: fc.constantFrom("00", "59", "60"),
      second: fc.constantFrom("00", "07", "59", "60", "61", "x1", "1"),
      zone: fc.constantFrom("+0000", "-0330", "+01:00", "Z", "Zabcd", "UTC", " +000", "+00"),
    })
    .map(({ day, month, hour, minute, second, zone }) => `${day}/${month}/2026:${hour}:${minute}:${second} ${zone}`);
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 5 }), (times) => {
      for (const text of times) assert.equal(read(text, 0), readAny(text, 0), text);
    }),
    { numRuns: 3_000 },
  );
});
