import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

const ns = { name: "@", type: "NS", records: ["ns1", "ns2.example.net."] };
const ns1 = { name: "ns1", type: "A", records: ["192.0.2.53"] };
const www = { name: "www", type: "a", ttlSeconds: 60, records: ["192.0.2.2", "192.0.2.1"] };
const zone = (records: unknown, more: object = {}, name = "Example.org") => ({
  kind: "Zone",
  name,
  spec: { ...more, ...(records === undefined ? {} : { records }) },
});

forEachDialect((dialect, open) => {
  describe("zones in files", () => {
    let testApp: TestApp;
    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
    });
    after(() => testApp.stop());

    const at = "/api/v1/dns/zones/example.org";
    const send = (items: readonly object[], more: object = {}) =>
      testApp.call("POST", "/api/v1/apply", { body: { resources: items, ...more } });
    const apply = async (items: readonly object[], more: object = {}) => {
      const answer = await send(items, more);
      assert.equal(answer.status, 200, answer.text);
      return answer.body.changes.map(
        ({ action, name, fields }: { action: string; name: string; fields: { field: string }[] }) =>
          `${action} ${name}${action === "update" ? ` ${fields.map(({ field }) => field)}` : ""}`,
      );
    };
    const exported = async () => (await testApp.call("GET", "/api/v1/export?kind=Zone")).body.resources;
    const namesIn = async () => {
      const { data } = (await testApp.call("GET", `${at}/rrsets`)).body;
      return data.map(({ name, type }: { name: string; type: string }) => `${name} ${type}`).toSorted();
    };

    it("a zone is made with its records in one change, after a dry run that changed nothing", async () => {
      assert.deepEqual(await apply([zone([ns, ns1, www])], { dryRun: true }), ["create example.org"]);
      assert.equal((await testApp.call("GET", at)).status, 404);
      await apply([zone([ns, ns1, www])]);
      const { revision, authority, recordCount } = (await testApp.call("GET", at)).body;
      assert.deepEqual([revision, authority.primaryNameServer, recordCount], [1, "ns1.example.org.", 5]);
      const history = (await testApp.call("GET", `${at}/changes`)).body.data;
      assert.deepEqual([history[0].comment, history[0].source], ["applied from files", "people"]);
      assert.notEqual(history[0].author, "system");
    });

    it("the same again is unchanged, in whatever order and form it is written; so is an export", async () => {
      const { serial } = (await testApp.call("GET", at)).body;
      const other = { ...www, name: "WWW.example.org.", type: "A", records: ["192.0.2.1", { data: "192.0.2.2" }] };
      assert.deepEqual(await apply([zone([other, ns1, ns], {}, "example.org.")]), ["unchanged example.org"]);
      const resources = await exported();
      assert.deepEqual(await apply(resources, { prune: ["Zone"] }), ["unchanged example.org"]);
      assert.deepEqual(await exported(), resources);
      assert.equal((await testApp.call("GET", at)).body.serial, serial);
    });

    it("a difference names the RRset; a record that is not in the file goes; all of it is one change", async () => {
      const mail = { name: "@", type: "MX", records: ["10 ns1"] };
      const changed = await apply([zone([ns, ns1, mail], { comment: "of git" })]);
      assert.deepEqual(changed, ["update example.org spec.comment,spec.records www A,spec.records @ MX"]);
      assert.deepEqual(await namesIn(), ["@ MX", "@ NS", "ns1 A"]);
      assert.equal((await testApp.call("GET", at)).body.revision, 2);
    });

    it("without records it is settings alone; what the PowerDNS API wrote is not of files", async () => {
      assert.deepEqual(await apply([zone(undefined, { comment: "x" })]), ["update example.org spec.comment"]);
      assert.equal((await namesIn()).length, 3);
      const rrsets = [
        {
          name: "_acme-challenge.example.org.",
          type: "TXT",
          ttl: 60,
          changetype: "REPLACE",
          records: [{ content: '"t"' }],
        },
      ];
      const written = await testApp.call("PATCH", "/api/v1/servers/localhost/zones/example.org.", { body: { rrsets } });
      assert.equal(written.status, 204, written.text);
      assert.equal((await exported())[0].spec.records.length, 3);
      await apply([zone([ns, ns1])]);
      assert.deepEqual(await namesIn(), ["@ NS", "_acme-challenge TXT", "ns1 A"]);
    });

    it("what cannot be is refused whole, by its zone and field", async () => {
      for (const [item, words] of [
        [zone([ns, { ...www, records: ["1.2.3"] }]), /Zone Example\.org: spec\.records\.1\.records\.0\.data/],
        [zone([ns, www, { ...www, name: "WWW" }]), /is there twice/],
        [zone([ns, { name: "x.example.net.", type: "A", records: ["192.0.2.1"] }]), /not in the zone/],
        [zone([www]), /no NS records/],
        [zone(undefined, {}, "new.example"), /new, and has no records/],
        [zone([ns], { kind: "secondary", primaries: [{ address: "192.0.2.1" }] }), /come from its primaries/],
        [zone([ns, ns1], { allowTransfer: [{ key: "nokey" }] }), /there is no TSIG key nokey/],
        [zone([ns, ns1], {}, "example.org@nowhere"), /there is no view nowhere/],
      ] as const) {
        const answer = await send([item]);
        assert.equal(answer.status, 400, answer.text);
        assert.match(answer.text, words);
      }
      assert.equal((await send([zone([ns]), zone([ns], {}, "example.org.")])).status, 400);
    });

    it("consoles hear of zones that were changed", async () => {
      const aborted = new AbortController();
      const stream = await fetch(`${testApp.url}/api/v1/events`, {
        headers: { authorization: `Bearer ${testApp.operatorToken}` },
        signal: aborted.signal,
      });
      const heard = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
      await apply([zone(undefined, { comment: "heard" })]);
      let text = "";
      while (!text.includes("dns-zones")) text += (await heard?.read())?.value ?? assert.fail(text);
      aborted.abort();
    });

    it("pruning zones deletes those that are in no file, and no others", async () => {
      await apply(
        [zone([ns], {}, "other.example")].map((one) => ({
          ...one,
          spec: { records: [{ ...ns, records: ["ns1.example.net."] }] },
        })),
      );
      assert.equal((await exported()).length, 2);
      const pruned = await apply([zone(undefined)], { prune: ["Zone"] });
      assert.equal(pruned.at(-1), "delete other.example");
      assert.deepEqual(
        (await exported()).map(({ name }: { name: string }) => name),
        ["example.org"],
      );
    });

    it("an apply that is cut into portions does the same", async () => {
      const periods = Array.from({ length: 510 }, (_, index) => ({
        kind: "HostGroup",
        name: `group ${index}`,
        spec: {},
      }));
      const cut = [
        ...periods,
        zone([ns, ns1, www]),
        zone([{ ...ns, records: ["ns1.example.net."] }], {}, "cut.example"),
      ];
      await apply(cut);
      const again = await apply(cut);
      assert.ok(again.every((change: string) => change.startsWith("unchanged ")));
      assert.deepEqual(await namesIn(), ["@ NS", "_acme-challenge TXT", "ns1 A", "www A"]);
    });
  });
});
