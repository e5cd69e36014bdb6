import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatLogTerm } from "./format-log-term.ts";
import type { LogCondition } from "./log-condition.ts";
import { LogQueryError } from "./log-query-error.ts";
import { logMatcher, type MatchableLogRecord } from "./matches-log.ts";
import { parseLogQuery } from "./parse-log-query.ts";

const record: MatchableLogRecord = {
  host: "web1",
  hostId: 7,
  service: "nginx",
  source: "access",
  severity: "err",
  facility: "daemon",
  customer: null,
  message: "Connection refused by db-1.example.org (10.0.0.7): upstream_timeout after 30s",
  fields: { status: 502, path: "/api/v1/users", took: "1.5", "http.method": "GET", isRetry: true },
};

test("a query becomes a condition", () => {
  const refused: LogCondition = { kind: "words", tokens: ["refused"], isPrefix: false };
  const host: LogCondition = { kind: "field", field: "host", parts: ["web", ""] };
  for (const [query, expected] of [
    ["", { kind: "all" }],
    ["  *  ", { kind: "all" }],
    ["Refused", refused],
    ["db-1.example", { kind: "words", tokens: ["db", "1", "example"], isPrefix: false }],
    ["upstream*", { kind: "words", tokens: ["upstream"], isPrefix: true }],
    ['"connection refused"', { kind: "words", tokens: ["connection", "refused"], isPrefix: false }],
    ["refused host:web*", { kind: "and", of: [refused, host] }],
    ["refused AND host:web*", { kind: "and", of: [refused, host] }],
    ["NOT refused", { kind: "not", of: refused }],
    ["-refused", { kind: "not", of: refused }],
    ["refused OR host:web* refused", { kind: "or", of: [refused, { kind: "and", of: [host, refused] }] }],
    ["(refused OR host:web*) refused", { kind: "and", of: [{ kind: "or", of: [refused, host] }, refused] }],
    ["status>=500", { kind: "number", field: "status", operator: ">=", value: 500 }],
    ["offset>-5", { kind: "number", field: "offset", operator: ">", value: -5 }],
    ["severity>=warning", { kind: "severity", operator: ">=", level: 4 }],
    ["severity:ERROR", { kind: "severity", operator: "=", level: 3 }],
    ["severity:*", { kind: "field", field: "severity", parts: ["", ""] }],
    ['path:"/a b*"', { kind: "field", field: "path", parts: ["/a b*"] }],
    ["date:2026-11-23", { kind: "field", field: "date", parts: ["2026-11-23"] }],
    ["message:refused", refused],
    ["https://example.org", { kind: "words", tokens: ["https", "example", "org"], isPrefix: false }],
    ["name!=bob", { kind: "not", of: { kind: "field", field: "name", parts: ["bob"] } }],
    ["host:(web* OR db1)", { kind: "or", of: [host, { kind: "field", field: "host", parts: ["db1"] }] }],
  ] as const) {
    assert.deepEqual(parseLogQuery(query), expected, query);
  }
});

test("what cannot be understood is told with its place", () => {
  for (const [query, at, message] of [
    ['a "b', 2, /not closed by "/],
    ["(a", 0, /not closed by \)/],
    ["a)", 1, /not opened/],
    ["()", 1, /nothing stands before \)/],
    ["a OR", 4, /OR has nothing behind/],
    ["OR a", 0, /nothing stands before OR/],
    ["AND a", 0, /AND has nothing before/],
    ["a AND", 2, /AND has nothing behind/],
    ["a AND OR b", 2, /AND has nothing behind/],
    ["NOT", 0, /NOT has nothing behind/],
    ["host: web1", 0, /no value directly behind/],
    ["host:", 0, /no value directly behind/],
    ["status>high", 7, /wants a number, not high/],
    ["severity>=loud", 10, /loud is no severity; they are emerg/],
    ["... a", 0, /no letter or digit/],
    ["a*b", 0, /only stand at its end/],
    ["host:(a b:c)", 8, /within the values of host/],
    ["status>(1)", 7, /only status: can have values/],
    ["(".repeat(30), 21, /more than 20/],
    ["a ".repeat(101), 200, /more than 100 conditions/],
    ["a".repeat(5000), 4096, /5000 characters/],
  ] as const) {
    assert.throws(
      () => parseLogQuery(query),
      (error) => error instanceof LogQueryError && message.test(error.message) && error.at === at,
      `${query.slice(0, 40)}: ${outcome(query)}`,
    );
  }
});

function outcome(query: string): string {
  try {
    return JSON.stringify(parseLogQuery(query));
  } catch (error) {
    return error instanceof LogQueryError ? `${error.message} at ${error.at}` : String(error);
  }
}

test("a record matches or not", () => {
  for (const [query, expected] of [
    ["", true],
    ["refused", true],
    ["refuse", false],
    ["refus*", true],
    ['"connection refused"', true],
    ['"refused connection"', false],
    ['"connection refused by db"', true],
    ["10.0.0.7", true],
    ["10.0.0", true],
    ["0.0.1", false],
    ["upstream", false],
    ["upstream_timeout", true],
    ["host:WEB1", true],
    ["host:web", false],
    ["host:w*1", true],
    ["host:*eb*", true],
    ["host:w*w*1", false],
    ["service:nginx status>=500", true],
    ["status:502", true],
    ["status=502", true],
    ["status!=502", false],
    ["took<2", true],
    ["isRetry:true", true],
    ["http.method:get", true],
    ["path:/api/*", true],
    ["missing:*", false],
    ["NOT missing:*", true],
    ["path:*", true],
    ["severity>=warning", true],
    ["severity>=err", true],
    ["severity>=crit", false],
    ["severity<warning", false],
    ["severity:err", true],
    ["facility:daemon", true],
    ["toString:*", false],
    ["customer:*", false],
    ["refused NOT host:web1", false],
    ["nothing OR refused", true],
  ] as const) {
    assert.equal(logMatcher(parseLogQuery(query))(record), expected, query);
  }
});

test("a term made of a field and any value finds exactly that value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (value) => {
      const condition = parseLogQuery(formatLogTerm("path", value));
      assert.deepEqual(condition, { kind: "field", field: "path", parts: [value] });
      assert.ok(logMatcher(condition)({ ...record, fields: { path: value } }));
    }),
  );
});

test("any text is understood or refused with its place", () => {
  const piece = fc.constantFrom(
    "(",
    ")",
    '"',
    "AND",
    "OR",
    "NOT",
    "-",
    "a",
    "b*",
    "host:",
    "severity>=",
    "x>1",
    " ",
    "\\",
    "*",
    ":",
    "é",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 60 }),
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")),
      ),
      (text) => {
        try {
          logMatcher(parseLogQuery(text))(record);
        } catch (error) {
          assert.ok(error instanceof LogQueryError, String(error));
          assert.ok(error.at >= 0 && error.at <= text.length);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
