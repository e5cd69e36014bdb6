import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { runInTest } from "../run-in-test.ts";

describe("file-age", () => {
  const folder = mkdtempSync(join(tmpdir(), "mycloud-file-age-"));
  after(() => rmSync(folder, { recursive: true }));
  const now = () => 1_700_000_300_000;
  const file = join(folder, "dump");
  writeFileSync(file, "x".repeat(2048));
  utimesSync(file, 1_700_000_000, 1_700_000_000);

  const table: [string, number, RegExp][] = [
    ["-f $F", 1, /dump is 5 min old \(warning above 240 s\) and has 2 KiB$/],
    ["-f $F -w 10m -c 1h", 0, /OK/],
    ["-f $F -w 1m -c 299", 2, /critical above 299 s/],
    ["-f $F -w 600 -W 4096", 1, /has 2 KiB \(warning below 4096 B\)/],
    ["-f $F -w 600 -C 1:2000", 2, /has 2 KiB \(critical outside 1:2000 B\)/],
    [
      "-f $F -f $F.missing -w 600",
      2,
      /^FILE_AGE CRITICAL - \S+missing: no such file or directory; \S+dump is 5 min old/,
    ],
    ["-f $F.missing -i", 0, /does not exist/],
    ["", 3, /-f\/--file FILE is required/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line} is ${returnCode}`, async () => {
      const result = await runInTest("file-age", line.replaceAll("$F", file), { now });
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }
});
