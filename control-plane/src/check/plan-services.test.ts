import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesHost } from "@mycloud/protocol/selector";
import fc from "fast-check";
import {
  describeConflicts,
  type PlannedCheck,
  type PlannedHost,
  planServices,
  type StoredService,
} from "./plan-services.ts";

const host = (id: number, labels: Record<string, string> = {}): PlannedHost => ({
  id,
  name: `h${id}`,
  groups: [],
  labels,
});
const check = (id: number, name: string, more: Partial<PlannedCheck> = {}): PlannedCheck => ({
  id,
  name,
  serviceName: null,
  selector: {},
  ...more,
});
const service = (id: number, hostId: number, checkId: number | null, name: string): StoredService => ({
  id,
  hostId,
  checkId,
  name,
  claimant: null,
});

test("a check becomes one service on each host it matches", () => {
  const linux = check(1, "disk", { selector: { labels: { os: "linux" } } });
  const plan = planServices([linux], [host(1, { os: "linux" }), host(2)], []);
  assert.deepEqual(plan.create, [{ hostId: 1, checkId: 1, name: "disk" }]);
});

test("a service follows its check by id, so that a rename keeps its history", () => {
  const plan = planServices([check(1, "disk", { serviceName: "disks" })], [host(1)], [service(7, 1, 1, "disk")]);
  assert.deepEqual(plan.rename, [{ serviceId: 7, hostId: 1, from: "disk", to: "disks" }]);
  assert.deepEqual([plan.create, plan.remove], [[], []]);
});

test("a service goes when its check does, or when the selector no longer matches, and says which", () => {
  const check1 = check(1, "disk", { selector: { hosts: ["h2"] } });
  const plan = planServices([check1], [host(1)], [service(7, 1, 1, "disk"), service(8, 1, 99, "old")]);
  assert.deepEqual(
    plan.remove.map(({ serviceId, reason }) => [serviceId, reason]),
    [
      [7, "selector-no-longer-matches"],
      [8, "check-deleted"],
    ],
  );
});

test("two checks of one service name on a host are a conflict that names both", () => {
  const checks = [check(1, "disk"), check(2, "space", { serviceName: "disk" })];
  const plan = planServices(checks, [host(1)], []);
  assert.equal(
    describeConflicts(plan.conflicts),
    'service "disk" on host "h1" comes from check "disk" and from check "space". Give one of them another service name, or narrow a selector.',
  );
});

test("a passive service keeps its name against a check", () => {
  const plan = planServices([check(1, "disk")], [host(1)], [service(7, 1, null, "disk")]);
  assert.deepEqual(plan.conflicts[0]?.claimants, ["a passive service", 'check "disk"']);
  assert.deepEqual([plan.create, plan.remove], [[], []]);
});

test("a plan that is carried out leaves nothing to do, whatever was there before", () => {
  const names = fc.constantFrom("a", "b", "c");
  const checks = fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 1, max: 6 }), name: names, os: fc.constantFrom("linux", "bsd", null) }),
    { selector: (one) => one.id, maxLength: 6 },
  );
  const hosts = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 4 }), os: fc.constantFrom("linux", "bsd") }), {
    selector: (one) => one.id,
    maxLength: 4,
  });
  const services = fc.uniqueArray(
    fc.record({
      hostId: fc.integer({ min: 1, max: 4 }),
      checkId: fc.option(fc.integer({ min: 1, max: 6 })),
      name: names,
    }),
    { selector: (one) => `${one.hostId} ${one.name}`, maxLength: 10 },
  );
  fc.assert(
    fc.property(checks, hosts, services, (someChecks, someHosts, someServices) => {
      const plannedHosts = someHosts.map(({ id, os }) => host(id, { os }));
      const planned = someChecks.map(({ id, name, os }) => check(id, name, { selector: os ? { labels: { os } } : {} }));
      // One service a check and host, as the database keeps them.
      const seen = new Set<string>();
      const stored = someServices.flatMap(({ hostId, checkId, name }, index) => {
        const key = `${hostId} ${checkId}`;
        if (checkId !== null && seen.has(key)) return [];
        seen.add(key);
        return [service(index + 1, hostId, checkId, name)];
      });
      const plan = planServices(planned, plannedHosts, stored);
      const removed = new Set(plan.remove.map((removal) => removal.serviceId));
      const renamed = new Map(plan.rename.map((rename) => [rename.serviceId, rename.to]));
      const after = stored
        .filter((one) => !removed.has(one.id))
        .map((one) => ({ ...one, name: renamed.get(one.id) ?? one.name }));
      let id = 1000;
      for (const { hostId, checkId, name } of plan.create) after.push(service(id++, hostId, checkId, name));
      const again = planServices(planned, plannedHosts, after);
      assert.deepEqual([again.create, again.rename, again.remove], [[], [], []]);
      for (const one of plan.create) {
        const its = planned.find((candidate) => candidate.id === one.checkId)!;
        assert.ok(matchesHost(its.selector, plannedHosts.find((candidate) => candidate.id === one.hostId)!));
      }
    }),
  );
});

test("checks that name their hosts one by one are planned as those whose selectors are tried on every host", () => {
  const names = fc.array(
    fc.integer({ min: 1, max: 5 }).map((id) => `h${id}`),
    { minLength: 1, maxLength: 4 },
  );
  const written = fc.array(fc.record({ names, service: fc.constantFrom("disk", "load", "http") }), { maxLength: 12 });
  fc.assert(
    fc.property(written, (all) => {
      const plan = (more: readonly string[]) =>
        planServices(
          all.map(({ names: hosts, service: serviceName }, index) =>
            check(index + 1, `c${index + 1}`, { serviceName, selector: { hosts: [...hosts, ...more] } }),
          ),
          [1, 2, 3, 4, 5].map((id) => host(id)),
          [service(1, 2, 1, "disk"), service(2, 3, 99, "load")],
        );
      // An exclusion keeps a selector out of the index.
      assert.deepEqual(plan([]), plan(["!nobody"]));
    }),
  );
});
