import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { resultCodes } from "@mycloud/dns/message";
import { parseName } from "@mycloud/dns/name";
import { parseRecordText, parseRecordType } from "@mycloud/dns/record";
import { Zone } from "@mycloud/dns/zone";
import { parseZoneFile } from "@mycloud/dns/zone-file";
import { NameServerConfiguration, ZoneFeedLine } from "@mycloud/protocol/name-server";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

const apex = parseName("example.org.");
const zones = "/api/v1/dns/zones";

/** An UPDATE (RFC 2136 §2): `a 60 IN A 192.0.2.9`, `a 0 ANY ANY`, `a 0 NONE A 192.0.2.2`; prerequisites first. */
function updateMessage(prerequisites: string[], updates: string[]): string {
  const parts = [Buffer.from([0, 7, 0x28, 0, 0, 1, 0, prerequisites.length, 0, updates.length, 0, 0])];
  const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
  parts.push(Buffer.from(apex, "latin1"), u16(6), u16(1));
  for (const text of [...prerequisites, ...updates]) {
    const [name = "", ttl = "0", className = "", type = "", ...data] = text.split(" ");
    const code = parseRecordType(type) ?? assert.fail(type);
    const rdata = Buffer.from(data.length === 0 ? "" : parseRecordText(code, data.join(" "), apex), "latin1");
    const recordClass = { IN: 1, NONE: 254, ANY: 255 }[className] ?? assert.fail(className);
    const seconds = Buffer.alloc(4);
    seconds.writeUInt32BE(Number(ttl));
    const owner = Buffer.from(name === "@" ? apex : parseName(name, apex), "latin1");
    parts.push(owner, u16(code), u16(recordClass), seconds, u16(rdata.length), rdata);
  }
  return Buffer.concat(parts).toString("base64");
}

