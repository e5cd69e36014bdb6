import assert from "node:assert/strict";
import test from "node:test";
import { ContactInput } from "../contact/index.ts";
import { ForwardInput } from "../forward/index.ts";
import { NotificationRuleInput } from "../notification/index.ts";
import { TimePeriodInput } from "../time-period/index.ts";
import { defaultsOf, faultsOf, fitInput, listFaults } from "./index.ts";

test("a form starts with the defaults of the schema", () => {
  assert.deepEqual(defaultsOf(TimePeriodInput), {
    alias: "",
    timeZone: "UTC",
    weekly: {},
    exceptions: [],
    exclude: [],
  });
  assert.deepEqual(defaultsOf(ContactInput).channels, [{ type: "email" }]);
});

test("what only records have is dropped, and an emptied text falls back to its default", () => {
  assert.deepEqual(fitInput(TimePeriodInput, { id: 1, name: "office", alias: null, createdAtMs: 5, exclude: ["a"] }), {
    name: "office",
    exclude: ["a"],
  });
  assert.equal(fitInput(ContactInput, { name: "a", email: null }).email, null);
  assert.equal(fitInput(ContactInput, { name: "a", email: "" }).email, null);
});

test("fields of a variant chosen before do not stay behind in another", () => {
  const target = { type: "nsca", host: "a", url: "http://b", username: "c", port: null };
  assert.deepEqual(fitInput(ForwardInput, { name: "x", target }).target, { type: "nsca", host: "a" });
  const pipe = { type: "command-pipe", path: "/p", host: "a" };
  assert.deepEqual(fitInput(ForwardInput, { name: "x", target: pipe }).target, { type: "command-pipe", path: "/p" });
});

test("faults are told where they are, in words", () => {
  assert.deepEqual(faultsOf(TimePeriodInput, { name: "office" }), {});
  assert.deepEqual(faultsOf(TimePeriodInput, {}), { name: "is missing" });
  const faults = faultsOf(TimePeriodInput, {
    name: "x",
    timeZone: "Mars",
    exceptions: [{ days: "someday", times: [] }],
  });
  assert.deepEqual(
    listFaults(faults).map(({ path }) => path),
    ["timeZone", "exceptions.0.days"],
  );
  const rule = faultsOf(NotificationRuleInput, { name: "r", states: [], escalations: [{}], firstDelaySeconds: -1 });
  assert.equal(rule.states, "is empty");
  assert.equal(rule.firstDelaySeconds, "is below 0");
  assert.match(JSON.stringify(rule.escalations), /after a count/);
  const forward = faultsOf(ForwardInput, { name: "f", target: { type: "ws-arbiter", url: "no" } });
  assert.deepEqual(listFaults(forward), [
    { path: "target.url", message: "is not a web address (http:// or https://)" },
  ]);
});
