import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters, styleText } from "node:util";
import fc from "fast-check";
import { type Column, formatTable, printable } from "./table.ts";

interface Row {
  readonly name: string;
  readonly count: number;
}
const columns: readonly Column<Row>[] = [
  { heading: "NAME", cell: (row) => row.name },
  { heading: "N", cell: (row) => String(row.count), align: "right" },
  { heading: "REST", cell: () => "x" },
];
const plain = (_style: string, text: string) => text;

test("columns are as wide as their widest cell, numbers to the right, nothing trailing", () => {
  const rows = [
    { name: "web1", count: 5 },
    { name: "database-primary", count: 1200 },
  ];
  assert.equal(
    formatTable(columns, rows, plain),
    ["NAME                 N  REST", "web1                 5  x", "database-primary  1200  x", ""].join("\n"),
  );
});

test("colours do not count as width", () => {
  const coloured: Column<Row>[] = [
    { heading: "NAME", cell: (row) => styleText("red", row.name, { validateStream: false }) },
    { heading: "N", cell: (row) => String(row.count) },
  ];
  const text = formatTable(coloured, [{ name: "web1", count: 1 }], plain);
  assert.equal(stripVTControlCharacters(text), "NAME  N\nweb1  1\n");
});

test("on a terminal no line is wider than it, whatever the text", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "ö", "日", " "), maxLength: 60 });
  fc.assert(
    fc.property(line, fc.integer({ min: 5, max: 40 }), (name, width) => {
      const lines = formatTable(columns, [{ name, count: 1 }], plain, width)
        .trimEnd()
        .split("\n");
      for (const shown of lines) assert.ok([...shown].length <= width, shown);
    }),
  );
});

test("control characters of a plugin's output become spaces", () => {
  assert.equal(printable("a\nb\u001b[31mc\u0007"), "a b [31mc ");
});
