import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

const clock = { nowMs: Date.now() };
const iso = (offsetMs: number) => new Date(clock.nowMs + offsetMs).toISOString();
const hourMs = 3_600_000;

describe("Alertmanager's API v2", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({ now: () => clock.nowMs });
    for (const name of ["web1", "web2"]) {
      const host = await app.call("POST", "/api/v1/hosts", {
        body: { name, groups: ["web"], labels: { env: "prod" } },
      });
      assert.equal(host.status, 200, host.text);
      await app.call("POST", "/api/v1/services", { body: { hostId: host.body.id, name: "disk", maxCheckAttempts: 1 } });
    }
  });
  after(() => app.stop());

  const alerts = async (query = "") => (await app.call("GET", `/api/v2/alerts${query}`)).body;
  const serviceState = async (name: string) => {
    const filter = encodeURIComponent(JSON.stringify({ q: name }));
    const { body } = await app.call("GET", `/api/v1/services?filter=${filter}`);
    return body.data.find((service: { name: string }) => service.name === name);
  };
  const load = { alertname: "HighLoad", instance: "web1:9100", job: "node", severity: "warning" };
  const silence = async (matchers: unknown, more: object = {}) =>
    await app.call("POST", "/api/v2/silences", {
      body: { matchers, startsAt: iso(0), endsAt: iso(hourMs), createdBy: "dora", comment: "work", ...more },
    });
  const outcomes = async () => {
    const { text } = await app.call("GET", "/metrics", { token: null });
    const of = (outcome: string) =>
      Number(new RegExp(`^mycloud_alerts_received_total\\{outcome="${outcome}"\\} (\\d+)`, "m").exec(text)?.[1]);
    return { known: of("known"), stored: of("stored") };
  };
  const matcher = (name: string, value: string, isRegex = false, isEqual = true) => ({ name, value, isRegex, isEqual });

  it("takes an alert as a service in the state of its severity, and shows it with its own labels", async () => {
    const body = [{ labels: load, annotations: { summary: "load | is 9" }, endsAt: iso(240_000) }];
    const answer = await app.call("POST", "/api/v2/alerts", { body });
    assert.deepEqual([answer.status, answer.text], [200, ""]);
    const service = await serviceState("HighLoad");
    assert.equal(service.state, "WARNING");
    assert.equal(service.output, "load is 9");
    const [shown] = await alerts();
    assert.deepEqual(shown.labels, load);
    assert.equal(shown.status.state, "active");
  });

  it("shows an open problem as an alert, and filters by matchers and receivers", async () => {
    await app.call("POST", "/api/v1/check-results", {
      body: [{ host: "web2", service: "disk", returnCode: 2, output: "full" }],
    });
    const own = await alerts(`?filter=${encodeURIComponent('service="disk"')}`);
    assert.equal(own.length, 1);
    assert.deepEqual(own[0].labels, {
      alertname: "disk",
      host: "web2",
      service: "disk",
      severity: "critical",
      groups: "web",
      business_impact: own[0].labels.business_impact,
      env: "prod",
    });
    assert.equal((await alerts("?filter=alertname%3D~%22High.*%22&filter=job!%3Dnode")).length, 0);
    assert.equal((await alerts("?receiver=nobody.*")).length, 0);
    assert.equal((await alerts("?active=false")).length, 0);
    const groups = (await app.call("GET", "/api/v2/alerts/groups")).body;
    assert.deepEqual(
      groups.map((group: { labels: object }) => group.labels),
      [{ alertname: "HighLoad" }, { alertname: "disk" }],
    );
    const bad = await app.call("GET", "/api/v2/alerts?filter=%3D1");
    assert.deepEqual([bad.status, bad.body], [400, "bad matcher format: =1"]);
  });

  it("makes a silence a downtime of exactly what its matchers mean, also of labels that were sent", async () => {
    const made = await silence([matcher("job", "no.*", true), matcher("alertname", "HighLoad")]);
    assert.equal(made.status, 200, made.text);
    const id = made.body.silenceID;
    const [load] = await alerts("?filter=alertname%3DHighLoad");
    assert.deepEqual(load.status, { state: "suppressed", silencedBy: [id], inhibitedBy: [], mutedBy: [] });
    const downtimes = (await app.call("GET", "/api/v1/downtimes")).body.data;
    assert.deepEqual(
      downtimes.map((one: { selector: object; authorName: string }) => [one.selector, one.authorName]),
      [[{ hosts: ["web1"], services: ["HighLoad"] }, "dora"]],
    );
    assert.equal((await app.call("DELETE", `/api/v2/silence/${id}`)).status, 200);
    assert.equal((await app.call("GET", `/api/v2/silence/${id}`)).body.status.state, "expired");
    assert.equal((await app.call("DELETE", `/api/v2/silence/${id}`)).status, 409);
    assert.equal((await alerts("?silenced=false")).length, 2);
  });

  it("says matchers on host and service as one selector, changes it by id, and ends it when the downtime is cancelled", async () => {
    const made = await silence([matcher("host", "web[12]|web3", true), matcher("service", "disk")]);
    assert.equal(made.status, 200, made.text);
    const simple = await silence([matcher("host", "web.*", true), matcher("host", "web9", false, false)]);
    const id = simple.body.silenceID;
    const find = async () => (await app.call("GET", "/api/v1/downtimes")).body.data.at(0);
    const downtime = await find();
    assert.deepEqual(downtime.selector, { hosts: ["web*", "!web9"] });
    const changed = await silence([matcher("host", "web9", false, false), matcher("host", "web.*", true)], {
      id,
      endsAt: iso(2 * hourMs),
      comment: "longer",
    });
    assert.equal(changed.body.silenceID, id);
    const { endAtMs, comment } = (await app.call("GET", `/api/v1/downtimes/${downtime.id}`)).body;
    assert.deepEqual([endAtMs, comment], [clock.nowMs + 2 * hourMs, "longer"]);
    await app.call("POST", `/api/v1/downtimes/${downtime.id}/cancel`);
    assert.equal((await app.call("GET", `/api/v2/silence/${id}`)).body.status.state, "expired");
    await app.call("DELETE", `/api/v2/silence/${made.body.silenceID}`);
  });

  it("shows a downtime of the console as a silence, and ends it as one", async () => {
    const selector = { groups: ["web"], services: ["disk*"] };
    const body = { selector, startAtMs: clock.nowMs, endAtMs: clock.nowMs + hourMs, comment: "disks" };
    const { body: downtime } = await app.call("POST", "/api/v1/downtimes", { body });
    const all = (await app.call("GET", "/api/v2/silences")).body;
    const shown = all.find((one: { comment: string }) => one.comment === "disks");
    assert.deepEqual(shown.matchers, [matcher("groups", "(.*,)?web(,.*)?", true), matcher("service", "disk.*", true)]);
    const [disk] = await alerts("?filter=service%3Ddisk");
    assert.deepEqual(disk.status.silencedBy, [shown.id]);
    assert.equal((await app.call("DELETE", `/api/v2/silence/${shown.id}`)).status, 200);
    assert.equal((await app.call("GET", `/api/v1/downtimes/${downtime.id}`)).body.phase, "cancelled");
  });

  it("refuses by name what no downtime can say", async () => {
    const bySeverity = await silence([matcher("service", "disk"), matcher("severity", "critical")]);
    assert.equal(bySeverity.status, 400);
    assert.match(bySeverity.body, /severity follows the state/);
    const hostOnly = await silence([matcher("alertname", "host")]);
    assert.match(hostOnly.body, /a downtime of a host keeps its services quiet too/);
    assert.match((await silence([matcher("x", ".*", true)])).body, /must not match the empty string/);
    assert.match((await silence([matcher("x", "(", true)])).body, /not understood/);
    assert.equal((await silence([matcher("a", "b")], { id: "8ba2cd5c-9b32-4d8e-8b5b-7d1e2ba0f4aa" })).status, 404);
  });

  it("covers an alert that comes after the silence", async () => {
    const made = await silence([matcher("team", "db")]);
    assert.equal(made.status, 200, made.text);
    const labels = { alertname: "Slow", host: "web2", team: "db" };
    await app.call("POST", "/api/v2/alerts", { body: [{ labels, endsAt: iso(60_000) }] });
    const [slow] = await alerts("?filter=team%3Ddb");
    assert.deepEqual(slow.status.silencedBy, [made.body.silenceID]);
    await app.call("DELETE", `/api/v2/silence/${made.body.silenceID}`);
  });

  it("covers each alert that a silence means as it begins, on any number of hosts, and no service with one that it does not mean", async () => {
    const made = await silence([matcher("job", "net")]);
    const id = made.body.silenceID;
    const send = async (alertname: string, host: string, job: string) => {
      const labels = { alertname, host, job };
      await app.call("POST", "/api/v2/alerts", { body: [{ labels, endsAt: iso(60_000) }] });
    };
    const silencedBy = async (alertname: string, host: string) => {
      const found = await alerts(`?filter=alertname%3D${alertname}&filter=host%3D${host}`);
      return found.map((alert: { status: { silencedBy: string[] } }) => alert.status.silencedBy);
    };
    await send("Lossy", "web1", "net");
    await send("Lossy", "web2", "net");
    await send("Other", "web2", "app");
    assert.deepEqual(await silencedBy("Lossy", "web1"), [[id]]);
    assert.deepEqual(await silencedBy("Lossy", "web2"), [[id]]);
    assert.deepEqual(await silencedBy("Other", "web2"), [[]]);
    // Of a service with several alerts all must be meant.
    await send("Lossy", "web1", "app");
    assert.deepEqual(await silencedBy("Lossy", "web1"), [[], []]);
    assert.deepEqual(await silencedBy("Lossy", "web2"), [[id]]);
    await app.call("DELETE", `/api/v2/silence/${id}`);
  });

  it("refuses a bad alert by itself, in Alertmanager's words, and takes the others", async () => {
    const good = { labels: { alertname: "Good", host: "web1" } };
    const body = [{ labels: {} }, good, { labels: { "a-b": "x" } }, { ...good, startsAt: iso(9), endsAt: iso(1) }];
    const answer = await app.call("POST", "/api/v2/alerts", { body });
    assert.equal(answer.status, 400);
    assert.equal(
      answer.body,
      'alert 0: at least one label pair required; alert 2: invalid label set: invalid name "a-b"; alert 3: start time must be before end time',
    );
    assert.equal((await serviceState("Good")).state, "CRITICAL");
    assert.equal((await app.call("POST", "/api/v2/alerts", { body: "{" })).status, 400);
  });

  it("takes the webhooks of Alertmanager and Grafana until they say that it is over", async () => {
    const alert = {
      status: "firing",
      labels: { alertname: "Hook", instance: "web1" },
      annotations: { summary: "down" },
    };
    const unset = { startsAt: iso(-1000), endsAt: "0001-01-01T00:00:00Z", generatorURL: "http://p/", fingerprint: "x" };
    const body = {
      version: "4",
      groupKey: "{}",
      status: "firing",
      receiver: "mycloud",
      alerts: [{ ...alert, ...unset }],
    };
    const taken = await app.call("POST", "/api/v1/webhooks/alertmanager", { body });
    assert.deepEqual(taken.body, { accepted: 1, rejected: [] });
    assert.equal((await serviceState("Hook")).state, "CRITICAL");
    const over = { ...alert, ...unset, status: "resolved", endsAt: iso(-1) };
    const grafana = { ...body, version: "1", orgId: 1, title: "t", state: "ok", status: "resolved", alerts: [over] };
    assert.equal((await app.call("POST", "/api/v1/webhooks/grafana", { body: grafana })).status, 200);
    const service = await serviceState("Hook");
    assert.deepEqual([service.state, service.output], ["OK", "resolved: down"]);
  });

  it("answers what Grafana asks of an Alertmanager: status, receivers, groups with its filters, a silence from beginning to end", async () => {
    const status = await app.call("GET", "/api/v2/status");
    assert.deepEqual(
      [status.status, typeof status.body.config.original, status.body.cluster.status],
      [200, "string", "ready"],
    );
    assert.ok((await app.call("GET", "/api/v2/receivers")).body.every(({ name }: { name: string }) => name !== ""));
    const flags = "active=true&silenced=true&inhibited=true&unprocessed=true";
    const groups = await app.call(
      "GET",
      `/api/v2/alerts/groups?${flags}&filter=${encodeURIComponent('service="disk"')}`,
    );
    assert.equal(groups.status, 200, groups.text);
    const [group] = groups.body;
    assert.deepEqual(
      [group.labels, typeof group.receiver.name, group.alerts.length],
      [{ alertname: "disk" }, "string", 1],
    );
    for (const field of ["fingerprint", "startsAt", "endsAt", "updatedAt", "status", "annotations", "labels"]) {
      assert.ok(field in group.alerts[0], field);
    }
    const made = await silence([matcher("service", "disk")], { comment: "from grafana", createdBy: "grafana" });
    assert.equal(made.status, 200, made.text);
    const { silenceID } = made.body;
    const listed = (await app.call("GET", "/api/v2/silences")).body.find(({ id }: { id: string }) => id === silenceID);
    assert.equal(listed.status.state, "active");
    // Grafana sends back what it was given, changed.
    const { status: _, updatedAt: __, ...again } = { ...listed, comment: "changed there" };
    assert.equal((await app.call("POST", "/api/v2/silences", { body: again })).body.silenceID, silenceID);
    assert.equal((await app.call("GET", `/api/v2/silence/${silenceID}`)).body.comment, "changed there");
    assert.equal((await app.call("DELETE", `/api/v2/silence/${silenceID}`)).status, 200);
  });

  it("lets nobody silence or send alerts who may not operate, and a customer's operator only for what is theirs", async () => {
    const password = "a password long enough";
    const signIn = async (name: string, role: string, customer: string | null) => {
      const body = { email: `${name}@example.org`, name, role, customer, password };
      assert.equal((await app.call("POST", "/api/v1/users", { body })).status, 200);
      const headers = await app.logIn(body.email, password);
      return (method: string, path: string, more: object = {}) =>
        app.call(method, path, { headers, token: null, ...more });
    };
    const looker = await signIn("looker", "viewer", null);
    const otto = await signIn("otto", "operator", "acme");
    const wanted = {
      matchers: [matcher("service", "disk")],
      startsAt: iso(0),
      endsAt: iso(hourMs),
      createdBy: "x",
      comment: "x",
    };
    const made = await silence(wanted.matchers);
    const alert = [{ labels: { alertname: "Forged", host: "web1" } }];
    const webhook = {
      version: "4",
      status: "firing",
      alerts: [{ status: "firing", labels: { alertname: "Forged", host: "web1" } }],
    };
    for (const [method, path, body] of [
      ["POST", "/api/v2/silences", wanted],
      ["DELETE", `/api/v2/silence/${made.body.silenceID}`, undefined],
      ["POST", "/api/v2/alerts", alert],
      ["POST", "/api/v1/webhooks/alertmanager", webhook],
      ["POST", "/api/v1/webhooks/grafana", webhook],
    ] as const) {
      const more = body === undefined ? {} : { body };
      assert.equal((await looker(method, path, more)).status, 403, `a viewer: ${path}`);
      assert.equal((await app.call(method, path, { token: null, ...more })).status, 401, `nobody: ${path}`);
    }
    assert.equal((await otto("GET", `/api/v2/silence/${made.body.silenceID}`)).status, 404);
    assert.equal((await otto("DELETE", `/api/v2/silence/${made.body.silenceID}`)).status, 404);
    assert.notEqual((await otto("POST", "/api/v2/alerts", { body: alert })).status, 200, "web1 is nobody's customer's");
    const own = await otto("POST", "/api/v2/silences", { body: wanted });
    assert.equal(own.status, 200, own.text);
    assert.equal((await app.call("DELETE", `/api/v2/silence/${made.body.silenceID}`)).status, 200);
    const [disk] = await alerts("?filter=service%3Ddisk");
    assert.deepEqual(
      [disk.status.state, disk.status.silencedBy],
      ["active", []],
      "acme's silence is about acme's hosts",
    );
    assert.equal(await serviceState("Forged"), undefined);
  });

  it("takes an API token as a password, on these routes only", async () => {
    const headers = { authorization: `Basic ${Buffer.from(`x:${app.operatorToken}`).toString("base64")}` };
    assert.equal((await app.call("GET", "/api/v2/status", { headers })).status, 200);
    assert.equal((await app.call("GET", "/api/v1/hosts", { headers })).status, 401);
    const wrong = await app.call("GET", "/api/v2/status", { token: null });
    assert.deepEqual([wrong.status, typeof wrong.body], [401, "string"]);
  });

  it("takes an alert about MyCloud's own state without making a second problem, by API and by webhook, and counts it", async () => {
    const known = { alertname: "MyCloudServiceCritical", instance: "web1", mycloud_known: "true" };
    const other = { alertname: "DiskFillsUp", instance: "web1", mycloud_known: "false" };
    const before = await outcomes();
    const body = [{ labels: known }, { labels: other, endsAt: iso(240_000) }];
    const answer = await app.call("POST", "/api/v2/alerts", { body });
    assert.deepEqual([answer.status, answer.text], [200, ""]);
    const webhook = { version: "4", status: "firing", alerts: [{ status: "firing", labels: known, annotations: {} }] };
    const sent = await app.call("POST", "/api/v1/webhooks/alertmanager", { body: webhook });
    assert.deepEqual([sent.status, sent.body.accepted], [200, 1]);
    assert.equal(await serviceState("MyCloudServiceCritical"), undefined);
    assert.equal((await serviceState("DiskFillsUp")).state, "CRITICAL");
    const after = await outcomes();
    assert.deepEqual([after.known - before.known, after.stored - before.stored], [2, 1]);
    await app.call("POST", "/api/v2/alerts", { body: [{ labels: other, endsAt: iso(-1) }] });
    assert.equal((await serviceState("DiskFillsUp")).state, "OK");
  });
});
