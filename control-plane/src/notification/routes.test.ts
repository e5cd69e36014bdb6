import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

const listPath = (resource: string, filter: object) =>
  `/api/v1/${resource}?filter=${encodeURIComponent(JSON.stringify(filter))}`;

forEachDialect((dialect, open) => {
  let app: TestApp;
  /** A token of somebody bound to customer acme. */
  let acme = "";
  const ids: Record<string, number> = {};

  before(async () => {
    await open();
    // Nobody listens at port 1.
    const settings = { smtpUrl: "smtp://127.0.0.1:1" };
    app = await startTestApp(dialect === "mariadb" ? { settings, databaseUrl: open.location() } : { settings });
    const body = { name: "acme", scopes: ["write"], customer: "acme" };
    acme = (await app.call("POST", "/api/v1/api-tokens", { body })).body.token;
    const host = (name: string, customer: string | null) => ({
      kind: "Host",
      name,
      spec: { customer, groups: ["web"] },
    });
    const service = (name: string, on: string) => ({ kind: "Service", name, host: on, spec: {} });
    const resources = [
      host("web1", null),
      host("web2", "acme"),
      service("disk", "web1"),
      service("load", "web1"),
      service("disk", "web2"),
    ];
    const applied = await app.call("POST", "/api/v1/apply", { body: { resources } });
    assert.equal(applied.status, 200, applied.text);
    for (const one of (await app.call("GET", "/api/v1/hosts")).body.data) ids[one.name] = one.id;
    for (const one of (await app.call("GET", "/api/v1/services")).body.data)
      ids[`${one.hostName}/${one.name}`] = one.id;
    const results = [
      { host: "web1", service: "disk", returnCode: 2, output: "full" },
      { host: "web1", service: "load", returnCode: 0, output: "fine" },
      { host: "web2", service: "disk", returnCode: 1, output: "nearly full" },
    ];
    const posted = await app.call("POST", "/api/v1/check-results", { body: results });
    assert.equal(posted.status, 200, posted.text);
  });
  after(() => app.stop());

  const post = (path: string, body: object, token?: string) =>
    app.call("POST", path, token === undefined ? { body } : { body, token });

  test("a new installation tells the administrator of everything", async () => {
    const contacts = await app.call("GET", "/api/v1/contacts");
    assert.deepEqual(
      contacts.body.data.map((one: { email: string }) => one.email),
      ["admin@localhost"],
    );
    const rules = await app.call("GET", "/api/v1/notification-rules");
    assert.deepEqual(rules.body.data[0].contactNames, ["administrator"]);
    const told = await app.call("GET", listPath("notifications", { type: "PROBLEM" }));
    assert.equal(told.body.total, 2);
    assert.match(told.body.data[0].subject, /^\[MyCloud\] (WARNING|CRITICAL) web\d\/disk/);
  });

  test("contacts are created, found, changed and deleted, each once by name", async () => {
    const created = await post("/api/v1/contacts", { name: "anna", email: "anna@example.org" });
    assert.equal(created.status, 200, created.text);
    assert.equal((await post("/api/v1/contacts", { name: "anna", email: "b@example.org" })).status, 409);
    assert.equal((await post("/api/v1/contacts", { name: "x", email: "nonsense" })).status, 400);
    const path = `/api/v1/contacts/${created.body.id}`;
    const changed = await app.call("PUT", path, {
      body: { name: "anna", email: "anna@example.net", isEnabled: false },
    });
    assert.equal(changed.body.email, "anna@example.net");
    assert.equal((await app.call("GET", listPath("contacts", { isEnabled: false }))).body.total, 1);
    assert.equal((await app.call("GET", listPath("contacts", { q: "EXAMPLE.net anna" }))).body.total, 1);
    assert.equal((await app.call("DELETE", path)).status, 200);
    assert.equal((await app.call("GET", path)).status, 404);
  });

  test("a rule keeps its contacts, and refuses one that does not exist", async () => {
    const contact = await post("/api/v1/contacts", { name: "bob", email: "bob@example.org" });
    const rule = { name: "web to bob", selector: { groups: ["web"] }, contactIds: [contact.body.id, contact.body.id] };
    const created = await post("/api/v1/notification-rules", rule);
    assert.deepEqual(created.body.contactNames, ["bob"]);
    const refused = await post("/api/v1/notification-rules", { ...rule, name: "other", contactIds: [99_999] });
    assert.equal(refused.status, 400, refused.text);
    assert.equal((await app.call("GET", listPath("notification-rules", { name: "other" }))).body.total, 0);
    await app.call("DELETE", `/api/v1/contacts/${contact.body.id}`);
    const after = await app.call("GET", `/api/v1/notification-rules/${created.body.id}`);
    assert.deepEqual(after.body.contactIds, []);
    assert.equal((await app.call("DELETE", `/api/v1/notification-rules/${created.body.id}`)).status, 200);
  });

  test("many are acknowledged at once; what is no problem, or is not there, is refused with a sentence", async () => {
    const answer = await post("/api/v1/acknowledgements", {
      serviceIds: [ids["web1/disk"], ids["web1/load"], 99_999],
      hostIds: [ids.web1],
      comment: "on it",
    });
    assert.deepEqual(answer.body.done, [{ hostId: null, serviceId: ids["web1/disk"] }]);
    assert.deepEqual(answer.body.refused.map((one: { message: string }) => one.message).sort(), [
      "there is no service 99999",
      "web1 has not been checked yet; only a problem can be acknowledged",
      "web1/load is OK; only a problem can be acknowledged",
    ]);
    const open = await app.call("GET", listPath("acknowledgements", { isOpen: true }));
    assert.deepEqual(
      open.body.data.map((one: { comment: string; isSticky: boolean }) => [one.comment, one.isSticky]),
      [["on it", true]],
    );
    const told = await app.call("GET", listPath("notifications", { type: "ACKNOWLEDGEMENT" }));
    assert.match(told.body.data[0].subject, /^Re: \[MyCloud\] CRITICAL web1\/disk/);
    const removed = await post("/api/v1/acknowledgements/remove", { serviceIds: [ids["web1/disk"], ids["web1/load"]] });
    assert.equal(removed.body.done.length, 1);
    assert.equal(removed.body.refused[0].message, "web1/load is not acknowledged");
    const service = await app.call("GET", `/api/v1/services/${ids["web1/disk"]}`);
    assert.equal(service.body.isAcknowledged, false);
  });

  test("a downtime is found by what it covers and by its phase, and cancelled once", async () => {
    const now = Date.now();
    const body = {
      selector: { hosts: ["web1"], services: ["disk"] },
      startAtMs: now - 1000,
      endAtMs: now + 60_000,
      comment: "disks",
    };
    const created = await post("/api/v1/downtimes", body);
    assert.equal(created.body.phase, "active", created.text);
    const total = async (filter: object) => (await app.call("GET", listPath("downtimes", filter))).body.total;
    assert.equal(await total({ serviceId: ids["web1/disk"] }), 1);
    assert.equal(await total({ serviceId: ids["web1/load"] }), 0);
    assert.equal(await total({ hostId: ids.web1 }), 0);
    assert.equal(await total({ phase: ["pending", "expired"] }), 0);
    assert.equal(await total({ phase: "active" }), 1);
    assert.equal((await post("/api/v1/downtimes", { ...body, endAtMs: now - 500 })).status, 400);
    const cancel = `/api/v1/downtimes/${created.body.id}/cancel`;
    assert.equal((await post(cancel, {})).body.phase, "cancelled");
    assert.equal((await post(cancel, {})).status, 409);
  });

  test("comments are made on hosts and services, and only on what exists", async () => {
    const made = await post("/api/v1/comments", {
      hostId: ids.web1,
      serviceId: ids["web1/disk"],
      text: "<b>replaced</b>",
    });
    assert.equal(made.body.text, "<b>replaced</b>", made.text);
    assert.equal(
      (await post("/api/v1/comments", { hostId: ids.web2, serviceId: ids["web1/disk"], text: "x" })).status,
      404,
    );
    const found = await app.call("GET", listPath("comments", { serviceId: ids["web1/disk"] }));
    assert.equal(found.body.total, 1);
    assert.equal((await app.call("DELETE", `/api/v1/comments/${made.body.id}`)).status, 200);
  });

  test("somebody bound to a customer sees and touches that customer's only", async () => {
    const get = async (path: string) => (await app.call("GET", path, { token: acme })).body;
    assert.equal((await get("/api/v1/contacts")).total, 0);
    assert.equal((await get("/api/v1/notification-rules")).total, 0);
    assert.deepEqual(
      (await get("/api/v1/notifications")).data.map((one: { hostName: string }) => one.hostName),
      ["web2"],
    );
    const own = await post("/api/v1/contacts", { name: "acme-ops", email: "ops@acme.example" }, acme);
    assert.equal(own.body.customer, "acme", own.text);
    assert.equal(
      (await post("/api/v1/contacts", { name: "z", email: "z@example.org", customer: "other" }, acme)).status,
      403,
    );
    assert.equal((await post("/api/v1/notification-rules", { name: "z" }, acme)).status, 403);
    assert.equal((await post("/api/v1/apply", { resources: [] }, acme)).status, 403);
    const acknowledged = await post(
      "/api/v1/acknowledgements",
      { serviceIds: [ids["web1/disk"], ids["web2/disk"]], comment: "x" },
      acme,
    );
    assert.deepEqual(acknowledged.body.done, [{ hostId: null, serviceId: ids["web2/disk"] }]);
    assert.equal(acknowledged.body.refused[0].message, `there is no service ${ids["web1/disk"]}`);
    assert.equal((await post("/api/v1/comments", { hostId: ids.web1, text: "x" }, acme)).status, 404);
    const now = Date.now();
    const wide = { selector: {}, startAtMs: now, endAtMs: now + 60_000, comment: "ours" };
    assert.equal((await post("/api/v1/downtimes", wide, acme)).status, 200);
    const services = await app.call("GET", listPath("services", { isInDowntime: true }));
    assert.deepEqual(
      services.body.data.map((one: { hostName: string }) => one.hostName),
      ["web2"],
    );
  });

  test("a test message says what the mail server answered", async () => {
    const [administrator] = (await app.call("GET", listPath("contacts", { name: "administrator" }))).body.data;
    const answer = await post(`/api/v1/contacts/${administrator.id}/test-notification`, {});
    assert.equal(answer.status, 503);
    assert.match(
      answer.body.error.message,
      /^smtp:\/\/127\.0\.0\.1:1 did not take the mail to admin@localhost: .*ECONNREFUSED/,
    );
  });
});
