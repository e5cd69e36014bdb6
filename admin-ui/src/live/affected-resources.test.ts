import assert from "node:assert/strict";
import { test } from "node:test";
import { affectedResources, eventTypes, resourcesTouchedBy } from "./affected-resources.ts";

test("every event type is listened for", () => {
  assert.deepEqual([...eventTypes].sort(), Object.keys(affectedResources).sort());
});

test("events together touch each resource once", () => {
  assert.deepEqual([...resourcesTouchedBy(["services", "hosts", "overview"])].sort(), [
    "explanation",
    "hosts",
    "overview",
    "perfdata",
    "problems",
    "services",
  ]);
});
