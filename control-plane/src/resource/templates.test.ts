import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

const template = (name: string, spec: object, uses: string[] = [], kind = "Host") => ({
  kind: "Template",
  name,
  spec: { for: kind, uses, spec },
});
const web1 = { kind: "Host", name: "web1", uses: ["web"], spec: { address: "192.0.2.1", groups: ["+", "eu"] } };
const plain = { kind: "Host", name: "plain", spec: { maxCheckAttempts: 9 } };

describe("templates that are stored", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
    const first = await apply([
      template("base", { groups: ["all"], maxCheckAttempts: 5, labels: { os: "linux" } }),
      template("web", { groups: ["+", "web"], notes: "a web server" }, ["base"]),
      web1,
      plain,
    ]);
    assert.equal(first.status, 200, first.text);
  });
  after(() => app.stop());

  const apply = (resources: readonly unknown[], more: object = {}) =>
    app.call("POST", "/api/v1/apply", { body: { resources, ...more } });
  const changed = (answer: { body: { changes: { action: string; kind: string; name: string }[] } }) =>
    answer.body.changes
      .filter(({ action }) => action !== "unchanged")
      .map((change) => `${change.action} ${change.kind} ${change.name}`);
  const exported = async (name: string, more = "") => {
    const { body } = await app.call("GET", `/api/v1/export?kind=Host${more}`);
    return body.resources.find((one: { name: string }) => one.name === name);
  };
  const hostOf = async (name: string) => {
    const { body } = await app.call("GET", `/api/v1/hosts?filter=${encodeURIComponent(JSON.stringify({ name }))}`);
    return body.data[0];
  };
  const idOfTemplate = async (name: string) => {
    const { body } = await app.call("GET", `/api/v1/templates?filter=${encodeURIComponent(JSON.stringify({ name }))}`);
    return body.data[0].id;
  };

  test("an export has uses and own fields as written, applying it changes nothing, and expanded=true has all fields", async () => {
    assert.deepEqual(await exported("web1"), web1);
    const { body } = await app.call("GET", "/api/v1/export");
    assert.deepEqual(changed(await apply(body.resources, { prune: ["Host", "Template"] })), []);
    const { spec } = await exported("web1", "&expanded=true");
    assert.deepEqual([spec.groups, spec.maxCheckAttempts, spec.notes], [["all", "web", "eu"], 5, "a web server"]);
  });

  test("a changed template changes everything that uses it, by way of others too, in the same apply, and a dry run names it", async () => {
    const base = template("base", { groups: ["all"], maxCheckAttempts: 7, labels: { os: "linux", tier: "1" } });
    const look = await apply([base], { dryRun: true });
    assert.deepEqual(changed(look), ["update Template base", "update Host web1"]);
    assert.deepEqual(look.body.changes[1].fields, [
      { field: "spec.labels", before: { os: "linux" }, after: { os: "linux", tier: "1" } },
      { field: "spec.maxCheckAttempts", before: 5, after: 7 },
    ]);
    assert.equal((await hostOf("web1")).maxCheckAttempts, 5);
    assert.equal((await apply([base])).status, 200);
    assert.equal((await hostOf("web1")).maxCheckAttempts, 7);
    assert.equal((await hostOf("plain")).maxCheckAttempts, 9);
    assert.deepEqual(await exported("web1"), web1);
    const audit = await app.call("GET", "/api/v1/audit-entries?perPage=5");
    assert.deepEqual(
      audit.body.data
        .slice(0, 2)
        .map((entry: { action: string; resourceName: string }) => [entry.action, entry.resourceName]),
      [
        ["host.update", "web1"],
        ["template.update", "base"],
      ],
    );
  });

  test("templates are chosen over the API: what was set stays the object's own, what came from a template goes with it", async () => {
    const { id } = await hostOf("plain");
    const choose = (uses: readonly string[], of: object = { kind: "Host", id }) =>
      app.call("PUT", "/api/v1/template-uses", { body: { ...of, uses } });
    const chosen = await choose(["web"]);
    assert.deepEqual(
      [chosen.status, chosen.body.data.map(({ name }: { name: string }) => name)],
      [200, ["web"]],
      chosen.text,
    );
    assert.deepEqual(await exported("plain"), { ...plain, uses: ["web"] });
    const follows = await hostOf("plain");
    assert.deepEqual(
      [follows.groups, follows.maxCheckAttempts, follows.notes, follows.labels.tier],
      [["all", "web"], 9, "a web server", "1"],
    );
    assert.equal((await choose(["nothing"])).status, 400);
    assert.equal((await choose(["web"], { kind: "Host", id: 999 })).status, 404);
    assert.deepEqual((await choose([])).body.data, []);
    assert.equal((await exported("plain")).uses, undefined);
    const alone = await hostOf("plain");
    assert.deepEqual([alone.groups, alone.maxCheckAttempts, alone.notes, alone.labels], [[], 9, "", {}]);
    const [entry] = (await app.call("GET", "/api/v1/audit-entries?perPage=1")).body.data;
    assert.deepEqual([entry.action, entry.resourceName], ["host.update", "plain"]);
  });

  test("a template changed over the API does so as well, and one that makes a user invalid is refused", async () => {
    const id = await idOfTemplate("web");
    const put = (spec: object) =>
      app.call("PUT", `/api/v1/templates/${id}`, { body: { name: "web", for: "Host", uses: ["base"], spec } });
    assert.equal((await put({ groups: ["+", "web"], notes: "nginx" })).status, 200);
    assert.equal((await hostOf("web1")).notes, "nginx");
    const refused = await put({ notes: 5 });
    assert.equal(refused.status, 400);
    assert.match(refused.body.error.message, /Host web1: spec\.notes/);
    assert.equal((await hostOf("web1")).notes, "nginx");
  });

  test("a field changed on the object is its own and stays through changes of templates; changed back it follows again", async () => {
    const edit = async (fields: object) => {
      const host = await hostOf("web1");
      const { id, origin: _o, state: _s, ...input } = host;
      const answer = await app.call("PUT", `/api/v1/hosts/${id}`, { body: { ...input, ...fields } });
      assert.equal(answer.status, 200, answer.text);
    };
    await edit({ maxCheckAttempts: 2, labels: { os: "linux", rack: "7" } });
    assert.deepEqual(await exported("web1"), {
      ...web1,
      spec: { ...web1.spec, maxCheckAttempts: 2, labels: { rack: "7", tier: null } },
    });
    const base = (maxCheckAttempts: number) =>
      template("base", { groups: ["all"], maxCheckAttempts, labels: { os: "linux", tier: "2", site: "a" } });
    assert.deepEqual(changed(await apply([base(8)])), ["update Template base", "update Host web1"]);
    const host = await hostOf("web1");
    assert.deepEqual([host.maxCheckAttempts, host.labels], [2, { os: "linux", rack: "7", site: "a" }]);
    await edit({ maxCheckAttempts: 8 });
    await apply([base(4)]);
    assert.equal((await hostOf("web1")).maxCheckAttempts, 4);
    const { body } = await app.call("GET", "/api/v1/export");
    assert.deepEqual(changed(await apply(body.resources, { prune: ["Host"] })), []);
  });

  test("a template that is used is neither deleted nor renamed, and nothing is said of one that is not", async () => {
    const id = await idOfTemplate("web");
    const deleted = await app.call("DELETE", `/api/v1/templates/${id}`);
    assert.equal(deleted.status, 409);
    assert.match(deleted.body.error.message, /web1/);
    const renamed = await app.call("PUT", `/api/v1/templates/${id}`, { body: { name: "www", for: "Host" } });
    assert.equal(renamed.status, 409);
    const pruned = await apply([template("new", {})], { prune: ["Template"] });
    assert.equal(pruned.status, 400);
    assert.match(pruned.body.error.message, /Template web cannot be deleted: Host web1 use it/);
    assert.equal((await apply([template("spare", {})])).status, 200);
    assert.equal((await app.call("DELETE", `/api/v1/templates/${await idOfTemplate("spare")}`)).status, 200);
  });

  test("circles and unknown templates are refused with the path that leads back", async () => {
    const circle = await apply([template("one", {}, ["two"]), template("two", {}, ["one"])]);
    assert.equal(circle.status, 400);
    assert.match(circle.body.error.message, /one -> two -> one/);
    const used = await apply([{ ...web1, uses: ["web", "nothing"] }]);
    assert.equal(used.status, 400);
    assert.match(used.body.error.message, /Host web1: uses is "nothing"; there is no such template/);
    const others = await apply([
      template("for checks", {}, ["web"], "Check"),
      { kind: "Check", name: "c", uses: ["for checks"], spec: { command: "load" } },
    ]);
    assert.match(others.body.error.message, /this template is for a Host/);
  });

  test("a definition applied without uses keeps nothing of a template, and then the template may go", async () => {
    const bare = { kind: "Host", name: "web1", spec: {} };
    assert.deepEqual(changed(await apply([bare])), ["update Host web1"]);
    assert.equal((await hostOf("web1")).maxCheckAttempts, 3);
    assert.equal((await app.call("DELETE", `/api/v1/templates/${await idOfTemplate("web")}`)).status, 200);
    assert.equal((await exported("web1")).uses, undefined);
  });

  test("checks and passive services follow their templates too, and rows go with their objects", async () => {
    const first = await apply([
      template("often", { checkIntervalSeconds: 10, command: "load" }, [], "Check"),
      template("told", { freshnessSeconds: 600 }, [], "Service"),
      { kind: "Check", name: "templated", uses: ["often"], spec: { selector: { hosts: ["plain"] } } },
      { kind: "Service", name: "backup", host: "plain", uses: ["told"], spec: {} },
    ]);
    assert.equal(first.status, 200, first.text);
    const next = await apply([
      template("often", { checkIntervalSeconds: 20, command: "load" }, [], "Check"),
      template("told", { freshnessSeconds: 700 }, [], "Service"),
    ]);
    assert.deepEqual(changed(next), [
      "update Template often",
      "update Template told",
      "update Check templated",
      "update Service plain/backup",
    ]);
    const { body } = await app.call("GET", `/api/v1/services?sort=name`);
    assert.deepEqual(
      body.data.map((one: { checkIntervalSeconds: number; freshnessSeconds: number }) => [
        one.checkIntervalSeconds,
        one.freshnessSeconds,
      ]),
      [
        [null, 700],
        [20, 70],
      ],
    );
    assert.equal((await app.call("DELETE", `/api/v1/hosts/${(await hostOf("plain")).id}`)).status, 200);
    assert.equal((await app.call("DELETE", `/api/v1/templates/${await idOfTemplate("told")}`)).status, 200);
  });
});
