import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

describe("what was changed at run time", () => {
  let app: TestApp;
  let hostId = 0;
  let serviceId = 0;
  let passiveId = 0;

  before(async () => {
    app = await startTestApp();
    hostId = (await app.call("POST", "/api/v1/hosts", { body: { name: "web1" } })).body.id;
    const check = { name: "busy", command: "load", selector: { hosts: ["web1"] }, checkIntervalSeconds: 300 };
    assert.equal((await app.call("POST", "/api/v1/checks", { body: check })).status, 200);
    const ping = { name: "alive", command: "ping", selector: { hosts: ["web1"] }, target: "host", maxCheckAttempts: 5 };
    assert.equal((await app.call("POST", "/api/v1/checks", { body: ping })).status, 200);
    passiveId = (await app.call("POST", "/api/v1/services", { body: { hostId, name: "backup" } })).body.id;
    const services = (await app.call("GET", "/api/v1/services")).body.data;
    serviceId = services.find((service: { name: string }) => service.name === "busy").id;
  });
  after(() => app.stop());

  async function run(...commands: string[]): Promise<void> {
    const { body } = await app.call("POST", "/api/v1/external-commands", { body: { commands } });
    for (const { isDone, message } of body.outcomes) assert.ok(isDone, message);
  }

  it("is shown with what is defined, counts in what is shown, and is taken back one by one or at once", async () => {
    const path = `/api/v1/services/${serviceId}`;
    assert.deepEqual((await app.call("GET", `${path}/override`)).body, { data: [], changedAtMs: null });
    await run(
      "CHANGE_NORMAL_SVC_CHECK_INTERVAL;web1;busy;1",
      "CHANGE_MAX_SVC_CHECK_ATTEMPTS;web1;busy;7",
      "DISABLE_SVC_NOTIFICATIONS;web1;busy",
    );
    const changed = (await app.call("GET", `${path}/override`)).body;
    assert.equal(typeof changed.changedAtMs, "number");
    assert.deepEqual(changed.data, [
      { setting: "isNotificationEnabled", value: false, defined: true },
      { setting: "checkIntervalSeconds", value: 60, defined: 300 },
      { setting: "maxCheckAttempts", value: 7, defined: 3 },
    ]);
    const shown = (await app.call("GET", path)).body;
    assert.deepEqual([shown.checkIntervalSeconds, shown.maxCheckAttempts], [60, 7]);

    const left = await app.call("DELETE", `${path}/override?setting=checkIntervalSeconds`);
    assert.deepEqual(
      left.body.data.map(({ setting }: { setting: string }) => setting),
      ["isNotificationEnabled", "maxCheckAttempts"],
    );
    assert.equal((await app.call("GET", path)).body.checkIntervalSeconds, 300);
    assert.deepEqual((await app.call("DELETE", `${path}/override`)).body, { data: [], changedAtMs: null });
    assert.equal((await app.call("GET", path)).body.maxCheckAttempts, 3);
    const audited = (await app.call("GET", "/api/v1/audit-entries")).body.data;
    assert.equal(audited.filter(({ action }: { action: string }) => action === "service.switch").length, 5);
  });

  it("of a host is held against its host check", async () => {
    const path = `/api/v1/hosts/${hostId}`;
    await run("CHANGE_MAX_HOST_CHECK_ATTEMPTS;web1;2", "CHANGE_RETRY_HOST_CHECK_INTERVAL;web1;0.5");
    assert.deepEqual((await app.call("GET", `${path}/override`)).body.data, [
      { setting: "retryIntervalSeconds", value: 30, defined: 30 },
      { setting: "maxCheckAttempts", value: 2, defined: 5 },
    ]);
    const shown = (await app.call("GET", path)).body;
    assert.deepEqual([shown.maxCheckAttempts, shown.hostCheck.retryIntervalSeconds], [2, 30]);
    assert.equal((await app.call("PUT", path, { body: { ...shown, notes: "edited" } })).status, 200);
    await app.call("DELETE", `${path}/override`);
    assert.equal((await app.call("GET", path)).body.maxCheckAttempts, 5);
  });

  it("does not become the definition of a passive service that is edited meanwhile", async () => {
    const path = `/api/v1/services/${passiveId}`;
    await run("CHANGE_MAX_SVC_CHECK_ATTEMPTS;web1;backup;9");
    const shown = (await app.call("GET", path)).body;
    assert.equal(shown.maxCheckAttempts, 9);
    assert.equal((await app.call("PUT", path, { body: { ...shown, notes: "edited" } })).status, 200);
    await app.call("DELETE", `${path}/override`);
    const after = (await app.call("GET", path)).body;
    assert.deepEqual([after.maxCheckAttempts, after.notes], [1, "edited"]);
  });

  it("is found by nobody out of their scope, and taken back by no viewer", async () => {
    const token = async (scopes: string[], customer: string | null) =>
      (await app.call("POST", "/api/v1/api-tokens", { body: { name: customer ?? "reader", scopes, customer } })).body
        .token;
    const stranger = await token(["read", "write"], "acme");
    const path = `/api/v1/hosts/${hostId}/override`;
    assert.equal((await app.call("GET", path, { token: stranger })).status, 404);
    assert.equal((await app.call("DELETE", path, { token: stranger })).status, 404);
    assert.equal((await app.call("DELETE", path, { token: await token(["read"], null) })).status, 403);
  });
});
