import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createLineStream } from "./line-stream.ts";
import { createTextEncoding } from "./text-encoding.ts";

const isStart = (line: string) => /^\d/.test(line);

interface Joined {
  readonly lines: readonly string[];
  readonly consumed: number;
}

async function linesOf(
  bytes: Buffer,
  borders: readonly number[],
  options: { readonly label?: string; readonly isJoined?: boolean } = {},
): Promise<Joined> {
  const stream = createLineStream({
    encoding: createTextEncoding(options.label ?? "utf-8"),
    multiline: options.isJoined === true ? { findStarts: (found) => found.map(isStart), maximumLines: 5 } : null,
    maximumLines: 7,
  });
  const lines: string[] = [];
  let consumed = 0;
  const use = async (found: Joined) => {
    lines.push(...found.lines);
    consumed = found.consumed;
  };
  const sorted = [...borders].map((border) => border % (bytes.length + 1)).sort((left, right) => left - right);
  let from = 0;
  for (const border of [...sorted, bytes.length]) {
    await stream.write(bytes.subarray(from, border), use);
    from = border;
  }
  await stream.flush(use);
  return { lines, consumed };
}

const someLines = fc.array(
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replace(/[\r\n\0]/gu, "_")),
  { maxLength: 40 },
);
const someBorders = fc.array(fc.nat(2_000), { maxLength: 12 });

for (const label of ["utf-8", "utf-16le", "utf-16be"] as const) {
  test(`lines in ${label} are the same wherever they are cut into pieces`, async () => {
    await fc.assert(
      fc.asyncProperty(someLines, someBorders, fc.boolean(), async (lines, borders, isCrLf) => {
        const text = lines.map((line) => `${line}${isCrLf ? "\r\n" : "\n"}`).join("");
        const bytes = Buffer.from(text, label === "utf-8" ? "utf8" : "utf16le");
        if (label === "utf-16be") bytes.swap16();
        const found = await linesOf(bytes, borders, { label });
        assert.deepEqual(found.lines, lines);
        assert.equal(found.consumed, bytes.length);
      }),
      { numRuns: 100 },
    );
  });
}

test("records of several lines are the same wherever they are cut into pieces, and no line is lost", async () => {
  const line = fc.constantFrom("1 start", "2 start", "  at somewhere", "", "x");
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 60 }), someBorders, async (lines, borders) => {
      const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(""));
      const found = await linesOf(bytes, borders, { isJoined: true });
      assert.equal(found.consumed, bytes.length);
      assert.deepEqual(
        found.lines.flatMap((record) => record.split("\n")),
        lines,
      );
      for (const record of found.lines) {
        const [, ...rest] = record.split("\n");
        assert.ok(rest.length < 5 && !rest.some(isStart), record);
      }
    }),
    { numRuns: 200 },
  );
});

test("whatever bytes come, they are all consumed and none makes it fail", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      someBorders,
      fc.constantFrom("utf-8", "utf-16le", "utf-16be", "shift_jis", "gb18030", "iso-8859-1"),
      async (bytes, borders, label) => {
        const { lines } = await linesOf(Buffer.from(bytes), borders, { label });
        assert.ok(lines.every((one) => !one.includes("\n") || label !== "utf-8"));
      },
    ),
    { numRuns: 200 },
  );
});

test("a name that is no encoding is refused", () => {
  assert.throws(() => createTextEncoding("utf-9"), RangeError);
});
