import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

describe("previews and references", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
    for (const name of ["web1", "web2", "db1"]) {
      const host = await app.call("POST", "/api/v1/hosts", { body: { name, groups: [name.slice(0, -1)] } });
      assert.equal(host.status, 200, host.text);
      const body = { hostId: host.body.id, name: "backup" };
      assert.equal((await app.call("POST", "/api/v1/services", { body })).status, 200);
    }
  });
  after(() => app.stop());

  test("a selector's preview counts hosts and services, and names the first", async () => {
    const preview = async (selector: object) =>
      (await app.call("POST", "/api/v1/previews/selector", { body: { selector } })).body;
    const web = await preview({ groups: ["web"] });
    assert.deepEqual(
      [web.hostCount, web.services.map((row: { hostName: string }) => row.hostName)],
      [2, ["web1", "web2"]],
    );
    const hostsOnly = await preview({ services: [] });
    assert.deepEqual([hostsOnly.hostCount, hostsOnly.serviceCount], [3, 0]);
    const servicesOnly = await preview({ services: ["back*"], hosts: ["!db1"] });
    assert.deepEqual([servicesOnly.hostCount, servicesOnly.serviceCount], [0, 2]);
  });

  test("a preview of something that is no definition says what is wrong", async () => {
    const body = { period: { timeZone: "Mars/Base" } };
    const answer = await app.call("POST", "/api/v1/previews/time-period", { body });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /period\.timeZone/);
    const cron = await app.call("POST", "/api/v1/previews/schedule", { body: { cron: "61 * * * *" } });
    assert.match(cron.body.fault, /not understood/);
  });

  test("what is used says by what, and can be neither deleted nor renamed until it is not", async () => {
    const period = await app.call("POST", "/api/v1/time-periods", { body: { name: "office" } });
    const contact = await app.call("POST", "/api/v1/contacts", { body: { name: "dana", period: "office" } });
    assert.equal(contact.status, 200, contact.text);
    const used = await app.call("GET", "/api/v1/references?kind=TimePeriod&name=office");
    assert.deepEqual(used.body.data, [{ kind: "Contact", id: contact.body.id, name: "dana", field: "period" }]);
    const path = `/api/v1/time-periods/${period.body.id}`;
    const refused = await app.call("DELETE", path);
    assert.equal(refused.status, 409);
    assert.match(
      refused.text,
      /time period \\"office\\" cannot be deleted: it is used by contact \\"dana\\" \(period\)/,
    );
    assert.equal((await app.call("PUT", path, { body: { name: "hours" } })).status, 409);
    assert.equal((await app.call("PUT", path, { body: { name: "office", alias: "by day" } })).status, 200);
    assert.equal((await app.call("DELETE", `/api/v1/contacts/${contact.body.id}`)).status, 200);
    assert.equal((await app.call("DELETE", path)).status, 200);
  });

  test("a template that a host uses says so, and stays", async () => {
    const resources = [
      { kind: "Template", name: "slow", spec: { for: "Host", spec: { maxCheckAttempts: 9 } } },
      { kind: "Host", name: "old1", uses: ["slow"], spec: {} },
    ];
    const applied = await app.call("POST", "/api/v1/apply", { body: { resources } });
    assert.equal(applied.status, 200, applied.text);
    const used = await app.call("GET", "/api/v1/references?kind=Template&name=slow");
    assert.deepEqual(
      used.body.data.map(({ kind, name, field }: Record<string, string>) => [kind, name, field]),
      [["Host", "old1", "uses"]],
    );
    const [{ id }] = (await app.call("GET", "/api/v1/templates")).body.data;
    const usesOf = async (kind: string, of: number) =>
      (await app.call("GET", `/api/v1/template-uses?kind=${kind}&id=${of}`)).body.data;
    assert.deepEqual(await usesOf("Host", used.body.data[0].id), [{ id, name: "slow" }]);
    assert.deepEqual(await usesOf("Check", used.body.data[0].id), []);
    assert.equal((await app.call("DELETE", `/api/v1/templates/${id}`)).status, 409);
  });
});
