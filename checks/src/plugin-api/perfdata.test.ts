import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { formatPerfdata, MAX_PERFDATA, MAX_REJECTED, type Perfdatum, parsePerfdata } from "./perfdata.ts";
import { quickestMs } from "./testing/quickest.ts";

test("every form real plugins print is read", () => {
  const table: [string, Perfdatum[]][] = [
    ["", []],
    [
      "rta=0.377000ms;100.0;500.0;0.0",
      [{ label: "rta", value: 0.377, unit: "ms", warn: "100.0", crit: "500.0", min: 0 }],
    ],
    ["load1=4.780;5.000;10.000;0;", [{ label: "load1", value: 4.78, unit: "", warn: "5.000", crit: "10.000", min: 0 }]],
    [
      "/=49258954752B;60;80;0;100 ",
      [{ label: "/", value: 49258954752, unit: "B", warn: "60", crit: "80", min: 0, max: 100 }],
    ],
    ["procs=0;@10:20;~:5;0;", [{ label: "procs", value: 0, unit: "", warn: "@10:20", crit: "~:5", min: 0 }]],
    [
      "'b c'=5ms 'it''s'=1 ''''=2",
      [
        { label: "b c", value: 5, unit: "ms" },
        { label: "it's", value: 1, unit: "" },
        { label: "'", value: 2, unit: "" },
      ],
    ],
    ["'C:\\ %'=42%;80;90;0;100", [{ label: "C:\\ %", value: 42, unit: "%", warn: "80", crit: "90", min: 0, max: 100 }]],
    ["time=0.004s;;;0.000000;10.000000s", [{ label: "time", value: 0.004, unit: "s", min: 0, max: 10 }]],
    ["rta=U;100;500;0", [{ label: "rta", value: null, unit: "", warn: "100", crit: "500", min: 0 }]],
    ["rta=;100;500", [{ label: "rta", value: null, unit: "", warn: "100", crit: "500" }]],
    ["ratio=-nan%", [{ label: "ratio", value: null, unit: "" }]],
    ["a=1,5s;2,b=3", [{ label: "a", value: 1.5, unit: "s", warn: "2,b=3" }]],
    [
      "rta=0,1ms, pl=0%",
      [
        { label: "rta", value: 0.1, unit: "ms" },
        { label: "pl", value: 0, unit: "%" },
      ],
    ],
    [
      "a=1e3 b=-1.5E-2c",
      [
        { label: "a", value: 1000, unit: "" },
        { label: "b", value: -0.015, unit: "c" },
      ],
    ],
    ["a=1\nb=2\r\n\tc=3", ["a", "b", "c"].map((label, i) => ({ label, value: i + 1, unit: "" }))],
    ["/page?x=1&y=2=7ms", [{ label: "/page?x=1&y=2", value: 7, unit: "ms" }]],
    ["it's=5", [{ label: "it's", value: 5, unit: "" }]],
    ["temp=21.5°C;80%", [{ label: "temp", value: 21.5, unit: "°C", warn: "80%" }]],
    ["a=1;;;;;;;", [{ label: "a", value: 1, unit: "" }]],
  ];
  for (const [text, perfdata] of table) assert.deepEqual(parsePerfdata(text), { perfdata, rejected: [] }, text);
});

test("what is not perfdata is rejected by name and costs its neighbours nothing", () => {
  const table: [string, string[], string[]][] = [
    ["hello a=1 world", ["a"], ["hello", "world"]],
    ["a=b c=1", ["c"], ["a=b"]],
    ["=5 ''=6 c=1", ["c"], ["=5", "''=6"]],
    ["a=1.2.3 b=0x10 c=1 d=1e999", ["c"], ["a=1.2.3", "b=0x10", "d=1e999"]],
    ["'open a=1 b=2", ["a", "b"], ["'open"]],
    ["'open a=1 'b c'=2 d=3", ["c'", "d"], ["'open a=1 'b"]],
    ["'a'5 b=1", ["b"], ["'a'5"]],
    ["a=inf b=1", ["b"], ["a=inf"]],
  ];
  for (const [text, labels, rejected] of table) {
    const parsed = parsePerfdata(text);
    assert.deepEqual(parsed.rejected, rejected, text);
    for (const label of labels)
      assert.ok(
        parsed.perfdata.some((item) => item.label === label),
        `${label} in ${text}`,
      );
  }
});

const limit = fc.option(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  { nil: undefined },
);
const threshold = fc.option(fc.stringMatching(/^@?[~0-9:.-]{1,20}$/), { nil: undefined });
const perfdatum = fc
  .record({
    label: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((label) => !/[\r\n]/.test(label)),
    measured: fc.option(
      fc.record({
        value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
        unit: fc.constantFrom("", "s", "ms", "us", "%", "B", "KB", "c", "°C", "B/s", "e"),
      }),
    ),
    warn: threshold,
    crit: threshold,
    min: limit,
    max: limit,
  })
  .map(
    ({ label, measured, warn, crit, min, max }): Perfdatum => ({
      label,
      ...(measured ?? { value: null, unit: "" }),
      ...(warn === undefined ? {} : { warn }),
      ...(crit === undefined ? {} : { crit }),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    }),
  );

test("perfdata is written so that it is read back the same", () => {
  fc.assert(
    fc.property(fc.array(perfdatum), (perfdata) => {
      assert.deepEqual(parsePerfdata(formatPerfdata(perfdata)), { perfdata, rejected: [] });
    }),
    { numRuns: 500 },
  );
});

test("a hostile label or threshold stays within its own item", () => {
  const written = formatPerfdata([
    { label: "a\nb", value: 1, unit: "", warn: "1; 2" },
    { label: "c", value: 2, unit: "" },
  ]);
  assert.deepEqual(parsePerfdata(written).perfdata, [
    { label: "a b", value: 1, unit: "", warn: "12" },
    { label: "c", value: 2, unit: "" },
  ]);
});

test("no text makes the parser throw, and every value it returns is finite or unknown", () => {
  const text = fc
    .array(fc.constantFrom("'", "''", "=", ";", " ", "\n", "a", "1", ".", ",", "e", "U", "-", "%", "|", "\0"))
    .map((p) => p.join(""));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: "binary" })), (input) => {
      for (const { label, value, min, max } of parsePerfdata(input).perfdata) {
        assert.notEqual(label, "");
        for (const number of [value ?? 0, min ?? 0, max ?? 0]) assert.ok(Number.isFinite(number));
      }
    }),
    { numRuns: 1000 },
  );
});

test("64 kB of hostile text take less than a quarter of a second", () => {
  for (const piece of [
    "'",
    "' ",
    "'a ",
    "''",
    "'''",
    "''' ",
    "=",
    ";",
    "a=1;",
    "a=1 ",
    "1",
    "9,",
    "a=1,",
    "\n",
    "'a'=1 ",
    "a=1e",
  ]) {
    const text = piece.repeat(65_536 / piece.length);
    for (const input of [text, `a=${text}`, `'a ${text}`]) {
      const tookMs = quickestMs(() => parsePerfdata(input));
      assert.ok(tookMs < 250, `${JSON.stringify(piece)}: ${tookMs} ms`);
    }
  }
});

test("one result yields a bounded number of items and of rejected pieces", () => {
  assert.equal(parsePerfdata("a=1 ".repeat(MAX_PERFDATA + 500)).perfdata.length, MAX_PERFDATA);
  assert.equal(parsePerfdata("x ".repeat(500)).rejected.length, MAX_REJECTED);
  assert.ok((parsePerfdata("x".repeat(50_000)).rejected[0] ?? "").length < 200);
});
