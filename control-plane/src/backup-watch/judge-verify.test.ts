import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeQuota } from "./judge-quota.ts";
import { judgeVerify } from "./judge-verify.ts";

const dayMs = 86_400_000;
const nowMs = 100 * dayMs;
const well = { seenAtMs: nowMs, scrubbedAtMs: nowMs - dayMs, damaged: [], createdAtMs: 0 };

test("what is damaged is named with files and snapshots, whatever else is known", () => {
  const files = [{ snapshotId: "ab".repeat(32), path: "/home/ann/letter.txt" }];
  const damaged = [
    { object: `data/${"cd".repeat(32)}`, reason: "r", foundAtMs: 0, files, fileCount: 7, snapshots: ["ab".repeat(32)] },
  ];
  const { returnCode, output } = judgeVerify({ ...well, seenAtMs: null, damaged }, nowMs);
  assert.equal(returnCode, 2);
  assert.match(
    output,
    /1 object is damaged: data\/cdcdcdcdcdcd; 7 files are hit in snapshot abababab: \/home\/ann\/letter\.txt \(abababab\)/,
  );
  assert.match(output, /\| scrub_age=86400s;2592000;5184000;0 bad_objects=1;;0;0 files_affected=7;;0;0$/);
});

test("without damage the time since everything was read counts, and a silent server is UNKNOWN", () => {
  const codes = [
    [well, 0],
    [{ ...well, scrubbedAtMs: nowMs - 30 * dayMs }, 1],
    [{ ...well, scrubbedAtMs: nowMs - 60 * dayMs }, 2],
    [{ ...well, scrubbedAtMs: null, createdAtMs: nowMs - dayMs }, 0],
    [{ ...well, seenAtMs: nowMs - 2 * 3_600_000 }, 3],
    [{ ...well, seenAtMs: null }, 3],
  ] as const;
  for (const [facts, code] of codes) assert.equal(judgeVerify(facts, nowMs).returnCode, code, JSON.stringify(facts));
});

test("a quota is WARNING at 80 %, CRITICAL at 95 %, and nothing without one", () => {
  const codes = [79, 80, 94, 95, 200].map((usedBytes) => judgeQuota({ usedBytes, quotaBytes: 100 }).returnCode);
  assert.deepEqual(codes, [0, 1, 1, 2, 2]);
  assert.equal(judgeQuota({ usedBytes: 200, quotaBytes: 0 }).returnCode, 0);
});
