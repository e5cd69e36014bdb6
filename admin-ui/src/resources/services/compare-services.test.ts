import assert from "node:assert/strict";
import { test } from "node:test";
import { compareByState } from "./compare-services.ts";

test("services are ordered by state, then by name", () => {
  const services = [
    { state: "OK", name: "b" },
    { state: "STALE", name: "z" },
    { state: "OK", name: "a" },
    { state: "CRITICAL", name: "x" },
    { state: "WARNING", name: "w" },
  ] as const;
  assert.deepEqual(
    [...services].sort(compareByState).map((service) => service.name),
    ["x", "z", "w", "a", "b"],
  );
});
