import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { readMessage, resultCodes } from "../../dns/src/message/index.ts";
import { askDns } from "../name-service/dns-client.ts";
import { type AcmeAuthority, acmePrograms, orderByLego, startPebble } from "../peers/acme.ts";
import { requirePeer } from "../peers/peer.ts";
import { cleanupOfSuite } from "../support/cleanup.ts";
import { startNameServer, type TestNameServer } from "../support/start-name-server.ts";
import { startServer, type TestServer } from "../support/start-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { waitFor } from "../support/wait-for.ts";

const keyName = "acme.example.org";

/** lego orders for a zone's own name and all names below it at once, which are two TXT records of one name; pebble asks our name server for them. */
describe("certificates by DNS-01", { concurrency: true }, () => {
  const cleanup = cleanupOfSuite();
  let server: TestServer;
  let nameServer: TestNameServer;
  let authority: AcmeAuthority;
  let secret: string;

  before(async () => {
    if (!existsSync(acmePrograms.pebble.path)) return;
    server = await startServer(cleanup);
    const tokenFile = join(await temporaryDirectory("token"), "token");
    await writeFile(tokenFile, await newToken("ns1", "name-server", null), { mode: 0o600 });
    nameServer = await startNameServer(cleanup, { args: ["--server", server.url, "--token-file", tokenFile] });
    await post("/api/v1/customers", { name: "acme", title: "ACME" });
    secret = (await post("/api/v1/dns/keys", { name: keyName })).secret;
    const nameServers = ["ns1.example.com."];
    await post("/api/v1/dns/zones", { name: "example.org", customer: "acme", nameServers });
    const grant = { key: keyName, match: "subdomain", name: "_acme-challenge", types: ["TXT"] };
    await post("/api/v1/dns/zones", { name: "example.net", nameServers, updatePolicy: [grant] });
    await waitFor(async () => (await codeOf("example.net")) === resultCodes.NOERROR, 20_000, "the zones");
    authority = await startPebble(cleanup, await temporaryDirectory("acme"), nameServer.port);
  });

  async function post(path: string, body: object) {
    const answer = await server.api("POST", path, { body });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
    return answer.body;
  }
  async function newToken(name: string, scope: string, customer: string | null): Promise<string> {
    return (await post("/api/v1/api-tokens", { name, scopes: [scope], customer })).token;
  }
  async function codeOf(name: string): Promise<number> {
    return readMessage(await askDns(nameServer, { name: `${name}.`, type: "TXT" })).header.flags & 15;
  }
  async function order(provider: string, zone: string, env: Readonly<Record<string, string>>): Promise<void> {
    const names = [zone, `*.${zone}`] as const;
    const directory = await temporaryDirectory("lego");
    const pem = await orderByLego(directory, authority, { provider, names, dnsPort: nameServer.port, env });
    const alternatives = new X509Certificate(pem).subjectAltName?.split(", ") ?? [];
    assert.deepEqual(new Set(alternatives), new Set(names.map((name) => `DNS:${name}`)));
    const isGone = async () => (await codeOf(`_acme-challenge.${zone}`)) === resultCodes.NXDOMAIN;
    await waitFor(isGone, 20_000, "the end of the challenges");
  }

  it("lego has them by PowerDNS's API, with a token of the zone's customer, and leaves nothing behind", async (t) => {
    for (const { path, debianPackage } of Object.values(acmePrograms)) if (!requirePeer(t, path, debianPackage)) return;
    await order("pdns", "example.org", {
      PDNS_API_URL: server.url,
      PDNS_API_KEY: await newToken("lego", "write", "acme"),
      PDNS_POLLING_INTERVAL: "1",
    });
  });

  it("lego has them by UPDATE, with a key for TXT records of that name alone, and leaves nothing behind", async (t) => {
    for (const { path, debianPackage } of Object.values(acmePrograms)) if (!requirePeer(t, path, debianPackage)) return;
    await order("rfc2136", "example.net", {
      RFC2136_NAMESERVER: `127.0.0.1:${nameServer.port}`,
      RFC2136_TSIG_ALGORITHM: "hmac-sha256.",
      RFC2136_TSIG_KEY: keyName,
      RFC2136_TSIG_SECRET: secret,
      RFC2136_POLLING_INTERVAL: "1",
      RFC2136_SEQUENCE_INTERVAL: "1",
    });
  });
});
