import assert from "node:assert/strict";
import { test } from "node:test";
import { ForwardTarget } from "@mycloud/protocol/forward";
import { forwardTargetText } from "./forward-target-text.ts";

test("a target is named without what is secret", () => {
  const text = (target: object) => forwardTargetText(ForwardTarget.parse(target));
  assert.equal(
    text({ type: "ws-arbiter", url: "http://us:hunter2@old:7760/", password: "x" }),
    "ws-arbiter http://old:7760/",
  );
  assert.equal(text({ type: "nsca", host: "old", password: "x" }), "nsca old:5667, method 14");
  assert.equal(text({ type: "command-pipe", path: "/run/nagios.cmd" }), "pipe /run/nagios.cmd");
});
