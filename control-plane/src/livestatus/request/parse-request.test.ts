import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseRequest } from "./parse-request.ts";
import { RequestReader } from "./request-reader.ts";

const nowMs = 1_700_000_000_000;
const parse = (text: string) => parseRequest(text.split("\n"), nowMs);

function query(text: string) {
  const request = parse(text);
  if (request.kind !== "query") throw new Error(`${text} is a ${request.kind}`);
  return request.query;
}

const compare = (column: string, operator: string, value: string, isNegated = false) => ({
  kind: "compare",
  column,
  operator,
  isNegated,
  value,
});

test("filters are joined as a stack, and what is left must all hold", () => {
  assert.deepEqual(query("GET hosts\nFilter: a = 1\nFilter: b !~~ x y\nFilter: c >=\nOr: 2\nNegate:").filter, {
    kind: "and",
    of: [
      compare("a", "=", "1"),
      { kind: "not", of: { kind: "or", of: [compare("b", "~~", "x y", true), compare("c", ">=", "")] } },
    ],
  });
});

test("Stats are counters and figures, joined apart from filters", () => {
  const { stats, columns, hasColumnHeaders } = query(
    "GET hosts\nStats: a = 1\nStats: b = 2\nStatsAnd: 2\nStatsNegate:\nStats: sum c\nStats: sum = 3",
  );
  assert.deepEqual(stats, [
    {
      kind: "count",
      filter: { kind: "not", of: { kind: "and", of: [compare("a", "=", "1"), compare("b", "=", "2")] } },
    },
    { kind: "sum", column: "c" },
    { kind: "count", filter: compare("sum", "=", "3") },
  ]);
  assert.deepEqual([columns, hasColumnHeaders], [[], false]);
});

test("column headers come when no columns are asked for, unless they are wanted or not", () => {
  assert.equal(query("GET hosts").hasColumnHeaders, true);
  assert.equal(query("GET hosts\nColumns: a b").hasColumnHeaders, false);
  assert.equal(query("GET hosts\nColumns: a\nColumnHeaders: on").hasColumnHeaders, true);
  assert.equal(query("GET hosts\nColumnHeaders: off").hasColumnHeaders, false);
});

test("Localtime is a clock to the half hour, not more than a day away", () => {
  assert.equal(query(`GET hosts\nLocaltime: ${nowMs / 1000 + 3590}`).clockOffsetSeconds, 3600);
  assert.equal(query(`GET hosts\nLocaltime: ${nowMs / 1000 - 5300}`).clockOffsetSeconds, -5400);
  assert.equal(parse(`GET hosts\nLocaltime: ${nowMs / 1000 + 90_000}`).kind, "error");
});

test("the first fault is answered, in the style that other headers ask for", () => {
  const request = parse("GET hosts\nAnd: 1\nNonsense: 1\nResponseHeader: fixed16\nKeepAlive: on");
  assert.ok(request.kind === "error");
  assert.deepEqual([request.error.code, request.style], [400, { hasFixed16: true, isKeptAlive: true }]);
  assert.match(request.error.message, /cannot combine 1 filters/);
});

test("a command keeps its semicolons and blanks", () => {
  assert.deepEqual(parse("COMMAND [1] ADD_SVC_COMMENT;web 1;a;1;ann;b; c "), {
    kind: "command",
    line: "[1] ADD_SVC_COMMENT;web 1;a;1;ann;b; c",
    authUser: null,
  });
  assert.deepEqual(parse("COMMAND [1] A;b\nAuthUser: ann "), { kind: "command", line: "[1] A;b", authUser: "ann" });
});

test("filters nested without end, or without number, are refused", () => {
  const deep = `GET hosts\nFilter: a = 1\n${"Negate:\n".repeat(200)}`.trim();
  const stats = `GET hosts\nStats: a = 1\n${"StatsNegate:\n".repeat(200)}`.trim();
  const many = `GET hosts\n${"Filter: a = 1\n".repeat(20_001)}`.trim();
  for (const text of [deep, stats, many]) {
    const request = parse(text);
    assert.ok(request.kind === "error" && request.error.code === 413, text.slice(0, 40));
  }
});

test("a stream cut anywhere gives the same requests", () => {
  const text =
    "GET hosts\nColumns: näme\n\nCOMMAND [1] A;b\nCOMMAND [1] B\nAuthUser: ann\n\n\nGET services\r\nLimit: 1\r\n\r\nGET status";
  const bytes = Buffer.from(text);
  const expected = [
    ["GET hosts", "Columns: näme"],
    ["COMMAND [1] A;b"],
    ["COMMAND [1] B", "AuthUser: ann"],
    ["GET services", "Limit: 1"],
    ["GET status"],
  ];
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (cuts) => {
      const reader = new RequestReader();
      const found: (readonly string[])[] = [];
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      for (const [index, from] of places.entries()) {
        reader.push(bytes.subarray(from, places[index + 1] ?? bytes.length));
        for (let lines = reader.take(); lines !== undefined; lines = reader.take()) found.push(lines);
      }
      const last = reader.takeLast();
      assert.deepEqual(last === undefined ? found : [...found, last], expected);
    }),
  );
});

test("no lines make the parser throw", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (lines) => {
      assert.ok(["query", "command", "error"].includes(parseRequest(lines, nowMs).kind));
    }),
    { numRuns: 2000 },
  );
});
