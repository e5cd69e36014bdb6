import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { followServices } from "../dns-health/index.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

describe("explaining a query", () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
    const make = async (path: string, body: object) => {
      const answer = await testApp.call("POST", path, { body });
      assert.ok(answer.status < 300, answer.text);
      return answer.body;
    };
    const { id: hostId } = await make("/api/v1/hosts", { name: "web1" });
    await make("/api/v1/services", { hostId, name: "http", maxCheckAttempts: 1 });
    await make("/api/v1/dns-views", { name: "inside", clients: [{ prefixes: ["10.0.0.0/8"] }] });
    await make("/api/v1/dns/zones", { name: "example.org", nameServers: ["ns1.example.net"] });
    await make("/api/v1/dns/zones", { name: "example.org", view: "inside", nameServers: ["ns1.example.net"] });
    const set = (name: string, type: string, ...records: object[]) => ({
      action: "set",
      rrset: { name, type, records },
    });
    await make("/api/v1/dns/zones/example.org/changes", {
      changes: [
        set("www", "A", { data: "192.0.2.1", service: { host: "web1", service: "http" } }, { data: "192.0.2.2" }),
        set("shop", "CNAME", { data: "www" }),
        set("*.apps", "A", { data: "192.0.2.3" }),
        set("*.alias", "CNAME", { data: "shop" }),
        set("sub", "NS", { data: "ns.elsewhere.example." }),
      ],
    });
    await make("/api/v1/check-results", [{ host: "web1", service: "http", returnCode: 2, output: "down" }]);
    const { core } = testApp.app;
    assert.ok(core);
    await followServices(core.database, core.now());
  });
  after(() => testApp.stop());

  const explain = async (query: string) => {
    const { status, body, text } = await testApp.call("GET", `/api/v1/dns/explain?${query}`);
    assert.equal(status, 200, text);
    return body;
  };

  it("says through an alias which record health keeps back, and why", async () => {
    const found = await explain("name=shop.example.org&type=A");
    assert.deepEqual(found.answer, [
      "shop.example.org. 3600 IN CNAME www.example.org.",
      "www.example.org. 60 IN A 192.0.2.2",
    ]);
    assert.deepEqual(
      found.health.map(({ data, state, isPublished, reason }: Record<string, unknown>) => [
        data,
        state,
        isPublished,
        reason,
      ]),
      [
        ["192.0.2.1", "CRITICAL", false, "its service is HARD and not OK"],
        ["192.0.2.2", null, true, "it follows no service"],
      ],
    );
    assert.match(found.changes[0].text, /192\.0\.2\.1 is not answered any more .*http on web1/);
    assert.ok(found.steps.includes("shop.example.org. is an alias of www.example.org."));
  });

  it("knows views by the client's address", async () => {
    const found = await explain("name=www.example.org&from=10.1.2.3");
    assert.deepEqual([found.view, found.resultCode, found.answer], ["inside", "NXDOMAIN", []]);
  });

  it("tells wildcards, delegations and strangers apart", async () => {
    assert.match((await explain("name=x.apps.example.org")).steps.join("\n"), /wildcard \*\.apps\.example\.org\./);
    const through = await explain("name=x.alias.example.org");
    assert.equal(through.resultCode, "NOERROR");
    assert.equal(through.answer.at(-1), "www.example.org. 60 IN A 192.0.2.2");
    const below = await explain("name=a.sub.example.org");
    assert.equal(below.isAuthoritative, false);
    assert.match(below.steps.join("\n"), /below sub\.example\.org\. is delegated/);
    assert.equal((await explain("name=example.com")).resultCode, "REFUSED");
  });

  it("names what of a question makes no sense", async () => {
    for (const [query, field] of [
      ["name=a..b", "name"],
      ["name=example.org&from=nowhere", "from"],
      ["name=example.org&type=A-1", "type"],
    ] as const) {
      const { status, body } = await testApp.call("GET", `/api/v1/dns/explain?${query}`);
      assert.equal(status, 400);
      assert.equal(body.error.issues[0].field, field);
    }
  });

  it("a zone's statistics and the servers are lists, also where no server was heard of", async () => {
    const { body } = await testApp.call("GET", "/api/v1/dns/zones/example.org/statistics");
    assert.deepEqual(body, { servers: [], rates: [] });
    assert.deepEqual((await testApp.call("GET", "/api/v1/dns/servers")).body, { data: [] });
  });
});
