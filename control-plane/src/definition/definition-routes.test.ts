import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { storedKinds } from "@mycloud/protocol/definition";
import { startTestApp, type TestApp } from "../testing/index.ts";

const forward = {
  name: "old shinken",
  target: { type: "ws-arbiter", url: "http://127.0.0.1:7760", username: "us", password: "hunter2" },
};

describe("definitions of stored kinds", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());

  test("every kind has a list", async () => {
    for (const { path } of Object.values(storedKinds)) {
      const answer = await app.call("GET", `/api/v1/${path}`);
      assert.deepEqual([answer.status, answer.body], [200, { data: [], total: 0 }], path);
    }
  });

  test("one is created with defaults, changed, exported, applied again unchanged and deleted", async () => {
    const created = await app.call("POST", "/api/v1/time-periods", {
      body: { name: "office", weekly: { monday: ["09:00-17:00"] } },
    });
    assert.equal(created.status, 200, created.text);
    assert.equal(created.body.timeZone, "UTC");
    const { id } = created.body;
    const changed = await app.call("PUT", `/api/v1/time-periods/${id}`, {
      body: { name: "office", timeZone: "Europe/Berlin", exceptions: [{ days: "december 25", times: [] }] },
    });
    assert.deepEqual([changed.body.timeZone, changed.body.weekly], ["Europe/Berlin", {}]);
    const { resources } = (await app.call("GET", "/api/v1/export?kind=TimePeriod")).body;
    assert.equal(resources.length, 1);
    const again = await app.call("POST", "/api/v1/apply", { body: { resources } });
    assert.deepEqual(
      again.body.changes.map((change: { action: string }) => change.action),
      ["unchanged"],
    );
    assert.equal((await app.call("DELETE", `/api/v1/time-periods/${id}`)).status, 200);
    assert.equal((await app.call("GET", `/api/v1/time-periods/${id}`)).status, 404);
    const actions = (await app.call("GET", "/api/v1/audit-entries")).body.data.map(
      (entry: { action: string }) => entry.action,
    );
    for (const verb of ["create", "update", "delete"]) assert.ok(actions.includes(`time-period.${verb}`), verb);
  });

  test("a name that is taken, and one that names what does not exist, are refused", async () => {
    assert.equal((await app.call("POST", "/api/v1/contact-groups", { body: { name: "ops" } })).status, 200);
    const twice = await app.call("POST", "/api/v1/contact-groups", { body: { name: "ops" } });
    assert.equal(twice.status, 409);
    const dangling = await app.call("POST", "/api/v1/contact-groups", { body: { name: "dev", contacts: ["nobody"] } });
    assert.equal(dangling.status, 400);
    assert.match(dangling.text, /contacts.*nobody.*there is no Contact/s);
    const applied = await app.call("POST", "/api/v1/apply", {
      body: { resources: [{ kind: "Dependency", name: "d", spec: { dependent: {}, masters: [{ host: "gone" }] } }] },
    });
    assert.match(applied.text, /Dependency d: spec.masters.*gone.*there is no such host/s);
  });

  test("a secret is sealed where it is stored, answered as asterisks, and kept by writing those back", async () => {
    const created = await app.call("POST", "/api/v1/forwards", { body: forward });
    assert.equal(created.status, 200, created.text);
    assert.equal(created.body.target.password, "********");
    for (const path of ["/api/v1/forwards", "/api/v1/export?kind=Forward", "/api/v1/audit-entries"]) {
      assert.ok(!(await app.call("GET", path)).text.includes("hunter2"), path);
    }
    const kept = await app.call("PUT", `/api/v1/forwards/${created.body.id}`, {
      body: { ...created.body, results: "all" },
    });
    assert.deepEqual([kept.status, kept.body.target.password, kept.body.results], [200, "********", "all"]);
    const other = await app.call("POST", "/api/v1/forwards", { body: { ...created.body, name: "another" } });
    assert.equal(other.status, 400);
    assert.match(other.text, /target.password/);
  });
});
