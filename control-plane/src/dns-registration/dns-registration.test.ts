import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { newAgentKey, signToken } from "../agent/testing/agent-api.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

forEachDialect((dialect, open) => {
  describe("hosts that register themselves", () => {
    let testApp: TestApp;
    let nowMs = Date.parse("2026-11-24T10:00:00Z");

    before(async () => {
      if (dialect === "mariadb") await open();
      const now = () => nowMs;
      testApp = await startTestApp({ now, ...(dialect === "mariadb" ? { databaseUrl: open.location() } : {}) });
      for (const name of ["example.org", "2.0.192.in-addr.arpa", "128/26.2.0.192.in-addr.arpa"]) {
        await post("/api/v1/dns/zones", { name, nameServers: ["ns1.example.net"] });
      }
      await post("/api/v1/dns-registrations", {
        ...{ name: "machines", zone: "example.org", prefixes: ["192.0.2.0/24"], removeAfterSeconds: 600 },
        roles: [{ selector: { hosts: ["web*"] }, service: "_http", port: 80 }],
      });
    });
    after(() => testApp.stop());

    async function post(path: string, body: object, token?: string) {
      const answer = await testApp.call("POST", path, token === undefined ? { body } : { body, token });
      assert.ok(answer.status < 300, answer.text);
      return answer.body;
    }
    async function enrol(hostName: string, more: object = {}) {
      const { token } = await post("/api/v1/enrolment-tokens", more);
      const key = newAgentKey();
      const request = { token, hostName, agentVersion: "1", publicKey: key.publicKey };
      const { agentId, hostId } = await post("/api/v1/agent/enrol", request);
      return {
        hostId,
        tell: (addresses: string[] | null) =>
          post(
            "/api/v1/agent/keepalive",
            {
              ...{ agentVersion: "1", startedAtMs: 1, sentAtMs: nowMs, configurationEtag: null, spooledBatches: 0 },
              ...{ spooledBytes: 0, droppedResults: 0, rejectedBatches: 0, addresses },
            },
            signToken(key.privateKey, agentId, nowMs),
          ),
      };
    }
    const recordsOf = async (zone: string) => {
      const { body } = await testApp.call(
        "GET",
        `/api/v1/dns/zones/${encodeURIComponent(zone)}/rrsets?filter=${encodeURIComponent('{"source":"registration"}')}`,
      );
      return body.data.flatMap(({ name, type, records }: { name: string; type: string; records: { data: string }[] }) =>
        records.map(({ data }) => `${name} ${type} ${data}`),
      );
    };
    const status = async () => (await testApp.call("GET", "/api/v1/dns/registration-status")).body;
    async function comesTo(zone: string, expected: readonly string[]) {
      const deadline = performance.now() + 20_000;
      for (;;) {
        // What follows waits for the clock that the program was given.
        nowMs += 1_000;
        const found = await recordsOf(zone);
        if (JSON.stringify(found) === JSON.stringify(expected)) return;
        if (performance.now() > deadline) assert.deepEqual(found, expected);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    let web1: Awaited<ReturnType<typeof enrol>>;

    it("a host's addresses become records with PTR records in the closest zones; the same again changes nothing", async () => {
      web1 = await enrol("web1.example.org");
      await web1.tell(["192.0.2.130", "192.0.2.5", "10.0.0.1"]);
      await comesTo("example.org", [
        "_http._tcp SRV 0 0 80 web1.example.org.",
        "web1 A 192.0.2.130",
        "web1 A 192.0.2.5",
      ]);
      await comesTo("128/26.2.0.192.in-addr.arpa", ["130 PTR web1.example.org."]);
      await comesTo("2.0.192.in-addr.arpa", ["5 PTR web1.example.org."]);
      const { waitingCount, problems, registrations } = await status();
      assert.deepEqual([waitingCount, problems], [0, []]);
      assert.deepEqual(registrations, [{ name: "machines", zone: "example.org", hostCount: 1, addressCount: 2 }]);
      const { revision } = (await testApp.call("GET", "/api/v1/dns/zones/example.org")).body;
      await web1.tell(["192.0.2.5", "10.0.0.1", "192.0.2.130"]);
      nowMs += 61_000;
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      assert.equal((await testApp.call("GET", "/api/v1/dns/zones/example.org")).body.revision, revision);
      const { data } = (await testApp.call("GET", "/api/v1/dns/zones/example.org/changes")).body;
      assert.deepEqual([data[0].author, data[0].source], ["registration", "registration"]);
    });

    it("an address that is gone is kept for a while, and then leaves everywhere", async () => {
      await web1.tell(["192.0.2.5"]);
      const goneAtMs = nowMs;
      // Told in a keepalive, which is written within a moment.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      nowMs += 590_000;
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      assert.deepEqual(await recordsOf("128/26.2.0.192.in-addr.arpa"), ["130 PTR web1.example.org."]);
      await comesTo("128/26.2.0.192.in-addr.arpa", []);
      assert.ok(nowMs - goneAtMs >= 600_000, `${nowMs - goneAtMs} ms`);
      assert.deepEqual(await recordsOf("example.org"), ["_http._tcp SRV 0 0 80 web1.example.org.", "web1 A 192.0.2.5"]);
    });

    it("what people wrote stays, whatever a host says, and is told; once it is gone the host has its name", async () => {
      const changes = [
        { action: "set", rrset: { name: "db1", type: "A", records: [{ data: "198.51.100.1" }] } },
        { action: "set", rrset: { name: "www", type: "CNAME", records: [{ data: "web1" }] } },
      ];
      await post("/api/v1/dns/zones/example.org/changes", { changes });
      const [db1, www] = [await enrol("db1"), await enrol("www")];
      await db1.tell(["192.0.2.7"]);
      await www.tell(["192.0.2.8"]);
      await comesTo("2.0.192.in-addr.arpa", [
        "5 PTR web1.example.org.",
        "7 PTR db1.example.org.",
        "8 PTR www.example.org.",
      ]);
      const { problems } = await status();
      assert.deepEqual(
        problems.map(({ registration, message }: { registration: string; message: string }) => [registration, message]),
        [
          ["machines", "db1 A in example.org.: somebody wrote other records there (people), which stay"],
          ["machines", "www A in example.org.: there is a CNAME record, beside which nothing may be"],
        ],
      );
      await post("/api/v1/dns/zones/example.org/changes", {
        changes: [{ action: "delete", name: "db1", type: "A" }],
      });
      await comesTo("example.org", ["_http._tcp SRV 0 0 80 web1.example.org.", "db1 A 192.0.2.7", "web1 A 192.0.2.5"]);
      await www.tell(null);
      await comesTo("2.0.192.in-addr.arpa", ["5 PTR web1.example.org.", "7 PTR db1.example.org."]);
      await testApp.call("DELETE", `/api/v1/hosts/${db1.hostId}`);
      await comesTo("2.0.192.in-addr.arpa", ["5 PTR web1.example.org."]);
    });

    it("a name below a DNAME record is left out and told, and the rest is done", async () => {
      const changes = [{ action: "set", rrset: { name: "sub", type: "DNAME", records: [{ data: "example.net." }] } }];
      await post("/api/v1/dns/zones/example.org/changes", { changes });
      const [below, beside] = [await enrol("x.sub.example.org"), await enrol("beside")];
      await below.tell(["192.0.2.20"]);
      await beside.tell(["192.0.2.21"]);
      await comesTo("example.org", [
        "_http._tcp SRV 0 0 80 web1.example.org.",
        "beside A 192.0.2.21",
        "web1 A 192.0.2.5",
      ]);
    });

    it("a customer's host is in no zone of others; without the registration all is gone", async () => {
      const shop = await enrol("shop", { customer: "acme" });
      await shop.tell(["192.0.2.40"]);
      const deadline = performance.now() + 30_000;
      const isTold = async () => /acme may not be in the zone/.test(JSON.stringify((await status()).problems));
      while (!(await isTold()) && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(await isTold(), true);
      const { data } = (await testApp.call("GET", "/api/v1/dns-registrations")).body;
      await testApp.call("DELETE", `/api/v1/dns-registrations/${data[0].id}`);
      for (const zone of ["example.org", "2.0.192.in-addr.arpa"]) await comesTo(zone, []);
      const bad = { name: "x", zone: "exa mple", prefixes: ["192.0.2.0/24"] };
      assert.equal((await testApp.call("POST", "/api/v1/dns-registrations", { body: bad })).status, 400);
    });
  });
});
