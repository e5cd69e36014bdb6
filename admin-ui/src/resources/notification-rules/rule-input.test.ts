import assert from "node:assert/strict";
import { test } from "node:test";
import { ruleInput } from "./rule-input.ts";

test("no states chosen is all of them, and a digest without schedule is none", () => {
  const { escalations, digest } = ruleInput({
    name: "r",
    escalations: [
      { afterCount: 1, states: [] },
      { afterCount: 2, states: ["DOWN"] },
    ],
    digest: { cron: " ", timeZone: "UTC" },
  });
  assert.deepEqual(escalations, [
    { afterCount: 1, states: null },
    { afterCount: 2, states: ["DOWN"] },
  ]);
  assert.equal(digest, null);
  assert.deepEqual(ruleInput({ digest: { cron: "0 8 * * *" } }).digest, { cron: "0 8 * * *" });
  assert.deepEqual(ruleInput({}).escalations, []);
});
