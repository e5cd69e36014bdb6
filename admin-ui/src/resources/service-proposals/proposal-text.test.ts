import assert from "node:assert/strict";
import { test } from "node:test";
import { commandText, decisionText, isApprovable, phaseText } from "./proposal-text.ts";

test("a proposal says what was decided, and whether its thing is still there", () => {
  assert.equal(phaseText({ phase: "proposed", vanishedAtMs: null }), "proposed");
  assert.equal(phaseText({ phase: "proposed", vanishedAtMs: 1 }), "gone");
  assert.equal(phaseText({ phase: "approved", vanishedAtMs: 1 }), "approved, gone");
});

test("what is there and has no check can be approved, also after it was rejected", () => {
  assert.ok(isApprovable({ phase: "proposed", vanishedAtMs: null }));
  assert.ok(isApprovable({ phase: "rejected", vanishedAtMs: null }));
  assert.ok(!isApprovable({ phase: "proposed", vanishedAtMs: 1 }));
  assert.ok(!isApprovable({ phase: "approved", vanishedAtMs: null }));
});

test("a command is shown with its words apart", () => {
  const check = {
    serviceName: "x",
    command: "disk",
    arguments: ["-w", "10%", "-p", "/var lib"],
    checkIntervalSeconds: 60,
  };
  assert.equal(commandText({ check }), 'disk -w 10% -p "/var lib"');
});

test("a decision on many is told in one line", () => {
  const done = [{ id: 1, checkId: 7 }];
  assert.equal(decisionText("Approved", { done, refused: [] }), "Approved: 1");
  const refused = [{ id: 2, message: "it is not there any more" }];
  assert.equal(decisionText("Approved", { done, refused }), "Approved: 1, refused: 1 (it is not there any more)");
});
