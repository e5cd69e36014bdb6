import assert from "node:assert/strict";
import { test } from "node:test";
import { BackupPolicyInput } from "@mycloud/protocol/backup-policy";
import { contentText, objectiveText, retentionText, scheduleText, shareText } from "./policy-text.ts";

test("objectives are told in the unit that fits", () => {
  assert.deepEqual([null, 45, 5400, 93_600, 1_296_000].map(objectiveText), ["none", "45 s", "90 min", "26 h", "15 d"]);
});

test("a policy says what it backs up and when", () => {
  const policy = BackupPolicyInput.parse({
    name: "x",
    selector: {},
    paths: ["/home", "/etc"],
    dumps: [{ preset: "mariadb" }],
    schedule: { cron: "0 3 * * *", timeZone: "Europe/Berlin", window: { from: "22:00", to: "06:00" } },
  });
  assert.equal(contentText(policy), "/home, /etc, mariadb dump");
  assert.equal(scheduleText(policy), "0 3 * * * Europe/Berlin, 22:00 to 06:00");
  assert.equal(scheduleText({ ...policy, timing: "timer" }), "by the host's timer");
});

test("what is kept is said in the words of the policy", () => {
  assert.equal(retentionText({}), "all");
  assert.equal(retentionText({ keepDaily: 14, keepWeekly: 0, keepYearly: -1 }), "14 daily, all yearly");
  assert.equal(retentionText({ keepWithin: "30d", keepWithinMonthly: "1y" }), "all within 30d, monthly within 1y");
});

test("a share that is not all is never said to be", () => {
  assert.deepEqual([1, 0.99999, 0.5, 0].map(shareText), ["100 %", "99.9 %", "50 %", "0 %"]);
});
