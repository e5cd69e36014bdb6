import assert from "node:assert/strict";
import { test } from "node:test";
import { type ActionTarget, downtimeSelectors, targetIds, targetsText } from "./action-target.ts";

const target = (hostName: string, serviceName: string | null = null): ActionTarget => ({
  hostId: hostName.length,
  hostName,
  serviceId: serviceName === null ? null : serviceName.length,
  serviceName,
});

test("targets are split into services and hosts", () => {
  assert.deepEqual(targetIds([target("web1", "load"), target("db")]), { serviceIds: [4], hostIds: [2] });
});

test("one target is named, several are counted", () => {
  assert.equal(targetsText([target("web1", "load")]), "load on web1");
  assert.equal(targetsText([target("web1")]), "web1");
  assert.equal(targetsText([target("a", "x"), target("b", "x"), target("c")]), "2 services and 1 host");
});

test("hosts with the same chosen services share a downtime", () => {
  assert.deepEqual(
    downtimeSelectors([target("a", "load"), target("b", "load"), target("c", "disk"), target("c", "load")]),
    [
      { hosts: ["a", "b"], services: ["load"] },
      { hosts: ["c"], services: ["disk", "load"] },
    ],
  );
});

test("a host chosen itself is covered with all its services", () => {
  assert.deepEqual(downtimeSelectors([target("a", "load"), target("a"), target("b")]), [{ hosts: ["a", "b"] }]);
});
