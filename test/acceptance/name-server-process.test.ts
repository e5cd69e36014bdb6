import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readMessage } from "../../dns/src/message/index.ts";
import { formatRecordData } from "../../dns/src/record/index.ts";
import { askByTcp, askDns, encodeQuestion, openUdpClient } from "../name-service/dns-client.ts";
import { makeCertificates } from "../support/certificates.ts";
import { runMycloud } from "../support/mycloud-process.ts";
import { startNameServer } from "../support/start-name-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { waitFor } from "../support/wait-for.ts";

const zoneText = (serial: number, address: string) => `$ORIGIN example.org.
$TTL 300
@ SOA ns1 hostmaster ${serial} 3600 600 86400 60
@ NS ns1
ns1 A 192.0.2.1
www A ${address}
`;
const www = { name: "www.example.org.", type: "A" };

/** What a name server says of www.example.org, as text. */
function addressesIn(octets: Buffer): string[] {
  return readMessage(octets).answer.map(({ type, rdata }) => formatRecordData(type, rdata));
}

async function zoneFile(): Promise<string> {
  const file = join(await temporaryDirectory("zone"), "example.org.zone");
  await writeFile(file, zoneText(1, "192.0.2.10"));
  return file;
}

describe("mycloud dns serve", () => {
  it("serves a zone file by UDP, TCP and TLS, reads it again on SIGHUP, and keeps what it has when that is wrong", async (t) => {
    const file = await zoneFile();
    const certificate = makeCertificates(await temporaryDirectory("tls"), ["ns1"]);
    const tls = [
      "--tls-listen",
      "127.0.0.1:0",
      "--tls-cert",
      certificate("ns1.pem"),
      "--tls-key",
      certificate("ns1.key"),
    ];
    const server = await startNameServer(t, { args: ["--zone-file", `example.org=${file}`, ...tls] });
    const now = async () => addressesIn(await askDns(server, www)).join();
    assert.equal(await now(), "192.0.2.10");
    const [byTcp = Buffer.alloc(0)] = await askByTcp(server, [encodeQuestion(www)]);
    assert.deepEqual(addressesIn(byTcp), ["192.0.2.10"]);
    const tlsPort = /tls 127\.0\.0\.1:(\d+)/.exec(server.process().stderr())?.[1] ?? assert.fail("no port for TLS");
    const kdig = ["@127.0.0.1", "-p", tlsPort, `+tls-ca=${certificate("ca.pem")}`, "+tls-hostname=ns1.example.org"];
    const answer = execFileSync("kdig", [...kdig, "+short", "www.example.org", "A"], { encoding: "utf8" });
    assert.equal(answer.trim(), "192.0.2.10");

    await writeFile(file, zoneText(2, "192.0.2.20"));
    server.process().kill("SIGHUP");
    await waitFor(async () => (await now()) === "192.0.2.20", 20_000, "the new zone");
    await writeFile(file, `${zoneText(3, "192.0.2.30")}broken A not-an-address\n`);
    server.process().kill("SIGHUP");
    await waitFor(() => server.process().stderr().includes("example.org.zone:7: "), 20_000, "the fault");
    assert.equal(await now(), "192.0.2.20");
  });

  it("says in one line why it cannot begin", async (t) => {
    const file = await zoneFile();
    const server = await startNameServer(t, { args: ["--zone-file", `example.org=${file}`] });
    const elsewhere = await temporaryDirectory("dns");
    const serve = (listen: string, stateDirectory: string, zone = file) =>
      runMycloud([
        "dns",
        "serve",
        "--listen",
        listen,
        "--state-dir",
        stateDirectory,
        "--zone-file",
        `example.org=${zone}`,
      ]);
    const taken = await serve(`127.0.0.1:${server.port}`, elsewhere);
    assert.deepEqual([taken.code, /^mycloud dns: 127\.0\.0\.1:\d+ \(udp\) is taken/.test(taken.stderr)], [71, true]);
    const same = await serve("127.0.0.1:0", server.stateDirectory);
    assert.deepEqual([same.code, /runs already with/.test(same.stderr)], [71, true]);
    const missing = await serve("127.0.0.1:0", elsewhere, "/nowhere.zone");
    assert.deepEqual([missing.code, /^mycloud dns: \/nowhere\.zone: ENOENT/.test(missing.stderr)], [78, true]);
  });

  it("gives the same answers after a worker, and after everything, was killed under load, also without its files", async (t) => {
    const file = await zoneFile();
    const server = await startNameServer(t, { args: ["--zone-file", `example.org=${file}`, "--workers", "2"] });
    const client = await openUdpClient();
    t.after(() => client.close());
    let isLoading = true;
    const load = (async () => {
      // Lost ones are asked again by the client, as resolvers do.
      while (isLoading) {
        const answers = await Promise.all(Array.from({ length: 20 }, () => client.ask(server, encodeQuestion(www))));
        for (const answer of answers) assert.deepEqual(addressesIn(answer), ["192.0.2.10"]);
      }
    })();
    const [worker = 0] = server.workers();
    process.kill(worker, "SIGKILL");
    await waitFor(() => server.workers().length === 2 && !server.workers().includes(worker), 20_000, "a new worker");
    await rm(file);
    await writeFile(file, "no zone at all");
    await server.kill();
    await server.start();
    assert.deepEqual(addressesIn(await askDns(server, www)), ["192.0.2.10"]);
    isLoading = false;
    await load;
    assert.match(server.process().stderr(), /its last good copy is served/);
  });

  it("ends at once with its supervisor, however that goes", async (t) => {
    const server = await startNameServer(t, { args: ["--zone-file", `example.org=${await zoneFile()}`] });
    const workers = server.workers();
    assert.equal(workers.length, 1);
    await server.kill();
    await waitFor(() => workers.every((pid) => !isThere(pid)), 20_000, "the worker's end");
    await server.start();
    assert.deepEqual(await server.process().stop(), { code: 0, signal: null });
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
