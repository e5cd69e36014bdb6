import assert from "node:assert/strict";
import test from "node:test";
import { DependencyInput } from "@mycloud/protocol/dependency";
import type { z } from "zod";
import { findDependencyCircle } from "./find-dependency-circle.ts";

const hosts = ["web1", "web2"].map((name) => ({ name, groups: [], labels: {} }));
let count = 0;
function circle(...dependencies: Omit<z.input<typeof DependencyInput>, "name">[]) {
  const all = dependencies.map((input) =>
    DependencyInput.parse({ name: `d${++count}`, notificationFailureStates: ["CRITICAL"], ...input }),
  );
  return findDependencyCircle(all, hosts);
}

test("masters that depend on each other are a circle", () => {
  const a = { dependent: { hosts: ["web1"], services: ["a"] }, masters: [{ host: "web2", service: "b" }] };
  const b = { dependent: { hosts: ["web2"], services: ["b"] }, masters: [{ host: "web1", service: "a" }] };
  assert.equal(circle(a), null);
  assert.deepEqual(circle(a, b)?.length, 3);
});

test("a circle on every host's own services is found, a chain is none", () => {
  const a = { dependent: { services: ["a"] }, masters: [{ service: "b" }] };
  const b = { dependent: { services: ["b"] }, masters: [{ service: "c" }] };
  assert.equal(circle(a, b), null);
  assert.notEqual(circle(a, b, { dependent: { services: ["c"] }, masters: [{ service: "a" }] }), null);
});

test("what covers its own master is no circle", () => {
  assert.equal(circle({ dependent: { services: ["*"] }, masters: [{ service: "ssh" }] }), null);
});

test("dependencies of different hosts do not meet", () => {
  const a = { dependent: { hosts: ["web1"], services: ["a"] }, masters: [{ service: "b" }] };
  const b = { dependent: { hosts: ["web2"], services: ["b"] }, masters: [{ service: "a" }] };
  assert.equal(circle(a, b), null);
});
