import assert from "node:assert/strict";
import { test } from "node:test";
import { changeText } from "./override-text.ts";

test("a change is said in the words of its setting, beside what is defined", () => {
  const texts = [
    changeText({ setting: "checkIntervalSeconds", value: 600, defined: 60 }),
    changeText({ setting: "maxCheckAttempts", value: 7, defined: 3 }),
    changeText({ setting: "checkPeriod", value: "nights", defined: null }),
    changeText({ setting: "isNotificationEnabled", value: false, defined: true }),
    changeText({ setting: "variables", value: { COLOR: "red" }, defined: { COLOR: "blue", SIZE: "1" } }),
    changeText({ setting: "variables", value: { COLOR: "red" }, defined: { SIZE: "1" } }),
  ];
  assert.deepEqual(
    texts.map(({ now, defined }) => `${now} | ${defined}`),
    ["10m | 1m", "7 | 3", "nights | always", "no | yes", "COLOR=red | COLOR=blue", "COLOR=red | nothing"],
  );
});
