import assert from "node:assert/strict";
import test from "node:test";
import { findCauses } from "./find-causes.ts";

const isBad = (key: string) => ["host-1", "host-2"].includes(key);

test("a host follows from its parents when none of them works, and from masters in any case", () => {
  const host = { kind: "host", failedMasters: ["service-7"] } as const;
  assert.deepEqual(findCauses({ ...host, parents: ["host-1", "host-2"] }, isBad), ["host-1", "host-2", "service-7"]);
  assert.deepEqual(findCauses({ ...host, parents: ["host-1", "host-3"] }, isBad), ["service-7"]);
  assert.deepEqual(findCauses({ kind: "host", parents: [], failedMasters: [] }, isBad), []);
});

test("a service follows from its host and its masters, a business rule from its leaves alone", () => {
  const service = { kind: "service", host: "host-1", failedMasters: ["service-7"] } as const;
  assert.deepEqual(findCauses({ ...service, leaves: [] }, isBad), ["host-1", "service-7"]);
  assert.deepEqual(findCauses({ ...service, leaves: ["service-9"] }, isBad), ["service-9"]);
});
