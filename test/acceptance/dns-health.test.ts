// Answers follow what a real agent finds: backends that are killed leave them, at ours and at a secondary of BIND's, and come back; then everything but the name server is gone.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import type { Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { QueryExplanation } from "@mycloud/protocol/dns-zone";
import type { Service } from "@mycloud/protocol/service";
import { readMessage } from "../../dns/src/message/index.ts";
import { formatRecordData } from "../../dns/src/record/index.ts";
import { askDns } from "../name-service/dns-client.ts";
import { createFakeClock, FAKETIME_LIBRARY } from "../peers/fake-clock.ts";
import { nameServerPrograms, type PeerNameServer } from "../peers/name-servers.ts";
import { requirePeer } from "../peers/peer.ts";
import { startNamedSecondary } from "../peers/transferring-servers.ts";
import {
  cleanupOfSuite,
  freePort,
  startInstance,
  startMycloud,
  type TestInstance,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";
import { close, listen } from "../whole-story/closable-port.ts";

const checkIntervalSeconds = 5;
const ttlSeconds = 30;
const key = { name: "transfer", secret: Buffer.from("a secret of ours and theirs").toString("base64") };
const backends = ["backend-1", "backend-2", "backend-3"] as const;
const addressOf = (index: number) => `192.0.2.${index + 1}`;
const all = backends.map((_, index) => addressOf(index));
const dayMs = 86_400_000;
/** Zones that ours fetches from BIND, and for how many seconds it may answer them without it. */
const fetchedZones = { "short.example": 7_200, "long.example": 1_209_600 };

describe("answers that follow the health of backends", { skip: hindrance() }, () => {
  const cleanup = cleanupOfSuite();
  const ports: number[] = [];
  const listeners: Server[] = [];
  let mycloud: TestInstance;
  let port: number;
  let named: PeerNameServer;
  let unsteadyPort: number;
  let unsteady: Server;

  before(async () => {
    port = await freePort();
    for (const _ of backends) {
      const own = await freePort();
      ports.push(own);
      listeners.push(await listen(own));
    }
    unsteadyPort = await freePort();
    unsteady = await listen(unsteadyPort);
    cleanup.after(async () => {
      for (const listener of [...listeners, unsteady]) await close(listener);
    });
    mycloud = await startInstance(cleanup, { env: { MYCLOUD_DNS: `127.0.0.1:${port}` } });
    const directory = await temporaryDirectory("dns-health");
    const file = join(directory, "definitions.yaml");
    const own = Object.entries(fetchedZones).map(([name, expireSeconds]) => ({
      name,
      file: join(directory, `${name}.zone`),
      text: `$TTL 60\n@ SOA ns1 root 1 3600 600 ${expireSeconds} 60\n@ NS ns1\nns1 A 192.0.2.53\n`,
    }));
    for (const zone of own) await writeFile(zone.file, zone.text);
    // The secondary has to be there before the zone names it, and finds nothing to fetch at first.
    named = await startNamedSecondary(directory, [{ name: "example.org", primaryPort: port, key }], own);
    cleanup.after(() => named.stop());
    await writeFile(file, definitions(named.port));
    const { code, stderr } = await mycloud.command("apply", "-f", file);
    assert.equal(code, 0, stderr);
  });

  function definitions(secondaryPort: number): string {
    const host = hostname();
    const timing = `checkIntervalSeconds: ${checkIntervalSeconds}, retryIntervalSeconds: 5`;
    const check = (name: string, of: number, attempts: number) => `kind: Check
name: ${name}
spec: { command: tcp, arguments: ["-H", "127.0.0.1", "-p", "${of}"], selector: { hosts: ["${host}"] }, ${timing}, maxCheckAttempts: ${attempts}, flapDetection: { isEnabled: false } }
---
`;
    const bound = (data: string, service: string, more = "") =>
      `{ data: ${data}, service: { host: "${host}", service: ${service} }${more} }`;
    const checks = backends.map((name, index) => check(name, ports[index] ?? 0, 1));
    const [first, second] = backends;
    const fetched = Object.keys(fetchedZones).map(
      (name) => `---
kind: Zone
name: ${name}
spec: { kind: secondary, primaries: [{ address: 127.0.0.1, port: ${secondaryPort} }] }
`,
    );
    return `${checks.join("")}${check("unsteady", unsteadyPort, 100)}kind: TsigKey
name: ${key.name}
spec: { secret: "${key.secret}" }
---
kind: Zone
name: example.org
spec:
  notify: [{ address: 127.0.0.1, port: ${secondaryPort}, key: ${key.name} }]
  allowTransfer: [{ prefixes: [127.0.0.0/8], key: ${key.name} }]
  authority: { refreshSeconds: 3600, retrySeconds: 600, expireSeconds: 7200 }
  records:
    - { name: "@", type: NS, records: [ns1.example.net.] }
    - { name: www, type: A, ttlSeconds: ${ttlSeconds}, records: [${backends.map((name, index) => bound(addressOf(index), name))}] }
    - { name: failover, type: A, records: [${bound("192.0.2.1", first, ", tier: 0")}, { data: 192.0.2.90, tier: 1 }] }
    - { name: weighted, type: A, answers: 1, records: [${bound("192.0.2.1", first, ", weight: 9")}, ${bound("192.0.2.2", second, ", weight: 1")}] }
    - { name: unsteady, type: A, records: [${bound("192.0.2.1", "unsteady")}, ${bound("192.0.2.2", second)}] }
${fetched.join("")}`;
  }

  async function answerOf(of: number, name: string, zone = "example.org") {
    const { header, answer } = readMessage(await askDns({ port: of }, { name: `${name}.${zone}.`, type: "A" }));
    return {
      rcode: header.flags & 15,
      ttls: new Set(answer.map(({ ttl }) => ttl)),
      data: answer.map((record) => formatRecordData(record.type, record.rdata)).toSorted(),
    };
  }
  const both = () => [port, named.port];
  /** Both say this of www; answers how many seconds that took. */
  async function reaches(addresses: readonly string[]): Promise<number> {
    const startedAt = performance.now();
    for (const each of both()) {
      const is = async () => (await answerOf(each, "www")).data.join() === addresses.join();
      await waitFor(is, 60_000, `port ${each} to answer ${addresses}`);
    }
    return (performance.now() - startedAt) / 1000;
  }
  async function serial(): Promise<number> {
    const { body } = await mycloud.api("GET", "/api/v1/dns/zones/example.org");
    return body.serial;
  }
  async function service(name: string): Promise<Service | undefined> {
    const query = new URLSearchParams({ filter: JSON.stringify({ hostName: hostname(), name }) });
    const { body } = await mycloud.api("GET", `/api/v1/services?${query}`);
    return body.data.find((row: Service) => row.name === name);
  }
  async function explain(name: string): Promise<QueryExplanation> {
    const { code, stdout, stderr } = await mycloud.command("dns", "explain", `${name}.example.org`, "--json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  }
  async function titles(): Promise<string[]> {
    const { body } = await mycloud.api("GET", "/api/v1/timeline?kind=dns");
    return body.data.map(({ title }: { title: string }) => title);
  }
  /** What each takes care of itself: no answer of a second ago may hide a change. */
  const within = checkIntervalSeconds + ttlSeconds;

  test("all that are well are answered, by ours and by BIND", async (t) => {
    t.diagnostic(`after ${(await reaches(all)).toFixed(1)} s`);
    for (const name of [...backends, "unsteady"]) {
      await waitFor(async () => (await service(name))?.state === "OK", 60_000, `${name} to be OK`);
    }
    assert.deepEqual((await answerOf(port, "failover")).data, ["192.0.2.1"]);
    assert.deepEqual((await answerOf(port, "www")).ttls, new Set([ttlSeconds]));
    // Of an RRset that follows health nobody may remember an answer for longer, whatever the zone says.
    assert.deepEqual((await answerOf(port, "unsteady")).ttls, new Set([60]));
  });

  test("one that is killed leaves the answers within check interval and TTL, with a serial of its own; a SOFT state takes nobody out", async (t) => {
    const serialBefore = await serial();
    await close(listeners[0] ?? assert.fail());
    await close(unsteady);
    const seconds = await reaches(all.slice(1));
    t.diagnostic(`${seconds.toFixed(1)} s after it was killed`);
    assert.ok(seconds < within, `${seconds} s`);
    for (const each of both()) {
      const is = async (name: string, wanted: string) => (await answerOf(each, name)).data.join() === wanted;
      await waitFor(() => is("failover", "192.0.2.90"), 60_000, "the next tier");
    }
    for (let each = 0; each < 20; each += 1) assert.deepEqual((await answerOf(port, "weighted")).data, ["192.0.2.2"]);
    assert.deepEqual((await answerOf(named.port, "weighted")).data, ["192.0.2.2"]);
    assert.equal(await serial(), serialBefore + 1, "one serial for all that it changed");
    const { health, changes, answer } = await explain("www");
    assert.equal(answer.length, 2);
    const [first] = health.filter(({ isPublished }) => !isPublished);
    assert.deepEqual(
      [first?.data, first?.state, first?.isHard, first?.reason],
      ["192.0.2.1", "CRITICAL", true, "its service is HARD and not OK"],
    );
    assert.match(changes[0]?.text ?? "", /^192\.0\.2\.1 is not answered any more \(serial \d+\), by backend-1 on /);
    assert.ok((await titles()).includes("www.example.org. does not answer A 192.0.2.1 any more"));

    const soft = await waitFor(
      async () => {
        const found = await service("unsteady");
        return found?.state === "CRITICAL" ? found : undefined;
      },
      60_000,
      "unsteady to be CRITICAL",
    );
    assert.equal(soft.stateType, "SOFT");
    for (const each of both()) assert.deepEqual((await answerOf(each, "unsteady")).data, all.slice(0, 2));
    assert.ok(!(await titles()).some((title) => title.startsWith("unsteady.")));
  });

  test("it comes back with HARD OK", async (t) => {
    listeners[0] = await listen(ports[0] ?? 0);
    const seconds = await reaches(all);
    t.diagnostic(`${seconds.toFixed(1)} s after it was started`);
    assert.ok(seconds < within, `${seconds} s`);
    const tiers = async () => (await answerOf(named.port, "failover")).data.join() === "192.0.2.1";
    await waitFor(tiers, 60_000, "the first tier");
    assert.ok((await titles()).includes("www.example.org. answers A 192.0.2.1 again"));
  });

  test("with all killed all are answered, and explain says why", async (t) => {
    const startedAt = performance.now();
    for (const listener of listeners) await close(listener);
    for (const name of backends) {
      const is = async () => (await service(name))?.state === "CRITICAL";
      await waitFor(is, 60_000, `${name} to be CRITICAL`);
    }
    await reaches(all);
    t.diagnostic(`${((performance.now() - startedAt) / 1000).toFixed(1)} s after all were killed`);
    const { health } = await explain("www");
    assert.deepEqual(
      new Set(health.map(({ reason }) => reason)),
      new Set(["its service is not well, but too few others are: all are answered"]),
    );
  });

  test("a day after everything else went the name server starts anew and answers the same; of zones that it fetched those whose time is over are not answered", async () => {
    const answers = async () => await Promise.all(["www", "failover", "nothere"].map((name) => answerOf(port, name)));
    const before = await answers();
    const rcodes = async () =>
      await Promise.all(Object.keys(fetchedZones).map(async (zone) => (await answerOf(port, "ns1", zone)).rcode));
    assert.deepEqual(await rcodes(), [0, 0]);
    await named.stop();
    await mycloud.stop();
    const clock = createFakeClock(await temporaryDirectory("clock"), Date.now() + dayMs);
    const alone = startMycloud(
      [
        "dns",
        "serve",
        "--listen",
        `127.0.0.1:${port}`,
        "--state-dir",
        join(mycloud.stateDir, "dns"),
        "--server",
        mycloud.url,
      ],
      { env: { ...clock.environment, MYCLOUD_DNS_TOKEN_FILE: join(mycloud.stateDir, "name-server-token") } },
    );
    cleanup.after(async () => void (await alone.stop()));
    await waitFor(() => alone.stderr().includes("the name server answers"), 60_000, "the name server alone");
    assert.deepEqual(await answers(), before);
    assert.deepEqual(await rcodes(), [2, 0], "SERVFAIL after two hours, and not before two weeks");
    await waitFor(() => alone.stderr().includes("the control plane is not heard"), 60_000, "it to notice");
    // Ten years are as good as a day: what the SOA record says of expiry is for secondaries.
    clock.set(clock.nowMs() + 3_650 * dayMs);
    assert.deepEqual(await answers(), before);
  });
});

function hindrance(): string | false {
  let reason: string | false = false;
  const skip = (message = "") => {
    reason = message;
  };
  requirePeer({ skip }, nameServerPrograms.named.path, nameServerPrograms.named.debianPackage);
  requirePeer({ skip }, FAKETIME_LIBRARY, "faketime");
  return reason;
}
