import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDialect } from "./database/testing/dialects.ts";
import { startTestApp, type TestApp } from "./testing/index.ts";

/** What some answer nothing without. */
const queries: Readonly<Record<string, string>> = { "/api/v1/logs/top": "?field=host" };

forEachDialect((dialect, open) => {
  describe("somebody bound to a customer", () => {
    let testApp: TestApp;
    let token = "";
    let foreignHost = 0;

    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
      const scopes = ["read", "write", "admin", "ingest", "ingest:register"];
      token = (await testApp.call("POST", "/api/v1/api-tokens", { body: { name: "acme", scopes, customer: "acme" } }))
        .body.token;
      foreignHost = (await testApp.call("POST", "/api/v1/hosts", { body: { name: "foreign", customer: "other" } })).body
        .id;
      await testApp.call("POST", "/api/v1/check-results", {
        body: [{ host: "foreign", service: "secret", returnCode: 2, output: "foreign output" }],
      });
      await testApp.call("POST", "/api/v1/comments", {
        body: { hostIds: [foreignHost], hostId: foreignHost, text: "foreign comment" },
      });
      await testApp.call("POST", "/api/v1/contacts", {
        body: { name: "foreign contact", email: "a@example.org", customer: "other" },
      });
      await testApp.call("POST", "/api/v1/enrolment-tokens", { body: { hostName: "foreign-next", customer: "other" } });
      await testApp.call("POST", "/api/v1/invitations", {
        body: { email: "foreign-person@example.org", customer: "other" },
      });
      await testApp.call("POST", "/api/v1/log-searches", {
        body: { name: "foreign search", query: "foreign", isShared: true },
      });
      await testApp.call("POST", "/api/v1/log-sources", {
        body: { name: "foreign source", selector: { hosts: ["foreign"] }, input: { type: "journal" } },
      });
      await writeLogs();
      const foreignUser = { email: "foreign-user@example.org", name: "F", role: "admin", customer: "other" };
      await testApp.call("POST", "/api/v1/users", { body: { ...foreignUser, password: "long enough password" } });
    });
    after(() => testApp.stop());
    /** A line of the other customer's host, and one of nobody's host. */
    async function writeLogs(): Promise<void> {
      const { body } = await testApp.call("POST", "/api/v1/api-tokens", { body: { name: "logs", scopes: ["logs"] } });
      const lines = [
        { host: "foreign", service: "foreign-app", message: "foreign line", foreign_field: "foreign value" },
        { host: "foreign-router", message: "foreign line of the operator" },
      ];
      const written = await testApp.call("POST", "/api/v1/logs", {
        token: body.token,
        body: lines.map((line) => JSON.stringify(line)).join("\n"),
      });
      assert.deepEqual(written.body, { stored: 2, isDuplicate: false });
    }
    const call = (method: string, path: string, body?: unknown) =>
      testApp.call(method, path, body === undefined ? { token } : { token, body });

    it("sees nothing of another customer in any list or answer", async () => {
      const seenByStaff: string[] = [];
      for (const { method, path, answerKind } of testApp.app.routes) {
        if (method !== "get" || answerKind === "stream" || path.startsWith("/api/v1/agent/")) continue;
        const concrete = `${path.replace(/:\w+/g, String(foreignHost))}${queries[path] ?? ""}`;
        assert.doesNotMatch((await call("GET", concrete)).text, /foreign/, path);
        if ((await testApp.call("GET", concrete)).text.includes("foreign")) seenByStaff.push(path);
      }
      for (const list of [
        "hosts",
        "services",
        "contacts",
        "check-results",
        "enrolment-tokens",
        "comments",
        "invitations",
        "users",
        "log-searches",
        "log-sources",
        "logs",
        "logs/fields",
        "logs/top",
        "logs/patterns",
      ]) {
        assert.ok(seenByStaff.includes(`/api/v1/${list}`), `${list} has something to hide`);
      }
    });

    it("finds no log record of another customer or of nobody, by counting, exporting, following or its id", async () => {
      for (const [asker, lines] of [
        [token, 0],
        [undefined, 2],
      ] as const) {
        const ask = (path: string) =>
          testApp.call("GET", `/api/v1/logs${path}`, asker === undefined ? {} : { token: asker });
        const { bins } = (await ask("/histogram?query=foreign")).body;
        assert.equal(
          bins.reduce((sum: number, { count }: { count: number }) => sum + count, 0),
          lines,
        );
        for (const format of ["ndjson", "csv"]) {
          assert.equal((await ask(`/export?format=${format}&query=line`)).text.split("foreign line").length - 1, lines);
        }
        assert.equal((await ask("?query=customer:other")).body.records.length, lines / 2);
      }
      const [record] = (await testApp.call("GET", "/api/v1/logs?query=customer:other")).body.records;
      const context = `/api/v1/logs/${encodeURIComponent(record.id)}/context`;
      assert.deepEqual([(await call("GET", context)).status, (await testApp.call("GET", context)).status], [404, 200]);
      const [tails, stop] = await followTails([token, testApp.operatorToken]);
      await writeLogs();
      while (!tails[1]?.().includes("foreign line of the operator")) await new Promise((go) => setTimeout(go, 10));
      assert.doesNotMatch(tails[0]?.() ?? "foreign", /foreign/);
      stop();
    });

    /** Follows the logs with each token; answers what each has heard so far. */
    async function followTails(tokens: readonly string[]): Promise<[(() => string)[], () => void]> {
      const closing = new AbortController();
      const tails = tokens.map(async (bearer) => {
        const { body } = await fetch(`${testApp.url}/api/v1/logs/tail`, {
          headers: { authorization: `Bearer ${bearer}` },
          signal: closing.signal,
        });
        let heard = "";
        const read = async () => {
          for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) heard += text;
        };
        void read().catch(() => undefined);
        return () => heard;
      });
      return [await Promise.all(tails), () => closing.abort()];
    }

    it("writes no definition that covers everybody's hosts", async () => {
      const rule = { name: "r", contactIds: [], selector: {}, states: ["CRITICAL"] };
      const check = { name: "x", command: "load", selector: {} };
      assert.equal((await call("POST", "/api/v1/checks", check)).status, 403);
      assert.equal((await call("POST", "/api/v1/notification-rules", rule)).status, 403);
      const source = { name: "x", selector: { hosts: ["foreign"] }, input: { type: "journal" } };
      const target = { type: "syslog", transport: "udp", host: "siem.example.org", port: 514 };
      for (const [resource, body] of [
        ["log-sources", source],
        ["log-sources", { ...source, selector: {} }],
        ["log-senders", { name: "x", protocols: ["syslog"], networks: ["0.0.0.0/0"] }],
        ["log-destinations", { name: "x", host: "fluentd.example.org" }],
        ["log-forwards", { name: "x", query: "", target }],
        ["trap-rules", { name: "x", selector: {}, trapOid: "1.3.6.1.*", state: "OK", serviceName: "x" }],
      ] as const) {
        assert.equal((await call("POST", `/api/v1/${resource}`, body)).status, 403, resource);
      }
      const apply = { resources: [{ kind: "Check", name: "y", spec: { command: "load", selector: {} } }] };
      assert.equal((await call("POST", "/api/v1/apply", apply)).status, 403);
    });

    it("writes nothing into another customer, by id, by name or by naming the customer", async () => {
      for (const [method, path, body] of [
        ["PUT", `/api/v1/hosts/${foreignHost}`, { name: "foreign", notes: "mine now" }],
        ["DELETE", `/api/v1/hosts/${foreignHost}`, undefined],
        ["POST", "/api/v1/hosts", { name: "theirs", customer: "other" }],
        ["POST", "/api/v1/enrolment-tokens", { customer: "other" }],
        ["POST", "/api/v1/invitations", { email: "x@example.org", customer: "other" }],
        ["DELETE", "/api/v1/invitations/1", undefined],
        ["DELETE", "/api/v1/log-searches/1", undefined],
        ["POST", "/api/v1/users/1/reset-second-step", undefined],
        ["POST", "/api/v1/customers", { name: "mine", title: "Mine" }],
        ["PUT", "/api/v1/customers/1", { title: "Mine" }],
        ["POST", "/api/v1/contacts", { name: "n", email: "a@example.org", customer: "other" }],
      ] as const) {
        const { status } = await call(method, path, body);
        assert.ok(status === 403 || status === 404, `${method} ${path}: ${status}`);
      }
      const ingested = await call("POST", "/api/v1/check-results", [
        { host: "foreign", service: "secret", returnCode: 0, output: "mine" },
      ]);
      assert.equal(ingested.body.accepted, 0);
      const host = await testApp.call("GET", `/api/v1/hosts/${foreignHost}`);
      assert.deepEqual([host.status, host.body.customer, host.body.notes], [200, "other", ""]);
    });

    it("sees of the operator's parents and probers nothing and not their names, and what it writes leaves them", async () => {
      for (const name of ["foreign-prober", "foreign-switch"]) {
        await testApp.call("POST", "/api/v1/hosts", { body: { name } });
      }
      const own = await call("POST", "/api/v1/hosts", { name: "acme-prober" });
      const probers = ["foreign-prober", "acme-prober"];
      const parents = ["foreign-switch", "acme-prober"];
      const body = { name: "probed", customer: "acme", probers, parents };
      const { id } = (await testApp.call("POST", "/api/v1/hosts", { body })).body;
      const path = `/api/v1/hosts/${id}`;
      const storedHost = async () => (await testApp.call("GET", path)).body;
      const stored = async () => (await storedHost()).probers;
      assert.deepEqual(await stored(), probers);
      await testApp.call("POST", "/api/v1/check-results", {
        body: ["foreign-switch", "acme-prober", "probed"].map((host) => ({ host, returnCode: 2, output: "away" })),
      });
      for (const route of testApp.app.routes) {
        const isAgents = route.answerKind === "stream" || route.path.startsWith("/api/v1/agent/");
        if (route.method !== "get" || isAgents) continue;
        const answered = `${route.path.replace(/:\w+/g, String(id))}${queries[route.path] ?? ""}`;
        assert.doesNotMatch((await call("GET", answered)).text, /foreign/, answered);
      }
      assert.equal((await storedHost()).state, "UNREACHABLE");
      const shown = (await call("GET", path)).body;
      assert.deepEqual([shown.probers, shown.parents], [["acme-prober"], ["acme-prober"]]);
      const renamed = await call("PUT", path, { ...shown, notes: "ours" });
      assert.deepEqual([renamed.status, renamed.body.notes, renamed.body.probers], [200, "ours", ["acme-prober"]]);
      assert.deepEqual(await stored(), probers);
      assert.equal((await call("PUT", path, { ...shown, probers: [] })).status, 200);
      assert.deepEqual(await stored(), ["foreign-prober"]);
      assert.equal((await call("PUT", path, { ...shown, probers: ["acme-prober"] })).status, 200);
      assert.deepEqual(await stored(), ["acme-prober", "foreign-prober"]);
      assert.deepEqual((await storedHost()).parents, parents);
      assert.equal((await call("PUT", path, { ...shown, parents: [] })).status, 200);
      assert.deepEqual((await storedHost()).parents, ["foreign-switch"]);
      for (const made of [id, own.body.id]) await call("DELETE", `/api/v1/hosts/${made}`);
    });

    it("makes hosts of that customer, and sees those", async () => {
      const made = await call("POST", "/api/v1/hosts", { name: "ours" });
      assert.deepEqual([made.status, made.body.customer], [200, "acme"]);
      const hosts = await call("GET", "/api/v1/hosts");
      assert.deepEqual(
        hosts.body.data.map((host: { name: string }) => host.name),
        ["ours"],
      );
    });
  });
});
