import assert from "node:assert/strict";
import { it } from "node:test";
import type { DiscoveryReport } from "@mycloud/protocol/service-proposal";
import { newAgentKey, signToken } from "../agent/testing/agent-api.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp } from "../testing/index.ts";

const report: DiscoveryReport = {
  found: ["/srv/a", "/srv/b", "/srv/c"].map((key) => ({
    kind: "filesystem",
    key,
    title: `file system ${key}`,
    check: { serviceName: `disk ${key}`, command: "disk", arguments: ["-p", key], checkIntervalSeconds: 60 },
  })),
  failed: [],
};

forEachDialect((dialect, open) => {
  it("what an agent finds waits for approval, becomes checks of that host only, and vanishes when it is gone", async () => {
    await open({ migrations: null });
    const app = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
    try {
      const checks = async () => (await app.call("GET", "/api/v1/checks?perPage=1000")).body.data;
      for (const { id } of await checks()) await app.call("DELETE", `/api/v1/checks/${id}`);
      const { body: created } = await app.call("POST", "/api/v1/enrolment-tokens", { body: {} });
      const { privateKey, publicKey } = newAgentKey();
      const enrolment = { token: created.token, hostName: "web1", agentVersion: "1", publicKey };
      const { body: agent } = await app.call("POST", "/api/v1/agent/enrol", { body: enrolment, token: null });
      const other = await app.call("POST", "/api/v1/hosts", { body: { name: "web2" } });
      const send = async (body: unknown) => {
        const token = signToken(privateKey, agent.agentId, Date.now());
        return await app.call("POST", "/api/v1/agent/discovery", { body, token });
      };
      const list = async (filter = {}) =>
        (await app.call("GET", `/api/v1/service-proposals?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body;

      const asked = await app.call("POST", "/api/v1/discover", {
        body: { hostIds: [agent.hostId, other.body.id, 999] },
      });
      assert.deepEqual(asked.body.done, [{ hostId: agent.hostId, serviceId: null }]);
      assert.deepEqual(
        asked.body.refused.map(({ message }: { message: string }) => message),
        ["no agent is enrolled on this host, and none probes it", "there is no such host"],
      );

      assert.deepEqual((await send(report)).body, { proposed: 3, covered: 0, vanished: 0 });
      assert.equal((await send({ found: [{ kind: "magic" }], failed: [] })).status, 400);
      // Of a host that it does not probe it may tell what it likes.
      const facts = { sysName: "mine now" };
      const stranger = { ...report, hostId: other.body.id, facts };
      const told = await send({ found: [], failed: [], isOwnHostLeftOut: true, probed: [stranger] });
      assert.deepEqual(told.body, { proposed: 0, covered: 0, vanished: 0 });
      assert.equal((await list({ hostName: "web2" })).total, 0);
      assert.doesNotMatch((await app.call("GET", `/api/v1/hosts/${other.body.id}`)).text, /mine now/);
      assert.equal((await app.call("POST", "/api/v1/agent/discovery", { body: report })).status, 403);
      assert.equal((await checks()).length, 0);
      const { data } = await list({ phase: "proposed", isVanished: false });
      const [a, b, c] = [...data].sort((x, y) => (x.key < y.key ? -1 : 1));
      assert.deepEqual([a.key, a.hostName, a.phase, a.checkId], ["/srv/a", "web1", "proposed", null]);
      assert.equal((await app.call("GET", `/api/v1/service-proposals/${a.id}`)).body.key, "/srv/a");

      const rejected = await app.call("POST", "/api/v1/service-proposals/reject", { body: { ids: [b.id] } });
      assert.deepEqual(rejected.body, { done: [{ id: b.id, checkId: null }], refused: [] });
      const approved = await app.call("POST", "/api/v1/service-proposals/approve", { body: { ids: [a.id, 9_999] } });
      assert.deepEqual(approved.body.refused, [{ id: 9_999, message: "there is no such proposal" }]);
      const [check, ...more] = await checks();
      assert.equal(more.length, 0);
      assert.equal(check.id, approved.body.done[0].checkId);
      assert.deepEqual([check.selector, check.serviceCount], [{ hosts: ["web1"] }, 1]);

      // The name of its check is taken: nothing is left half made, and it can be approved when the other is gone.
      const rival = { name: "web1 disk /srv/c", command: "load", selector: { hosts: ["nothing"] } };
      const { body: taken } = await app.call("POST", "/api/v1/checks", { body: rival });
      const refused = await app.call("POST", "/api/v1/service-proposals/approve", { body: { ids: [c.id] } });
      assert.match(refused.body.refused[0].message, /there is a check named "web1 disk \/srv\/c" already/);
      await app.call("DELETE", `/api/v1/checks/${taken.id}`);

      assert.deepEqual((await send({ found: report.found.slice(0, 2), failed: [] })).body, {
        proposed: 0,
        covered: 1,
        vanished: 1,
      });
      const gone = await app.call("POST", "/api/v1/service-proposals/approve", { body: { ids: [c.id] } });
      assert.equal(gone.body.refused[0].message, "it is not there any more");
      assert.deepEqual((await send({ found: [], failed: [{ kind: "filesystem", message: "?" }] })).body.vanished, 1);
      assert.deepEqual((await send(report)).body, { proposed: 1, covered: 1, vanished: 0 });

      await app.call("DELETE", `/api/v1/checks/${check.id}`);
      assert.deepEqual((await send(report)).body, { proposed: 2, covered: 0, vanished: 0 });
      assert.equal((await list({ phase: "rejected" })).total, 1);

      const { data: entries } = (await app.call("GET", "/api/v1/audit-entries?perPage=1000")).body;
      const actions = new Set(entries.map(({ action }: { action: string }) => action));
      for (const verb of ["discover", "approve", "reject"]) assert.ok(actions.has(`service-proposal.${verb}`), verb);
    } finally {
      await app.stop();
    }
  });
});
