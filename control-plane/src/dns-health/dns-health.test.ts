import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { followServices } from "./follow-services.ts";

const zone = "/api/v1/dns/zones/example.org";

forEachDialect((dialect, open) => {
  describe("answers that follow the health of services", () => {
    let testApp: TestApp;
    let nowMs = Date.parse("2026-11-24T10:00:00Z");

    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp({
        ...(dialect === "mariadb" ? { databaseUrl: open.location() } : {}),
        now: () => nowMs,
      });
      const call = async (method: string, path: string, body: object) => {
        const answer = await testApp.call(method, path, { body });
        assert.ok(answer.status < 300, answer.text);
        return answer.body;
      };
      for (const name of ["web1", "web2"]) {
        const { id: hostId } = await call("POST", "/api/v1/hosts", { name });
        await call("POST", "/api/v1/services", { hostId, name: "http", maxCheckAttempts: 2 });
      }
      await call("POST", "/api/v1/dns/zones", { name: "example.org", nameServers: ["ns1.example.net"] });
      const record = (data: string, host: string, more: object = {}) => ({
        ...{ data, service: { host, service: "http" } },
        ...more,
      });
      const set = (name: string, records: object[], more: object = {}) => ({
        action: "set",
        rrset: { name, type: "A", ttlSeconds: 3_600, records, ...more },
      });
      await call("POST", `${zone}/changes`, {
        changes: [
          set("www", [record("192.0.2.1", "web1"), record("192.0.2.2", "web2")]),
          set("floor", [record("192.0.2.1", "web1"), record("192.0.2.2", "web2")], { minimumAnswers: 2 }),
          set("failover", [record("192.0.2.1", "web1", { tier: 0 }), record("192.0.2.9", "web2", { tier: 1 })]),
          set("plain", [{ data: "192.0.2.1" }]),
        ],
      });
    });
    after(() => testApp.stop());

    const report = async (host: string, returnCode: number, times = 1) => {
      for (let time = 0; time < times; time += 1) {
        nowMs += 1_000;
        const body = [{ host, service: "http", returnCode, output: "said so" }];
        const answer = await testApp.call("POST", "/api/v1/check-results", { body });
        assert.equal(answer.status, 200, answer.text);
      }
      const { core } = testApp.app;
      assert.ok(core);
      await followServices(core.database, nowMs);
    };
    const published = async (name: string) => (await testApp.call("GET", `${zone}/rrsets/${name}/A`)).body.published;
    const serial = async () => (await testApp.call("GET", zone)).body.serial;

    it("a SOFT state changes nothing, a HARD one takes the record out with a serial of its own", async () => {
      await report("web1", 0);
      await report("web2", 0);
      const before = await serial();
      await report("web1", 2);
      assert.equal(await published("www"), null);
      assert.equal(await serial(), before);
      await report("web1", 2);
      assert.deepEqual(await published("www"), ["192.0.2.2"]);
      assert.deepEqual(await published("failover"), ["192.0.2.9"]);
      assert.equal(await published("floor"), null, "with fewer than two well records all are answered");
      assert.equal(await serial(), before + 1, "one serial for all that changed");
    });

    it("a look again changes nothing, and what people defined stays", async () => {
      const [before, { body }] = [await serial(), await testApp.call("GET", `${zone}/rrsets/www/A`)];
      await report("web1", 2);
      assert.equal(await serial(), before);
      assert.equal(body.records.length, 2);
      assert.equal(body.ttlSeconds, 3_600);
    });

    it("with nothing well all are answered", async () => {
      await report("web2", 1, 2);
      assert.equal(await published("www"), null);
    });

    it("HARD OK brings it back", async () => {
      await report("web2", 0);
      assert.deepEqual(await published("www"), ["192.0.2.2"]);
      await report("web1", 0);
      assert.equal(await published("www"), null);
      assert.deepEqual(await published("failover"), ["192.0.2.1"]);
    });

    it("each change is on the timeline of the service, and in no history of the zone", async () => {
      const { body } = await testApp.call("GET", "/api/v1/timeline?kind=dns");
      const titles: string[] = body.data.map((entry: { title: string }) => entry.title);
      assert.ok(titles.includes("www.example.org. does not answer A 192.0.2.1 any more"), titles.join("\n"));
      assert.ok(titles.includes("www.example.org. answers A 192.0.2.1 again"));
      assert.equal((await testApp.call("GET", `${zone}/changes`)).body.total, 2);
    });

    it("a host that is deleted takes its records out of nothing", async () => {
      await report("web1", 2, 2);
      assert.deepEqual(await published("www"), ["192.0.2.2"]);
      const { data } = (await testApp.call("GET", "/api/v1/hosts?filter=%7B%22name%22%3A%22web1%22%7D")).body;
      await testApp.call("DELETE", `/api/v1/hosts/${data[0].id}`);
      const { core } = testApp.app;
      assert.ok(core);
      await followServices(core.database, nowMs);
      assert.equal(await published("www"), null);
    });
  });
});
