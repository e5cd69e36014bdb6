import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDialect } from "./database/testing/dialects.ts";
import { startTestApp, type TestApp } from "./testing/index.ts";

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
      const foreignUser = { email: "foreign-user@example.org", name: "F", role: "admin", customer: "other" };
      await testApp.call("POST", "/api/v1/users", { body: { ...foreignUser, password: "long enough password" } });
    });
    after(() => testApp.stop());
    const call = (method: string, path: string, body?: unknown) =>
      testApp.call(method, path, body === undefined ? { token } : { token, body });

    it("sees nothing of another customer in any list or answer", async () => {
      const seenByStaff: string[] = [];
      for (const { method, path, answerKind } of testApp.app.routes) {
        if (method !== "get" || answerKind === "stream" || path.startsWith("/api/v1/agent/")) continue;
        const concrete = path.replace(/:\w+/g, String(foreignHost));
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
      ]) {
        assert.ok(seenByStaff.includes(`/api/v1/${list}`), `${list} has something to hide`);
      }
    });

    it("writes no definition that covers everybody's hosts", async () => {
      const rule = { name: "r", contactIds: [], selector: {}, states: ["CRITICAL"] };
      const check = { name: "x", command: "load", selector: {} };
      assert.equal((await call("POST", "/api/v1/checks", check)).status, 403);
      assert.equal((await call("POST", "/api/v1/notification-rules", rule)).status, 403);
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
