import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExcludesRule } from "@mycloud/protocol/backup-policy";
import { leftOutBy, matchesNothing, ruleText } from "./excludes-text.ts";

const rule: ExcludesRule = {
  kind: "exclude",
  text: "*.tmp",
  isTakingBack: false,
  files: 2,
  folders: 0,
  others: 0,
  bytes: 20,
  isWhole: true,
  examples: [],
};

test("a rule is told as a person would", () => {
  assert.equal(ruleText(rule), "*.tmp");
  assert.equal(ruleText({ kind: "excludeIfPresent", text: ".nobackup" }), "folders that have .nobackup");
  assert.match(ruleText({ kind: "excludeLargerThanBytes", text: "1000000" }), /^files larger than [\d.]+ [KM]/);
});

test("what is taken back is not left out", () => {
  assert.deepEqual(leftOutBy([rule, { ...rule, isTakingBack: true }, rule]), { files: 4, bytes: 40 });
});

test("a rule matches nothing only when everything was counted", () => {
  const nothing = { ...rule, files: 0, bytes: 0 };
  assert.ok(matchesNothing(nothing));
  assert.ok(!matchesNothing({ ...nothing, isWhole: false }));
  assert.ok(!matchesNothing({ ...nothing, folders: 1 }));
});
