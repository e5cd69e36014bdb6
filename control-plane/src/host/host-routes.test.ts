import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

describe("the definition of a host", () => {
  let testApp: TestApp;

  before(async () => {
    testApp = await startTestApp();
    for (const host of [
      { name: "ours" },
      { name: "acme-1", customer: "acme" },
      { name: "acme-2", customer: "acme" },
      { name: "other-1", customer: "other" },
    ]) {
      assert.equal((await send("POST", "/api/v1/hosts", host)).status, 200);
    }
  });
  after(() => testApp.stop());
  const send = (method: string, path: string, body: unknown) => testApp.call(method, path, { body });
  const issuesOf = (body: { error?: { issues?: { field: string; value: string; message: string }[] } }) =>
    (body.error?.issues ?? []).map(({ field, value, message }) => `${field}: ${value} ${message}`);

  it("names as probers hosts that exist, are others, and are of its customer or of none", async () => {
    const box = { name: "box", customer: "acme" };
    const { body: created } = await send("POST", "/api/v1/hosts", { ...box, probers: ["acme-1", "ours"] });
    const wrong = await send("PUT", `/api/v1/hosts/${created.id}`, { ...box, probers: ["box", "other-1", "none"] });
    assert.equal(wrong.status, 400);
    assert.deepEqual(issuesOf(wrong.body), [
      'probers: "none" there is no host of this name',
      'probers: "box" is the host itself; its own agent runs its checks without being named',
      'probers: "other-1" is a host of another customer',
    ]);
    const free = await send("POST", "/api/v1/hosts", { name: "free", probers: ["acme-1"] });
    assert.deepEqual(issuesOf(free.body), ['probers: "acme-1" is a host of another customer']);
  });

  it("is held to that in files, too, where customers may change at the same time", async () => {
    const apply = (resources: unknown[]) => send("POST", "/api/v1/apply", { resources });
    const host = (name: string, spec: object) => ({ kind: "Host", name, spec });
    const wrong = await apply([host("filed", { customer: "acme", probers: ["filed", "other-1", "none"] })]);
    assert.equal(wrong.status, 400);
    assert.deepEqual(issuesOf(wrong.body).sort(), [
      'Host filed: spec.probers: "filed" is the host itself; its own agent runs its checks without being named',
      'Host filed: spec.probers: "none" there is no such host',
      'Host filed: spec.probers: "other-1" is a host of another customer',
    ]);
    const moving = [host("acme-2", { customer: "other" }), host("filed", { customer: "other", probers: ["acme-2"] })];
    assert.equal((await apply(moving)).status, 200);
  });

  it("and those of checks and services name check periods that exist", async () => {
    const { data } = (await testApp.call("GET", "/api/v1/hosts?perPage=1")).body;
    const checkPeriod = "none";
    const missing = 'checkPeriod: "none" there is no ';
    for (const [path, body] of [
      ["/api/v1/hosts", { name: "h", checkPeriod }],
      ["/api/v1/checks", { name: "c", command: "load", checkPeriod }],
      ["/api/v1/services", { hostId: data[0].id, name: "s", checkPeriod }],
    ] as const) {
      const answer = await send("POST", path, body);
      assert.equal(answer.status, 400, path);
      assert.ok(issuesOf(answer.body)[0]?.startsWith(missing), answer.text);
    }
    const resources = [{ kind: "Check", name: "c", spec: { command: "load", checkPeriod } }];
    const applied = await send("POST", "/api/v1/apply", { resources });
    assert.equal(applied.status, 400);
    assert.match(applied.text, /there is no such time period/);
  });

  it("is shown with its host check, whose attempts do not become its own by being sent back", async () => {
    const { body: created } = await send("POST", "/api/v1/hosts", { name: "checked", maxCheckAttempts: 5 });
    const check = { name: "alive", command: "ping", target: "host", selector: { hosts: ["checked"] } };
    const schedule = { maxCheckAttempts: 2, checkIntervalSeconds: 20, retryIntervalSeconds: 10 };
    const { body: hostCheck } = await send("POST", "/api/v1/checks", { ...check, ...schedule });
    const path = `/api/v1/hosts/${created.id}`;
    const shown = (await testApp.call("GET", path)).body;
    assert.equal(shown.maxCheckAttempts, 2);
    assert.deepEqual(
      [shown.hostCheck.name, shown.hostCheck.checkIntervalSeconds, shown.hostCheck.retryIntervalSeconds],
      ["alive", 20, 10],
    );
    assert.equal((await send("PUT", path, { ...shown, notes: "n" })).status, 200);
    assert.equal((await testApp.call("DELETE", `/api/v1/checks/${hostCheck.id}`)).status, 200);
    const after = (await testApp.call("GET", path)).body;
    assert.deepEqual([after.maxCheckAttempts, after.notes, after.hostCheck], [5, "n", null]);
  });
});