forEachDialect((dialect, open) => {
  describe("name servers", () => {
    let testApp: TestApp;
    let token = "";
    let relayed = 0;

    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
      const body = { name: "ns1", scopes: ["name-server"] };
      token = (await testApp.call("POST", "/api/v1/api-tokens", { body })).body.token;
      await testApp.call("POST", "/api/v1/dns/keys", { body: { name: "acme" } });
      await testApp.call("POST", "/api/v1/dns/keys", { body: { name: "dhcp.example.org" } });
      const made = await testApp.call("POST", zones, {
        body: {
          ...{ name: "example.org", nameServers: ["ns1.example.net"] },
          updatePolicy: [
            { action: "deny", key: "*", match: "name", name: "locked" },
            { key: "acme", match: "subdomain", name: "_acme-challenge", types: ["TXT"] },
            { key: "dhcp.example.org" },
          ],
        },
      });
      assert.equal(made.status, 200, made.text);
    });
    after(() => testApp.stop());

    const feed = async (query = ""): Promise<ZoneFeedLine[]> => {
      const { text } = await testApp.call("GET", `/api/v1/name-server/zones/example.org.${query}`, { token });
      return text
        .trim()
        .split("\n")
        .map((line) => ZoneFeedLine.parse(JSON.parse(line)));
    };
    const set = (name: string, type: string, data: string, more: object = {}) =>
      testApp.call("POST", `${zones}/example.org/changes`, {
        body: { changes: [{ action: "set", rrset: { name, type, records: [{ data }], ...more } }] },
      });
    const update = async (key: string | null, updates: string[], prerequisites: string[] = [], id = `${++relayed}`) => {
      const body = { message: updateMessage(prerequisites, updates), view: null, key, client: "192.0.2.77", id };
      const { status, body: answer, text } = await testApp.call("POST", "/api/v1/name-server/updates", { token, body });
      assert.equal(status, 200, text);
      return answer.resultCode;
    };
    const recordsOf = async () => (await feed()).flatMap((line) => (line.kind === "records" ? line.records : []));
    const zoneOf = (records: string[]) =>
      new Zone(
        apex,
        parseZoneFile(`${records.join("\n")}\n`, { origin: apex, onFault: ({ message }) => assert.fail(message) }),
      );

    it("are told the configuration, with secrets, and each change of a zone; nobody else is", async () => {
      for (const path of ["stream", "zones/example.org."]) {
        assert.equal((await testApp.call("GET", `/api/v1/name-server/${path}`)).status, 403);
      }
      assert.equal((await testApp.call("GET", "/api/v1/dns/zones", { token })).status, 403);
      assert.doesNotMatch((await testApp.call("GET", "/api/v1/tsig-keys")).text, /[A-Za-z0-9+/]{80}/);
      const closing = new AbortController();
      const { body } = await fetch(`${testApp.url}/api/v1/name-server/stream`, {
        headers: { authorization: `Bearer ${token}` },
        signal: closing.signal,
      });
      const reader = body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail();
      let heard = "";
      const hear = async (event: string) => {
        for (;;) {
          const match = new RegExp(`event: ${event}\ndata: (.*)\n\n`).exec(heard);
          if (match !== null) {
            heard = heard.slice(match.index + match[0].length);
            return JSON.parse(match[1] ?? "");
          }
          heard += (await reader.read()).value ?? assert.fail("the stream ended");
        }
      };
      const told = NameServerConfiguration.parse(await hear("configuration"));
      assert.deepEqual(
        told.tsigKeys.map(({ name, secret }) => [name, Buffer.from(secret, "base64").length]),
        [
          ["acme", 64],
          ["dhcp.example.org", 64],
        ],
      );
      assert.deepEqual(
        told.zones.map(({ name, kind, allowsUpdate }) => [name, kind, allowsUpdate]),
        [["example.org.", "primary", true]],
      );
      const { body: changed } = await set("www", "A", "192.0.2.1");
      assert.deepEqual(await hear("zone"), { name: "example.org.", view: null, serial: changed.serial });
      await testApp.call("POST", "/api/v1/dns/keys", { body: { name: "late" } });
      assert.equal((await hear("configuration")).tsigKeys.length, 3);
      closing.abort();
      await reader.cancel().catch(() => undefined);
    });

    it("fetch a zone whole, or the steps to it, which make the same", async () => {
      const before = await recordsOf();
      const old = zoneOf(before);
      await set("www", "A", "192.0.2.2");
      await set("new", "TXT", '"x; y"', { ttlSeconds: 5 });
      const [first, ...rest] = await feed(`?from=${old.soa.serial}`);
      assert.equal(first?.kind, "steps");
      for (const line of rest) {
        if (line.kind !== "step") continue;
        old.change({ removed: [...zoneRecords(line.removed)], added: [...zoneRecords(line.added)] });
      }
      const whole = zoneOf(await recordsOf());
      assert.deepEqual(
        [...old.records()].map((record) => JSON.stringify(record)).toSorted(),
        [...whole.records()].map((record) => JSON.stringify(record)).toSorted(),
      );
      assert.equal((await feed("?from=17"))[0]?.kind, "zone");
      assert.deepEqual(
        (await feed(`?from=${whole.soa.serial}`)).map(({ kind }) => kind),
        ["steps", "end"],
      );
    });

    function zoneRecords(lines: string[]) {
      return parseZoneFile(`${lines.join("\n")}\n`, { origin: apex, onFault: ({ message }) => assert.fail(message) });
    }

    it("pass UPDATE on: prerequisites and policy decide, and each message is done once", async () => {
      const { NOERROR, REFUSED, YXDOMAIN, NOTZONE, FORMERR } = resultCodes;
      assert.equal(await update("acme", ["_acme-challenge 60 IN TXT one"]), NOERROR);
      assert.equal(await update("acme", ["www._acme-challenge 60 IN TXT one"], [], "same"), NOERROR);
      assert.equal(await update("acme", ["_acme-challenge 60 IN A 192.0.2.1"]), REFUSED);
      assert.equal(await update("acme", ["www 60 IN TXT one"]), REFUSED);
      assert.equal(await update(null, ["www 60 IN TXT one"]), REFUSED);
      assert.equal(await update("dhcp.example.org", ["locked 60 IN A 192.0.2.1"]), REFUSED);
      assert.equal(await update("dhcp.example.org", ["@ 60 IN NS evil.example."]), REFUSED);
      assert.equal(await update("dhcp.example.org", ["www 60 IN A 192.0.2.3"], ["www 0 NONE ANY"]), YXDOMAIN);
      assert.equal(await update("dhcp.example.org", ["a.example.net. 60 IN A 192.0.2.3"]), NOTZONE);
      assert.equal(await update("dhcp.example.org", ["www 60 ANY A"]), FORMERR);
      assert.equal(await update("dhcp.example.org", ["www 3600 IN A 192.0.2.3"], ["www 0 ANY A"]), NOERROR);
      const after = await recordsOf();
      assert.deepEqual(after.filter((line) => line.startsWith("www.example")).toSorted(), [
        "www.example.org. 3600 IN A 192.0.2.2",
        "www.example.org. 3600 IN A 192.0.2.3",
      ]);
      await testApp.call("DELETE", `${zones}/example.org/rrsets/www._acme-challenge/TXT`);
      // The answer was lost: the same message comes again, and is not done again.
      assert.equal(await update("acme", ["www._acme-challenge 60 IN TXT one"], [], "same"), NOERROR);
      assert.ok(!(await recordsOf()).some((line) => line.startsWith("www._acme-challenge.")));
      const [entry] = (await testApp.call("GET", `${zones}/example.org/changes?filter={"source":"update"}`)).body.data;
      assert.deepEqual([entry.author, entry.comment], ["key dhcp.example.org", "UPDATE from 192.0.2.77"]);
    });

    it("deleting by UPDATE keeps what people said about the records that stay, and takes a name away whole", async () => {
      await set("box", "A", "192.0.2.5", { owner: "lab", comment: "printer" });
      const { NOERROR } = resultCodes;
      assert.equal(await update("dhcp.example.org", ["box 3600 IN A 192.0.2.6", "box 0 NONE A 192.0.2.5"]), NOERROR);
      const { body } = await testApp.call("GET", `${zones}/example.org/rrsets/box/A`);
      assert.deepEqual(
        [body.owner, body.comment, body.records, body.source],
        ["lab", "printer", [{ data: "192.0.2.6" }], "update"],
      );
      assert.equal(await update("dhcp.example.org", ["box 0 ANY ANY"]), NOERROR);
      assert.equal((await testApp.call("GET", `${zones}/example.org/rrsets/box/A`)).status, 404);
    });

    it("say how they are", async () => {
      const status = {
        ...{ version: "1", startedAtMs: 1, listeners: ["udp 192.0.2.1:53"], zones: [], queries: 7 },
        ...{ queriesByType: { A: 7 }, answersByCode: { NOERROR: 7 }, rateLimited: 0, topClients: [], topNames: [] },
      };
      for (const queries of [7, 8]) {
        const said = await testApp.call("POST", "/api/v1/name-server/status?name=ns1", {
          token,
          body: { ...status, queries },
        });
        assert.equal(said.status, 204, said.text);
      }
      const { body } = await testApp.call("GET", "/api/v1/dns/name-servers");
      assert.deepEqual(
        [body.total, body.data[0].name, body.data[0].status.queries, body.data[0].isSilent],
        [1, "ns1", 8, false],
      );
    });
  });
});
