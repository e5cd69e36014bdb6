import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

/** Calls as each client's source and documentation has them: the same paths, bodies and order. */
forEachDialect((dialect, open) => {
  describe("PowerDNS's API", () => {
    let testApp: TestApp;
    let key = "";

    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
      key = (await testApp.call("POST", "/api/v1/api-tokens", { body: { name: "acme", scopes: ["write"] } })).body
        .token;
    });
    after(() => testApp.stop());

    const call = (method: string, path: string, body?: object) =>
      testApp.call(method, path, {
        ...{ token: null, headers: { "x-api-key": key } },
        ...(body === undefined ? {} : { body }),
      });
    const zones = "/api/v1/servers/localhost/zones";

    it("lets in by X-API-Key alone where it is PowerDNS's, and says who may not in its shape", async () => {
      assert.equal((await testApp.call("GET", "/api/v1/servers", { token: null })).status, 401);
      const wrong = await testApp.call("GET", "/api/v1/servers", { token: null, headers: { "x-api-key": "secret" } });
      assert.deepEqual([wrong.status, typeof wrong.body.error], [401, "string"]);
      assert.equal(
        (await testApp.call("GET", "/api/v1/hosts", { token: null, headers: { "x-api-key": key } })).status,
        401,
      );
    });

    it("terraform-provider-powerdns makes a zone, its records, reads them, and takes them away", async () => {
      const [server] = (await call("GET", "/api/v1/servers")).body;
      assert.deepEqual([server.id, server.type, server.daemon_type], ["localhost", "Server", "authoritative"]);
      const made = await call("POST", zones, {
        name: "example.org.",
        kind: "Native",
        nameservers: ["ns1.example.net."],
      });
      assert.equal(made.status, 201, made.text);
      assert.deepEqual(
        [made.body.id, made.body.name, made.body.kind, made.body.type],
        ["example.org.", "example.org.", "Native", "Zone"],
      );
      assert.equal(
        (await call("POST", zones, { name: "example.org.", kind: "Native", nameservers: ["a."] })).status,
        409,
      );
      const records = [
        { content: "192.0.2.1", disabled: false },
        { content: "192.0.2.2", disabled: false },
      ];
      const rrset = { name: "www.example.org.", type: "A", ttl: 300, changetype: "REPLACE", records };
      assert.equal((await call("PATCH", `${zones}/example.org.`, { rrsets: [rrset] })).status, 204);
      const zone = (await call("GET", `${zones}/example.org.`)).body;
      const www = zone.rrsets.find(({ name }: { name: string }) => name === "www.example.org.");
      assert.deepEqual(www, { name: "www.example.org.", type: "A", ttl: 300, records, comments: [] });
      assert.ok(zone.rrsets.some(({ type }: { type: string }) => type === "SOA"));
      const gone = { name: "www.example.org.", type: "A", changetype: "DELETE" };
      assert.equal((await call("PATCH", `${zones}/example.org.`, { rrsets: [gone] })).status, 204);
      const one = await call("GET", `${zones}/example.org.?rrset_name=www.example.org.&rrset_type=A`);
      assert.deepEqual(one.body.rrsets, []);
    });

    it("lego's pdns provider presents a challenge beside one that is there, notifies, and cleans up", async () => {
      const [{ version, url }] = (await call("GET", "/api")).body;
      assert.deepEqual([version, url], [1, "/api/v1"]);
      const zone = (await call("GET", `${zones}/example.org.`)).body;
      const name = "_acme-challenge.example.org.";
      const present = (...texts: string[]) =>
        call("PATCH", zone.url, {
          rrsets: [
            {
              ...{ name, changetype: "REPLACE", type: "TXT", kind: "Master", ttl: 120 },
              records: texts.map((text) => ({ content: `"${text}"`, disabled: false, type: "TXT", name, ttl: 120 })),
            },
          ],
        });
      assert.equal((await present("one")).status, 204);
      assert.equal((await present("one", "two")).status, 204);
      const found = (await call("GET", zone.url)).body.rrsets.find((rrset: { name: string }) => rrset.name === name);
      assert.deepEqual(
        found.records.map(({ content }: { content: string }) => content),
        ['"one"', '"two"'],
      );
      assert.deepEqual((await call("PUT", `${zone.url}/notify`)).body, { result: "Notification queued" });
      const cleanUp = { rrsets: [{ name, type: "TXT", changetype: "DELETE" }] };
      assert.equal((await call("PATCH", zone.url, cleanUp)).status, 204);
      assert.equal((await call("PATCH", zone.url, cleanUp)).status, 204);
    });

    it("certbot-dns-powerdns (lexicon) finds its zone without the dot, too", async () => {
      const { status, body } = await call("GET", `${zones}/example.org`);
      assert.deepEqual([status, body.name], [200, "example.org."]);
      assert.equal((await call("GET", `${zones}/_acme-challenge.example.org`)).status, 404);
    });

    it("ExternalDNS lists zones, looks at each, and writes addresses with their ownership", async () => {
      const listed = (await call("GET", zones)).body;
      assert.deepEqual(
        listed.map(({ id }: { id: string }) => id),
        ["example.org."],
      );
      assert.deepEqual((await call("GET", `${zones}?zone=example.com.`)).body, []);
      const rrsets = [
        ["app.example.org.", "A", "192.0.2.7"],
        ["app.example.org.", "AAAA", "2001:db8::7"],
        [
          "a-app.example.org.",
          "TXT",
          '"heritage=external-dns,external-dns/owner=default,external-dns/resource=ingress/x/app"',
        ],
      ].map(([name, type, content]) => ({
        ...{ name, type, ttl: 300, changetype: "REPLACE" },
        records: [{ content, disabled: false, "set-ptr": false }],
      }));
      assert.equal((await call("PATCH", `${zones}/example.org.`, { rrsets })).status, 204);
      const { body } = await call("GET", `${zones}/example.org.`);
      assert.equal(body.rrsets.filter(({ name }: { name: string }) => name.includes("app.")).length, 3);
    });

    it("ExternalDNS takes away what it wrote: with the records, without a TTL", async () => {
      const rrsets = ["A", "AAAA"].map((type) => ({
        ...{ name: "app.example.org.", type, changetype: "DELETE" },
        records: [{ content: type === "A" ? "192.0.2.7" : "2001:db8::7", disabled: false }],
      }));
      assert.equal((await call("PATCH", `${zones}/example.org.`, { rrsets: rrsets.slice(1) })).status, 204);
      const { body } = await call("GET", `${zones}/example.org.?rrset_name=app.example.org.`);
      assert.deepEqual(
        body.rrsets.map(({ type }: { type: string }) => type),
        ["A"],
      );
    });

    it("terraform-provider-powerdns asks whether a zone is there, and sends all it knows of it and its records", async () => {
      assert.match((await call("GET", "/api/v1/servers/localhost")).body.version, /^\d+\.\d+/);
      assert.equal((await call("GET", `${zones}/terraform.example.`)).status, 404);
      const zone = {
        ...{ id: "", name: "terraform.example.", url: "", kind: "Native", dnsssec: false, serial: 0 },
        account: "",
      };
      const nameservers = ["ns1.example.net.", "ns2.example.net."];
      const made = await call("POST", zones, { ...zone, nameservers, soa_edit_api: "DEFAULT" });
      assert.equal(made.status, 201, made.text);
      const path = `${zones}/${made.body.id}`;
      const name = "www.terraform.example.";
      const record = { name, type: "A", content: "192.0.2.1", ttl: 60, disabled: false, "set-ptr": false };
      const rrset = { name, type: "A", changetype: "REPLACE", ttl: 60, records: [record] };
      assert.equal((await call("PATCH", path, { rrsets: [rrset] })).status, 204);
      // Without records it says a TTL of 0.
      const gone = { name, type: "A", changetype: "DELETE", ttl: 0 };
      assert.equal((await call("PATCH", path, { rrsets: [gone] })).status, 204);
      const change = { name: zone.name, kind: "Native", soa_edit_api: "DEFAULT", account: "" };
      assert.equal((await call("PUT", path, change)).status, 204);
      const { body } = await call("GET", path);
      const { records } = body.rrsets.find(({ type }: { type: string }) => type === "NS");
      assert.deepEqual(
        [body.kind, body.account, body.soa_edit_api, records.map(({ content }: { content: string }) => content)],
        ["Native", "", "DEFAULT", nameservers],
      );
      for (const account of ["acme", ""]) assert.equal((await call("PUT", path, { ...change, account })).status, 204);
      assert.equal((await call("GET", path)).body.account, "acme");
      assert.equal((await call("DELETE", path)).status, 204);
    });

    it("what cannot be is refused whole with 422 and a sentence, what is not there with 404", async () => {
      const ok = {
        name: "fine.example.org.",
        type: "A",
        ttl: 60,
        changetype: "REPLACE",
        records: [{ content: "192.0.2.1" }],
      };
      for (const [rrset, words] of [
        [{ ...ok, name: "www.example.org" }, /DNS Name 'www\.example\.org' is not canonical/],
        [{ ...ok, name: "www.example.com." }, /not in the zone/],
        [{ ...ok, name: "b.example.org.", records: [{ content: "192.0.2" }] }, /192\.0\.2/],
        [{ ...ok, name: "app.example.org.", type: "CNAME", records: [{ content: "a." }] }, /stands alone/],
        [{ ...ok, name: "b.example.org.", records: [{ content: "192.0.2.1", disabled: true }] }, /disabled/],
      ] as const) {
        const { status, body } = await call("PATCH", `${zones}/example.org.`, { rrsets: [ok, rrset] });
        assert.equal(status, 422, JSON.stringify(rrset));
        assert.match(body.error, words);
      }
      assert.equal((await call("GET", `${zones}/example.org.?rrset_name=fine.example.org.`)).body.rrsets.length, 0);
      for (const path of [`${zones}/nope.example.`, "/api/v1/servers/other/zones", "/api/v1/servers/other"]) {
        assert.equal((await call("GET", path)).status, 404, path);
      }
    });

    it("a SOA record is the zone's settings, EXTEND and PRUNE change single records, and the export is whole", async () => {
      const content = "ns1.example.net. host.example.net. 1 10800 3600 604800 60";
      const soa = { name: "example.org.", type: "SOA", ttl: 900, changetype: "REPLACE", records: [{ content }] };
      assert.equal((await call("PATCH", `${zones}/example.org.`, { rrsets: [soa] })).status, 204);
      const { authority } = (await testApp.call("GET", "/api/v1/dns/zones/example.org")).body;
      assert.deepEqual(
        [authority.hostmaster, authority.minimumSeconds, authority.ttlSeconds],
        ["host.example.net.", 60, 900],
      );
      const partial = (changetype: string, text: string) => ({
        rrsets: [{ name: "t.example.org.", type: "TXT", ttl: 60, changetype, records: [{ content: `"${text}"` }] }],
      });
      for (const [type, text] of [
        ["EXTEND", "a"],
        ["EXTEND", "b"],
        ["PRUNE", "a"],
      ] as const) {
        assert.equal((await call("PATCH", `${zones}/example.org.`, partial(type, text))).status, 204);
      }
      const exported = (await call("GET", `${zones}/example.org./export`)).text;
      assert.match(
        exported,
        /^example\.org\.\t900\tIN\tSOA\tns1\.example\.net\. host\.example\.net\. \d+ 10800 3600 604800 60\n/,
      );
      assert.match(exported, /\nt\.example\.org\.\t60\tIN\tTXT\t"b"\n/);
    });

    it("zones of RFC 2317 have a slash in their names; a deleted one is gone", async () => {
      const name = "0/25.2.0.192.in-addr.arpa.";
      const made = await call("POST", zones, { name, kind: "Native", nameservers: ["ns1.example.net."] });
      assert.equal(made.body.id, "0=2F25.2.0.192.in-addr.arpa.");
      assert.equal((await call("GET", made.body.url)).body.name, name);
      assert.equal((await call("DELETE", made.body.url)).status, 204);
      assert.equal((await call("GET", made.body.url)).status, 404);
    });
  });
});
