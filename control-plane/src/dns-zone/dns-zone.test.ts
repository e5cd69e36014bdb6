import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

const at = "/api/v1/dns/zones";

forEachDialect((dialect, open) => {
  describe("zones", () => {
    let testApp: TestApp;
    let nowMs = Date.parse("2026-11-24T10:00:00Z");

    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp({
        ...(dialect === "mariadb" ? { databaseUrl: open.location() } : {}),
        now: () => nowMs,
      });
      await make("example.org");
    });
    after(() => testApp.stop());

    const make = async (name: string, more: object = {}) => {
      const body = { name, nameServers: ["ns1.example.net"], ...more };
      const made = await testApp.call("POST", at, { body });
      assert.equal(made.status, 200, made.text);
      return made.body;
    };
    const rrset = (name: string, type: string, ...data: string[]) => ({
      action: "set",
      rrset: { name, type, records: data.map((each) => ({ data: each })) },
    });
    const change = (zone: string, changes: object[], more: object = {}, request: object = {}) =>
      testApp.call("POST", `${at}/${zone}/changes`, { ...request, body: { changes, ...more } });
    const dataOf = async (zone: string, name: string, type: string) => {
      const { status, body } = await testApp.call("GET", `${at}/${zone}/rrsets/${encodeURIComponent(name)}/${type}`);
      return status === 404 ? null : body.records.map((record: { data: string }) => record.data);
    };

    it("a preview says what a change would be and changes nothing; the change is then what it said", async () => {
      const wishes = [rrset("www", "a", "192.0.2.1", "192.0.2.2"), rrset("@", "MX", "10 mail")];
      const preview = (await change("example.org", wishes, { preview: true })).body;
      assert.equal(await dataOf("example.org", "www", "A"), null);
      const { etag } = { etag: (await testApp.call("GET", `${at}/example.org`)).headers.get("etag") };
      assert.equal(etag, '"1"');
      const made = (await change("example.org", wishes, { comment: "first" })).body;
      assert.deepEqual({ ...preview, isPreview: false }, made);
      assert.deepEqual([made.revision, made.serialBefore, made.serial], [2, 2026112401, 2026112402]);
      assert.deepEqual(await dataOf("example.org", "@", "MX"), ["10 mail.example.org."]);
      assert.equal(made.findings[0].code, "target-missing");
    });

    it("what would break a zone is refused whole, in words and by its record", async () => {
      for (const [wishes, words] of [
        [[rrset("ok", "A", "192.0.2.1"), rrset("www", "CNAME", "ok")], /stands alone/],
        [[rrset("x", "A", "192.0.2")], /changes\.0\.rrset\.records\.0\.data/],
        [[rrset("x.example.net.", "A", "192.0.2.1")], /not in the zone/],
        [[rrset("@", "SOA", "a b 1 2 3 4 5")], /settings/],
        [[rrset("x", "A", "192.0.2.1"), rrset("X", "a", "192.0.2.2")], /twice/],
        [[{ action: "delete", name: "@", type: "NS" }], /no NS records/],
        [[rrset("x", "AXFR", "1")], /questions and messages/],
      ] as const) {
        const answer = await change("example.org", [...wishes]);
        assert.equal(answer.status, 400, answer.text);
        assert.match(answer.text, words);
      }
      assert.equal(await dataOf("example.org", "ok", "A"), null);
      const { revision } = (await testApp.call("GET", `${at}/example.org`)).body;
      assert.equal(revision, 2);
    });

    it("a change made of an old zone, or an old RRset, is refused", async () => {
      const headers = { "if-match": '"1"' };
      assert.equal((await change("example.org", [rrset("y", "A", "192.0.2.1")], {}, { headers })).status, 412);
      const stale = { ...rrset("www", "A", "192.0.2.9"), expectedRevision: 1 };
      assert.match((await change("example.org", [stale])).text, /changed meanwhile \(revision 2\)/);
      const taken = { ...rrset("www", "A", "192.0.2.9"), expectedRevision: null };
      assert.equal((await change("example.org", [taken])).status, 412);
      const fresh = { ...rrset("www", "A", "192.0.2.9"), expectedRevision: 2 };
      assert.equal((await change("example.org", [fresh])).status, 200);
    });

    it("the same again changes nothing, not even the serial; a comment changes no serial", async () => {
      const same = (await change("example.org", [rrset("WWW", "A", "192.0.2.9")])).body;
      assert.deepEqual([same.differenceCount, same.revision, same.serial], [0, 3, 2026112403]);
      const wish = rrset("www", "A", "192.0.2.9");
      const said = (
        await change("example.org", [{ ...wish, rrset: { ...wish.rrset, comment: "front", owner: "ops" } }])
      ).body;
      assert.deepEqual([said.differenceCount, said.revision, said.serial], [1, 4, 2026112403]);
    });

    it("a zone that is not there is made of its file when asked to: its SOA record, a serial after its, its records", async () => {
      const body = [
        "$TTL 900",
        "@ SOA ns1.example.net. admin.example.org. 2026112450 10800 900 604800 60",
        "@ NS ns1.example.net.",
        "@ NS ns2.example.net.",
        "www 60 A 192.0.2.1",
      ].join("\n");
      const send = (query: string, text = body, headers = {}) =>
        testApp.call("POST", `${at}/brought.example/import?${query}`, {
          body: text,
          headers: { "content-type": "text/dns", ...headers },
        });
      assert.equal((await send("")).status, 404);
      const preview = (await send("create=true&preview=true")).body;
      assert.deepEqual([preview.isNew, preview.serial, preview.differenceCount], [true, 2026112451, 2]);
      assert.equal((await testApp.call("GET", `${at}/brought.example`)).status, 404);
      const headless = await send("create=true", "@ 60 A 192.0.2.1\n");
      assert.match(headless.text, /no NS records/);
      const faulty = (await send("create=true", `${body}\nx A 192.0.2\n`)).body;
      assert.deepEqual([faulty.isPreview, faulty.faults[0].line], [true, 6]);
      assert.equal((await send("create=true", body, { "if-match": '"4"' })).status, 412);
      assert.equal((await testApp.call("GET", `${at}/brought.example`)).status, 404);
      const made = await send("create=true", body, { "if-match": '"0"' });
      assert.equal(made.status, 200, made.text);
      assert.deepEqual({ ...preview, isPreview: false }, made.body);
      const zone = (await testApp.call("GET", `${at}/brought.example`)).body;
      assert.deepEqual([zone.serial, zone.revision, zone.defaultTtlSeconds, zone.recordCount], [2026112451, 1, 900, 3]);
      const { primaryNameServer, hostmaster, refreshSeconds, minimumSeconds } = zone.authority;
      assert.deepEqual(
        [primaryNameServer, hostmaster, refreshSeconds, minimumSeconds],
        ["ns1.example.net.", "admin.example.org.", 10800, 60],
      );
      assert.deepEqual(await dataOf("brought.example", "@", "NS"), ["ns1.example.net.", "ns2.example.net."]);
      assert.equal((await send("create=true")).body.isNew, false);
      assert.equal((await send("create=true", body, { "if-match": '"0"' })).status, 412);
    });

    it("a change is undone, and refused to be once what it changed was changed since", async () => {
      await make("undo.example");
      await change("undo.example", [rrset("a", "A", "192.0.2.1"), rrset("b", "TXT", "x")], { comment: "both" });
      await change("undo.example", [rrset("a", "A", "192.0.2.2"), { action: "delete", name: "b", type: "TXT" }]);
      const undone = await testApp.call("POST", `${at}/undo.example/changes/3/undo`, { body: {} });
      assert.equal(undone.status, 200, undone.text);
      assert.deepEqual(
        [await dataOf("undo.example", "a", "A"), await dataOf("undo.example", "b", "TXT")],
        [["192.0.2.1"], ['"x"']],
      );
      const again = await testApp.call("POST", `${at}/undo.example/changes/3/undo`, { body: {} });
      assert.equal(again.status, 409);
      assert.match(again.body.error.message, /a A was changed since, in change 4/);
      const { body } = await testApp.call("GET", `${at}/undo.example/changes`);
      assert.deepEqual(
        body.data.map((entry: { id: number; undoes: number | null; comment: string }) => [
          entry.id,
          entry.undoes,
          entry.comment,
        ]),
        [
          [4, 3, "undoes change 3"],
          [3, null, ""],
          [2, null, "both"],
          [1, null, "created"],
        ],
      );
      const ofB = await testApp.call("GET", `${at}/undo.example/changes?filter=${encodeURIComponent('{"name":"b"}')}`);
      assert.equal(ofB.body.total, 3);
    });

    it("the serial goes on by the day, and never back when its form or the clock says so", async () => {
      const zone = await make("serial.example");
      assert.equal(zone.serial, 2026112401);
      const next = async (text: string) => (await change("serial.example", [rrset("t", "TXT", text)])).body.serial;
      assert.equal(await next("1"), 2026112402);
      nowMs -= 86_400_000;
      assert.equal(await next("2"), 2026112403);
      nowMs += 2 * 86_400_000;
      assert.equal(await next("3"), 2026112501);
      const { id, name, view, kind, revision, serial, rrsetCount, recordCount, createdAtMs, changedAtMs, ...settings } =
        (await testApp.call("GET", `${at}/serial.example`)).body;
      assert.deepEqual(
        [name, view, kind, serial, rrsetCount, recordCount],
        ["serial.example.", null, "primary", 2026112501, 2, 2],
      );
      assert.ok(id > 0 && revision > 0 && createdAtMs < changedAtMs);
      const put = await testApp.call("PUT", `${at}/serial.example`, { body: { ...settings, serialForm: "unix-time" } });
      assert.equal(put.body.serial, 2026112501);
      assert.equal(await next("4"), 2026112502);
    });

    it("a zone file is taken over as a preview said, keeps what was said about records, and comes out as it went in", async () => {
      await make("file.example");
      const wish = rrset("www", "A", "192.0.2.1");
      await change("file.example", [
        { ...wish, rrset: { ...wish.rrset, owner: "web team" } },
        rrset("old", "A", "192.0.2.3"),
      ]);
      const text = `$TTL 300
@ SOA ns1.example.net. host.example.net. 2030010101 7200 1800 1209600 60
@ NS ns1.example.net.
www A 192.0.2.1
www A 192.0.2.2
*.apps 60 CNAME www
txt TXT "a b" "c\\"d"
x TYPE65280 \\# 2 ABCD
`;
      const send = (query: string, body = text) =>
        testApp.call("POST", `${at}/file.example/import?${query}`, { body, headers: { "content-type": "text/dns" } });
      const faulty = (await send("mode=replace", `${text}bad A 1.2.3\n$INCLUDE other\n`)).body;
      assert.deepEqual(
        faulty.faults.map(({ line }: { line: number }) => line),
        [9, 10],
      );
      assert.equal(faulty.isPreview, true);
      const preview = (await send("mode=replace&preview=true")).body;
      assert.equal(await dataOf("file.example", "txt", "TXT"), null);
      const made = (await send("mode=replace")).body;
      assert.deepEqual({ ...made, isPreview: true }, preview);
      assert.equal(made.serial, 2030010102);
      assert.equal(await dataOf("file.example", "old", "A"), null);
      const www = (await testApp.call("GET", `${at}/file.example/rrsets/www/A`)).body;
      assert.deepEqual([www.owner, www.source, www.ttlSeconds, www.records.length], ["web team", "import", null, 2]);
      const exported = (await testApp.call("GET", `${at}/file.example/export`)).text;
      const again = (await send("mode=replace", exported)).body;
      assert.deepEqual([again.differenceCount, again.settings, again.faults], [0, null, []]);
      const undone = await testApp.call("POST", `${at}/file.example/changes/${made.revision}/undo`, { body: {} });
      assert.equal(undone.status, 200, undone.text);
      assert.deepEqual(await dataOf("file.example", "old", "A"), ["192.0.2.3"]);
    });

    it("names of any octets and length are kept and found", async () => {
      await make("odd.example");
      const long = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}`;
      const names = [
        "a\\.b",
        "\\000\\255",
        "*.x",
        "_acme-challenge.x",
        "0\\/25",
        `${"\\001".repeat(60)}.${"\\002".repeat(60)}`,
        long,
      ];
      const made = await change(
        "odd.example",
        names.map((name) => rrset(name, "TXT", "t")),
      );
      assert.equal(made.status, 200, made.text);
      for (const name of names) assert.deepEqual(await dataOf("odd.example", name, "TXT"), ['"t"'], name);
      const below = await testApp.call("GET", `${at}/odd.example/rrsets?filter=${encodeURIComponent('{"below":"x"}')}`);
      assert.deepEqual(below.body.data.map(({ name }: { name: string }) => name).toSorted(), [
        "*.x",
        "_acme-challenge.x",
      ]);
    });

    it("somebody bound to a customer sees their zones alone, and edits the records that staff leave them", async () => {
      await make("acme.example", { customer: "acme", customerTypes: ["A", "TXT"] });
      const scopes = ["write"];
      const { token } = (
        await testApp.call("POST", "/api/v1/api-tokens", { body: { name: "acme", scopes, customer: "acme" } })
      ).body;
      const seen = await testApp.call("GET", at, { token });
      assert.deepEqual(
        seen.body.data.map(({ name }: { name: string }) => name),
        ["acme.example."],
      );
      assert.equal((await change("acme.example", [rrset("www", "A", "192.0.2.1")], {}, { token })).status, 200);
      assert.equal((await change("acme.example", [rrset("www", "AAAA", "2001:db8::1")], {}, { token })).status, 403);
      assert.equal((await change("example.org", [rrset("www", "A", "192.0.2.1")], {}, { token })).status, 404);
      assert.equal((await testApp.call("GET", `${at}/example.org/export`, { token })).status, 404);
      assert.equal((await testApp.call("DELETE", `${at}/acme.example`, { token })).status, 403);
      assert.equal(
        (await testApp.call("POST", at, { token, body: { name: "x.example", nameServers: ["a."] } })).status,
        403,
      );
      const replace = await testApp.call("POST", `${at}/acme.example/import?mode=replace`, {
        ...{ token, headers: { "content-type": "text/dns" } },
        body: "$TTL 9\n@ SOA a. b. 1 2 3 4 5\n@ NS ns1.example.net.\n",
      });
      assert.equal(replace.status, 403, replace.text);
    });

    it("a record follows a service that is there, and no other", async () => {
      await testApp.call("POST", "/api/v1/check-results", {
        body: [{ host: "web1", service: "http", returnCode: 0, output: "fine" }],
      });
      const bound = (service: string) => [
        {
          action: "set",
          rrset: {
            name: "lb",
            type: "A",
            records: [{ data: "192.0.2.1", service: { host: "web1", service } }, { data: "192.0.2.2" }],
          },
        },
      ];
      assert.match((await change("example.org", bound("nope"))).text, /no service \\"nope\\" on host \\"web1\\"/);
      assert.equal((await change("example.org", bound("http"))).status, 200);
      const { body } = await testApp.call(
        "GET",
        `${at}/example.org/rrsets?filter=${encodeURIComponent('{"isBound":true}')}`,
      );
      assert.deepEqual([body.total, body.data[0].published], [1, null]);
    });

    it("every change is in the audit, and views keep zones of one name apart", async () => {
      await testApp.call("POST", "/api/v1/dns-views", {
        body: { name: "inside", clients: [{ prefixes: ["10.0.0.0/8"] }] },
      });
      assert.equal(
        (await testApp.call("POST", at, { body: { name: "example.org", nameServers: ["a."] } })).status,
        409,
      );
      await make("example.org", { view: "inside" });
      await change("example.org@inside", [rrset("www", "A", "10.0.0.1")]);
      assert.deepEqual(
        [await dataOf("example.org@inside", "www", "A"), await dataOf("example.org", "www", "A")],
        [["10.0.0.1"], ["192.0.2.9"]],
      );
      assert.equal((await testApp.call("DELETE", `${at}/example.org@inside`)).status, 200);
      const { body } = await testApp.call(
        "GET",
        `/api/v1/audit-entries?filter=${encodeURIComponent('{"resourceKind":"dns-zone"}')}&perPage=200`,
      );
      const actions = new Set(body.data.map(({ action }: { action: string }) => action));
      assert.deepEqual([...actions].toSorted(), [
        "dns-zone.change",
        "dns-zone.create",
        "dns-zone.delete",
        "dns-zone.import",
      ]);
    });
  });
});
