import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

const resources = [
  { kind: "Host", name: "web1", spec: { address: "192.0.2.1", labels: { role: "web" }, groups: ["web", "all"] } },
  { kind: "Check", name: "load", spec: { command: "load", selector: { labels: { role: "web" } } } },
  { kind: "Service", name: "backup", host: "web1", spec: { maxCheckAttempts: 2, freshnessSeconds: 600 } },
  { kind: "Contact", name: "anna", spec: { email: "anna@example.org" } },
  { kind: "NotificationRule", name: "web to anna", spec: { selector: { groups: ["web"] }, contacts: ["anna"] } },
];

describe("apply and export", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
    // A new installation brings checks of its own; these tests are about ours.
    const everything = (await app.call("GET", "/api/v1/export")).body.resources;
    const same = await apply(everything, { dryRun: true });
    assert.ok(same.body.changes.length > 1, same.text);
    assert.ok(
      actions(same).every((action) => action.startsWith("unchanged ")),
      actions(same).join(),
    );
    const seeded = (await app.call("GET", "/api/v1/export?kind=Contact")).body.resources;
    const cleared = await apply(seeded, { prune: ["Host", "Check", "Service"] });
    assert.equal(cleared.status, 200, cleared.text);
  });
  after(() => app.stop());

  const apply = (items: readonly unknown[], more: object = {}) =>
    app.call("POST", "/api/v1/apply", { body: { resources: items, ...more } });
  const actions = (answer: { body: { changes: { action: string; kind: string; name: string }[] } }) =>
    answer.body.changes.map((change) => `${change.action} ${change.kind} ${change.name}`);

  test("a dry run answers the plan and changes nothing", async () => {
    const planned = await apply(resources, { dryRun: true });
    assert.equal(planned.status, 200, planned.text);
    assert.deepEqual(actions(planned), [
      "create Host web1",
      "create Check load",
      "create Service web1/backup",
      "create Contact anna",
      "create NotificationRule web to anna",
    ]);
    assert.equal((await app.call("GET", "/api/v1/hosts")).body.total, 0);
  });

  test("an apply makes everything, services of checks included, and leaves an audit entry each", async () => {
    assert.equal((await apply(resources)).status, 200);
    const services = await app.call("GET", "/api/v1/services?sort=name");
    assert.deepEqual(
      services.body.data.map((service: { name: string; isPassive: boolean }) => [service.name, service.isPassive]),
      [
        ["backup", true],
        ["load", false],
      ],
    );
    const audit = await app.call("GET", "/api/v1/audit-entries?perPage=100");
    const written = audit.body.data.map((entry: { action: string }) => entry.action);
    for (const action of [
      "host.create",
      "check.create",
      "service.create",
      "contact.create",
      "notification-rule.create",
    ]) {
      assert.ok(written.includes(action), `${action} in ${written}`);
    }
  });

  test("applying an export changes nothing, and another export is equal", async () => {
    const first = await app.call("GET", "/api/v1/export");
    assert.equal(first.status, 200, first.text);
    const again = await apply(first.body.resources, {
      prune: ["Host", "Check", "Service", "Contact", "NotificationRule"],
    });
    assert.equal(again.status, 200, again.text);
    assert.ok(again.body.changes.length >= 5);
    assert.ok(again.body.changes.every((change: { action: string }) => change.action === "unchanged"));
    assert.deepEqual((await app.call("GET", "/api/v1/export")).body, first.body);
    const checks = await app.call("GET", "/api/v1/export?kind=Check");
    assert.deepEqual(
      checks.body.resources.map((one: { name: string }) => one.name),
      ["load"],
    );
  });

  test("all faults are told at once and nothing is changed", async () => {
    const faulty = [
      { kind: "Host", name: "web2", spec: {} },
      { kind: "Check", name: "disk", spec: { command: "disk", timeoutSeconds: "30s" } },
      { kind: "Check", name: "odd", spec: { command: "no-such-plugin" } },
      { kind: "Service", name: "x", host: "nowhere", spec: {} },
      { kind: "NotificationRule", name: "r", spec: { contacts: ["nobody"] } },
    ];
    const refused = await apply(faulty);
    assert.equal(refused.status, 400);
    const { message, issues } = refused.body.error;
    assert.equal(issues.length, 4);
    assert.match(message, /Check disk: spec\.timeoutSeconds is "30s"; /);
    assert.match(message, /Service nowhere\/x: host is "nowhere"; there is no such host/);
    assert.match(message, /NotificationRule r: spec\.contacts is "nobody"; there is no such contact/);
    const hosts = await app.call("GET", "/api/v1/hosts");
    assert.deepEqual(
      hosts.body.data.map((host: { name: string }) => host.name),
      ["web1"],
    );
  });

  test("pruning deletes what is not in the list, of the kinds given only", async () => {
    const pruned = await apply(
      resources.filter((one) => one.kind !== "Check"),
      { prune: ["Check"] },
    );
    assert.equal(actions(pruned).at(-1), "delete Check load");
    const services = await app.call("GET", "/api/v1/services");
    assert.deepEqual(
      services.body.data.map((service: { name: string }) => service.name),
      ["backup"],
    );
  });

  test("a definition has the fields of the templates it uses, stored ones and those applied with it", async () => {
    const base = { kind: "Template", name: "base", spec: { for: "Check", spec: { command: "load", notes: "base" } } };
    assert.equal((await apply([base])).status, 200);
    const often = {
      kind: "Template",
      name: "often",
      spec: { for: "Check", uses: ["base"], spec: { checkIntervalSeconds: 10 } },
    };
    const check = {
      kind: "Check",
      name: "templated",
      uses: ["often"],
      spec: { selector: { labels: { role: "none" } } },
    };
    const applied = await apply([often, check]);
    assert.equal(applied.status, 200, applied.text);
    const stored = (await app.call("GET", "/api/v1/export?kind=Check&expanded=true")).body.resources;
    const { spec } = stored.find((one: { name: string }) => one.name === "templated");
    assert.deepEqual([spec.command, spec.notes, spec.checkIntervalSeconds], ["load", "base", 10]);
    const refused = await apply([{ ...check, uses: ["none"] }]);
    assert.equal(refused.status, 400);
    assert.match(refused.body.error.message, /Check templated: uses is "none"; there is no such template/);
  });
});
