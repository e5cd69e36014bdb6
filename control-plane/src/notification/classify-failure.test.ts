import assert from "node:assert/strict";
import { test } from "node:test";
import { classifyFailure } from "./classify-failure.ts";

const failure = (properties: object) => Object.assign(new Error("Can't send mail"), properties);

const table: [string, object, "retry" | "dead", boolean][] = [
  [
    "an unknown recipient (550) is dead",
    { code: "EENVELOPE", responseCode: 550, response: "550 5.1.1 User unknown" },
    "dead",
    false,
  ],
  [
    "a message refused after DATA (554) is dead",
    { code: "EMESSAGE", responseCode: 554, response: "554 spam" },
    "dead",
    false,
  ],
  ["greylisting (450) is tried again", { code: "EENVELOPE", responseCode: 450, response: "450 later" }, "retry", false],
  [
    "a full disk (452) is tried again",
    { code: "EMESSAGE", responseCode: 452, response: "452 no space" },
    "retry",
    false,
  ],
  ["a refused connection is tried again", { code: "ESOCKET" }, "retry", true],
  ["a time-out is tried again", { code: "ETIMEDOUT" }, "retry", true],
  [
    "a refused password (535) is tried again, since it is ours to mend",
    { code: "EAUTH", responseCode: 535 },
    "retry",
    true,
  ],
  ["an address that cannot be sent is dead", { code: "EENVELOPE" }, "dead", false],
];
for (const [name, properties, outcome, isConnection] of table) {
  test(name, () => {
    const seen = classifyFailure(failure(properties));
    assert.deepEqual([seen.outcome, seen.isConnection], [outcome, isConnection]);
  });
}

test("the server's words are kept in one line of bounded length", () => {
  const seen = classifyFailure(
    failure({ code: "EENVELOPE", responseCode: 550, response: `550-no\r\n550 ${"x".repeat(999)}` }),
  );
  assert.match(seen.message, /^550-no 550 x+…$/);
  assert.equal(seen.message.length, 500);
});
