import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

// One host above what one transaction takes, so that these go by the planner.
const hostCount = 501;
const hostName = (index: number) => `h${String(index).padStart(3, "0")}`;

describe("a check over many hosts, written at the console", () => {
  let app: TestApp;
  let id = 0;
  before(async () => {
    app = await startTestApp();
    const hosts = Array.from({ length: hostCount }, (_, index) => {
      return { kind: "Host", name: hostName(index), spec: { labels: { half: index % 2 === 0 ? "even" : "odd" } } };
    });
    const passive = { kind: "Service", name: "backup", host: hostName(7), spec: {} };
    const template = {
      kind: "Template",
      name: "limits",
      spec: { for: "Check", spec: { arguments: ["-w", "1"], checkIntervalSeconds: 90 } },
    };
    const templated = { kind: "Check", name: "templated", uses: ["limits"], spec: { command: "load", selector: even } };
    const period = { kind: "TimePeriod", name: "office", spec: { weekly: { monday: ["09:00-17:00"] } } };
    const answer = await app.call("POST", "/api/v1/apply", {
      body: { resources: [...hosts, passive, template, templated, period] },
    });
    assert.equal(answer.status, 200, answer.text.slice(0, 500));
  });
  after(() => app.stop());

  const even = { labels: { half: "even" } };
  const check = (more: object = {}) => ({ name: "load9", command: "load", selector: { labels: {} }, ...more });
  const services = async (filter: object) =>
    (await app.call("GET", `/api/v1/services?perPage=1000&filter=${encodeURIComponent(JSON.stringify(filter))}`)).body;
  const audited = async () => {
    const { data } = (await app.call("GET", "/api/v1/audit-entries?perPage=3")).body;
    return data.map((entry: { action: string; resourceName: string }) => `${entry.action} ${entry.resourceName}`);
  };

  test("it is made on every host, answered like any other, and audited", async () => {
    const answer = await app.call("POST", "/api/v1/checks", { body: check() });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual([answer.body.name, answer.body.serviceCount], ["load9", hostCount]);
    id = answer.body.id;
    assert.equal((await audited())[0], "check.create load9");
  });

  test("its services follow another name and selector and keep their history", async () => {
    const wasOf = new Map((await services({ checkId: id })).data.map((one: { id: number }) => [one.id, one]));
    const answer = await app.call("PUT", `/api/v1/checks/${id}`, { body: check({ name: "load10", selector: even }) });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual([answer.body.id, answer.body.name, answer.body.serviceCount], [id, "load10", 251]);
    const { data } = await services({ checkId: id });
    assert.equal(data.length, 251);
    for (const one of data) {
      assert.equal(one.name, "load10");
      assert.ok(wasOf.has(one.id), "the service is the one there was");
    }
    assert.equal((await audited())[0], "check.update load10");
  });

  test("disabling it makes its services PENDING", async () => {
    const { data } = await services({ checkId: id });
    const [first] = data;
    await app.call("POST", "/api/v1/check-results", {
      body: { results: [{ host: first.hostName, service: first.name, state: "OK", output: "fine" }] },
    });
    const body = check({ name: "load10", isEnabled: false });
    assert.equal((await app.call("PUT", `/api/v1/checks/${id}`, { body })).status, 200);
    const after = await services({ checkId: id });
    assert.equal(after.data.length, hostCount);
    assert.ok(after.data.every(({ state }: { state: string }) => state === "PENDING"));
  });

  test("what speaks against it is told at the field it is about, and nothing is changed", async () => {
    const before = (await app.call("GET", "/api/v1/export")).text;
    for (const [method, body, status, words, field] of [
      ["POST", check({ name: "load10" }), 409, /check named "load10" already/, "name"],
      ["PUT", check({ name: "templated" }), 409, /check named "templated" already/, "name"],
      ["PUT", check({ name: "backup" }), 409, /service "backup" on host "h007"/, undefined],
      ["PUT", check({ checkPeriod: "never written" }), 400, /no TimePeriod of this name/, "checkPeriod"],
      ["POST", check({ name: "up", target: "host", command: "bp_rule", arguments: ["h001"] }), 400, /UP/, undefined],
    ] as const) {
      const answer = await app.call(method, method === "PUT" ? `/api/v1/checks/${id}` : "/api/v1/checks", { body });
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.body.error.message, words);
      if (field !== undefined) assert.equal(answer.body.error.issues[0].field, field);
    }
    assert.equal((await app.call("GET", "/api/v1/export")).text, before);
    assert.equal((await app.call("PUT", "/api/v1/checks/999999", { body: check() })).status, 404);
  });

  test("business rules that look at each other are refused", async () => {
    const rule = (name: string, expression: string) => ({
      name,
      command: "bp_rule",
      arguments: [expression],
      selector: even,
    });
    const first = await app.call("POST", "/api/v1/checks", { body: rule("one", ",load10") });
    assert.equal(first.status, 200, first.text);
    assert.equal((await app.call("POST", "/api/v1/checks", { body: rule("two", ",one") })).status, 200);
    const circle = await app.call("PUT", `/api/v1/checks/${first.body.id}`, {
      body: { ...rule("one", ",two"), maxCheckAttempts: 4 },
    });
    assert.equal(circle.status, 400, circle.text);
    assert.match(circle.body.error.message, /business rules look at each other/);
  });

  test("what it takes from a template stays so when one of its fields is changed", async () => {
    const { data } = (
      await app.call("GET", `/api/v1/checks?filter=${encodeURIComponent(JSON.stringify({ name: "templated" }))}`)
    ).body;
    const { id: templatedId, serviceCount: _c, createdAtMs: _a, updatedAtMs: _u, ...input } = data[0];
    const answer = await app.call("PUT", `/api/v1/checks/${templatedId}`, { body: { ...input, maxCheckAttempts: 9 } });
    assert.equal(answer.status, 200, answer.text);
    const exported = (await app.call("GET", "/api/v1/export?kind=Check")).body.resources;
    const written = exported.find(({ name }: { name: string }) => name === "templated");
    assert.deepEqual(written.uses, ["limits"]);
    assert.equal(written.spec.maxCheckAttempts, 9);
    assert.equal(written.spec.checkIntervalSeconds, undefined);
  });

  test("deleting it takes its services with it", async () => {
    const answer = await app.call("DELETE", `/api/v1/checks/${id}`);
    assert.deepEqual([answer.status, answer.body.name], [200, "load10"], answer.text);
    assert.equal((await services({ checkId: id })).data.length, 0);
    assert.equal((await app.call("GET", `/api/v1/checks/${id}`)).status, 404);
    assert.deepEqual((await app.call("GET", "/api/v1/applies")).body, { data: [], total: 0 });
  });

  test("what names a period, a template or a host is found without reading everything", async () => {
    await app.call("POST", "/api/v1/apply", {
      body: {
        resources: [{ kind: "Host", name: hostName(3), spec: { checkPeriod: "office", parents: [hostName(1)] } }],
      },
    });
    const users = async (kind: string, name: string) => {
      const { data } = (await app.call("GET", `/api/v1/references?kind=${kind}&name=${name}`)).body;
      return data.map((one: { kind: string; name: string; field: string }) => `${one.kind} ${one.name} ${one.field}`);
    };
    assert.deepEqual(await users("TimePeriod", "office"), [`Host ${hostName(3)} checkPeriod`]);
    assert.deepEqual(await users("Host", hostName(1)), [`Host ${hostName(3)} parents`]);
    assert.deepEqual(await users("Host", hostName(7)), [`Service ${hostName(7)}/backup host`]);
    assert.deepEqual(await users("Template", "limits"), ["Check templated uses"]);
    assert.deepEqual(await users("TimePeriod", "OFFICE"), []);
  });
});
