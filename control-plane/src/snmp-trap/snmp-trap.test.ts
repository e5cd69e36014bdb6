import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import { freeUdpPort } from "../../../checks/src/snmp/testing/free-udp-port.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { RecentMessages } from "./recent-messages.ts";
import { RemoteClocks } from "./remote-clocks.ts";

const program = "/usr/bin/snmptrap";
const hindrance = existsSync(program) || process.env.CI === "true" ? false : "snmptrap is not installed";
const linkDown = "1.3.6.1.6.3.1.1.5.3";
const linkUp = "1.3.6.1.6.3.1.1.5.4";
const ifIndex = "1.3.6.1.2.1.2.2.1.1";

describe("the SNMP trap receiver", () => {
  let app: TestApp;
  let port = 0;
  const folder = mkdtempSync(join(tmpdir(), "mycloud-snmptrap-"));

  before(async () => {
    port = await freeUdpPort();
    app = await startTestApp({ settings: { snmpTrap: { host: "127.0.0.1", port } } });
    const make = async (path: string, body: object) => {
      const answer = await app.call("POST", `/api/v1/${path}`, { body });
      assert.equal(answer.status, 200, answer.text);
    };
    await make("hosts", { name: "switch1", address: "127.0.0.1", labels: { device: "switch" } });
    const selector = { labels: { device: "switch" } };
    await make("snmp-credentials", { name: "plain", selector, version: "2c", community: "let me in" });
    await make("snmp-credentials", {
      name: "others",
      selector: { hosts: ["web1"] },
      version: "2c",
      community: "of others",
    });
    await make("snmp-credentials", {
      name: "signed",
      selector,
      version: "3",
      username: "monitor",
      authProtocol: "SHA-256",
      authPassword: "signing password",
      privProtocol: "AES",
      privPassword: "hiding password",
    });
    const serviceName = `link $(${ifIndex})`;
    await make("trap-rules", {
      name: "down",
      selector,
      trapOid: linkDown,
      conditions: [{ oid: "1.3.6.1.2.1.2.2.1.7", equals: "1" }],
      state: "CRITICAL",
      serviceName,
      output: "$(host): interface $1 is down",
    });
    await make("trap-rules", { name: "up", selector, trapOid: linkUp, state: "OK", serviceName, output: "up again" });
  });
  after(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = async (...words: readonly string[]) => {
    const env = { ...process.env, SNMP_PERSISTENT_DIR: folder, SNMPCONFPATH: folder, MIBS: "" };
    return await promisify(execFile)(program, [...words], { env });
  };
  const place = () => `127.0.0.1:${port}`;
  const state = async (name: string) => {
    const { body } = await app.call(
      "GET",
      `/api/v1/services?filter=${encodeURIComponent(JSON.stringify({ q: name }))}`,
    );
    const found = body.data.find((service: { name: string }) => service.name === name);
    return found === undefined ? null : [found.state, found.output];
  };
  const until = async (isSo: () => Promise<boolean>, what: string) => {
    const signal = AbortSignal.timeout(60_000);
    while (!(await isSo())) {
      assert.ok(!signal.aborted, what);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const counted = async (name: string, labels: string) => {
    const { text } = await app.call("GET", "/metrics", { token: null });
    const line = text.split("\n").find((each) => each.startsWith(`${name}{${labels}}`));
    return Number(line?.split(" ").at(-1) ?? 0);
  };
  const varbinds = (index: number) => [`${ifIndex}.${index}`, "i", String(index), "1.3.6.1.2.1.2.2.1.7.1", "i", "1"];
  const v3 = ["-v3", "-u", "monitor", "-l", "authPriv", "-a", "SHA-256", "-x", "AES"];
  const keys = ["-A", "signing password", "-X", "hiding password"];

  it("makes a problem of a trap that a rule knows, and clears it by another", { skip: hindrance }, async () => {
    await send("-v2c", "-c", "let me in", place(), "", linkDown, ...varbinds(3));
    await until(async () => (await state("link 3"))?.[0] === "CRITICAL", "link 3 is down");
    assert.deepEqual(await state("link 3"), ["CRITICAL", "switch1: interface 3 is down"]);
    await send("-v2c", "-c", "let me in", place(), "", linkUp, ...varbinds(3));
    await until(async () => (await state("link 3"))?.[0] === "OK", "link 3 is up");
  });

  it("understands version 1, whose generic traps are those of version 2", { skip: hindrance }, async () => {
    await send("-v1", "-c", "let me in", place(), "1.3.6.1.4.1.9", "192.0.2.9", "2", "0", "5", ...varbinds(4));
    await until(async () => (await state("link 4"))?.[0] === "CRITICAL", "link 4 is down");
  });

  it("answers an inform of version 3 once it is stored, and takes traps of a signed engine", {
    skip: hindrance,
  }, async () => {
    await send("-Ci", "-r", "1", "-t", "20", ...v3, ...keys, place(), "", linkDown, ...varbinds(5));
    assert.equal((await state("link 5"))?.[0], "CRITICAL");
    await send("-e", "0x8000000001020304", ...v3, ...keys, place(), "", linkUp, ...varbinds(5));
    await until(async () => (await state("link 5"))?.[0] === "OK", "link 5 is up");
    await send("-Ci", "-r", "1", "-t", "20", "-v2c", "-c", "let me in", place(), "", linkDown, ...varbinds(6));
    assert.equal((await state("link 6"))?.[0], "CRITICAL");
  });

  it("stores an inform that comes again once, and answers it each time", { skip: hindrance }, async () => {
    const socket = createSocket("udp4");
    try {
      await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
      const recorded = new Promise<Buffer>((resolve) => socket.once("message", resolve));
      const words = ["-Ci", "-r", "0", "-t", "1", "-v2c", "-c", "let me in", `127.0.0.1:${socket.address().port}`, ""];
      // Nobody answers where it is recorded.
      const unanswered = assert.rejects(send(...words, linkDown, ...varbinds(12)));
      const inform = await recorded;
      await unanswered;
      const before = await counted("mycloud_snmp_informs_duplicate_total", 'version="2c"');
      const answers: Buffer[] = [];
      socket.on("message", (answer) => answers.push(answer));
      for (const expected of [1, 2, 3]) {
        socket.send(inform, port, "127.0.0.1");
        await until(async () => answers.length === expected, `answer ${expected}`);
      }
      assert.equal(await counted("mycloud_snmp_informs_duplicate_total", 'version="2c"'), before + 2);
      assert.equal((await state("link 12"))?.[0], "CRITICAL");
    } finally {
      socket.close();
    }
  });

  it("stores a signed trap that was recorded once, wherever it comes from again", { skip: hindrance }, async () => {
    const [recorder, replayer] = [createSocket("udp4"), createSocket("udp4")];
    try {
      await new Promise<void>((resolve) => recorder.bind(0, "127.0.0.1", resolve));
      const recorded = new Promise<Buffer>((resolve) => recorder.once("message", resolve));
      const there = `127.0.0.1:${recorder.address().port}`;
      await send("-e", "0x8000000005060708", ...v3, ...keys, there, "", linkDown, ...varbinds(13));
      const trap = await recorded;
      recorder.send(trap, port, "127.0.0.1");
      await until(async () => (await state("link 13"))?.[0] === "CRITICAL", "link 13 is down");
      const again = async () => await counted("mycloud_snmp_traps_refused_total", 'version="3",reason="replayed"');
      const taken = async () => await counted("mycloud_snmp_traps_received_total", 'version="3",kind="trap"');
      const before = await taken();
      for (const [index, socket] of [recorder, replayer].entries()) {
        socket.send(trap, port, "127.0.0.1");
        await until(async () => (await again()) === index + 1, `copy ${index + 1} is refused`);
      }
      assert.equal(await taken(), before);
    } finally {
      recorder.close();
      replayer.close();
    }
  });

  it("keeps what no rule knows as a log record, and counts it", { skip: hindrance }, async () => {
    const sent = ["1.3.6.1.4.1.8072.9999.1", "s", "toner is low"];
    await send("-Ci", "-t", "20", "-v2c", "-c", "let me in", place(), "", "1.3.6.1.4.1.8072.9999.7", ...sent);
    assert.ok((await counted("mycloud_snmp_traps_unmapped_total", 'version="2c"')) >= 1);
    const query = encodeURIComponent('service:snmptrap "toner is low"');
    const { body, text } = await app.call("GET", `/api/v1/logs?query=${query}`);
    const [record] = body.records ?? body.data ?? [];
    assert.ok(record !== undefined, text);
    assert.deepEqual([record.host, record.fields.trap_oid], ["switch1", "1.3.6.1.4.1.8072.9999.7"]);
  });

  it("refuses who nobody knows, whose key is another, and who is another device", { skip: hindrance }, async () => {
    const refused = async (version: string, reason: string) =>
      await counted("mycloud_snmp_traps_refused_total", `version="${version}",reason="${reason}"`);
    await send("-v2c", "-c", "guessed", place(), "", linkDown, ...varbinds(9));
    await until(async () => (await refused("2c", "unknown-community")) === 1, "an unknown community");
    await send("-v2c", "-c", "of others", place(), "", linkDown, ...varbinds(9));
    await until(async () => (await refused("2c", "other-host")) === 1, "a credential of another host");
    const wrong = ["-A", "another password", "-X", "hiding password"];
    await send("-e", "0x8000000001020305", ...v3, ...wrong, place(), "", linkDown, ...varbinds(9));
    await until(async () => (await refused("3", "wrong-key")) === 1, "a wrong key");
    await assert.rejects(send("-Ci", "-r", "0", "-t", "1", "-v2c", "-c", "guessed", place(), "", linkDown));
    assert.equal(await state("link 9"), null);
  });

  it("survives whatever arrives", async () => {
    const socket = createSocket("udp4");
    const head = Buffer.from("302902010104096c6574206d6520696ea719020400000001020100020100300b", "hex");
    const before = await counted("mycloud_snmp_traps_refused_total", 'version="unknown",reason="unreadable"');
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, hasHead) => {
        const message = hasHead ? Buffer.concat([head, bytes]) : Buffer.from(bytes);
        sent += 1;
        await new Promise((resolve) => socket.send(message, port, "127.0.0.1", resolve));
      }),
      { numRuns: 300 },
    );
    socket.close();
    const isCounted = async () =>
      (await counted("mycloud_snmp_traps_refused_total", 'version="unknown",reason="unreadable"')) >= before + sent / 2;
    await until(isCounted, "what cannot be read is counted");
    assert.equal((await app.call("GET", "/healthz", { token: null })).status, 200);
  });
});

describe("a relay of traps", { skip: hindrance }, () => {
  for (const isRelay of [true, false]) {
    const who = isRelay ? "is believed who a trap is of" : "that nobody named is a device like any other";
    it(who, async (t) => {
      const port = await freeUdpPort();
      const snmpTrapRelays = isRelay ? ["127.0.0.1"] : [];
      const app = await startTestApp({ settings: { snmpTrap: { host: "127.0.0.1", port }, snmpTrapRelays } });
      t.after(() => app.stop());
      for (const [path, body] of [
        ["hosts", { name: "relay", address: "127.0.0.1" }],
        ["hosts", { name: "far", address: "192.0.2.9" }],
        ["snmp-credentials", { name: "all", selector: {}, version: "2c", community: "let me in" }],
      ] as const) {
        const made = await app.call("POST", `/api/v1/${path}`, { body });
        assert.equal(made.status, 200, made.text);
      }
      const words = ["-v1", "-c", "let me in", `127.0.0.1:${port}`, "1.3.6.1.4.1.9", "192.0.2.9", "6", "7", "5"];
      await promisify(execFile)(program, words, { env: { ...process.env, MIBS: "" } });
      const signal = AbortSignal.timeout(60_000);
      let host: string | undefined;
      while (host === undefined && !signal.aborted) {
        const { body } = await app.call("GET", `/api/v1/logs?query=${encodeURIComponent("service:snmptrap")}`);
        host = body.records[0]?.host;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      assert.equal(host, isRelay ? "far" : "relay");
    });
  }
});

describe("what was recorded and comes again", () => {
  it("is not believed once its engine's clock has gone on (RFC 3414, 3.2 7b)", () => {
    const clocks = new RemoteClocks();
    const heard = (boots: number, time: number, seconds: number) => clocks.accept("e1", boots, time, seconds * 1000);
    assert.equal(heard(5, 1_000, 0), true);
    // A second network path may be slower: within the window it is of now.
    assert.equal(heard(5, 900, 10), true);
    assert.equal(heard(5, 1_000, 150), true);
    assert.equal(heard(5, 1_000, 151), false, "longer ago than 150 s");
    assert.equal(heard(5, 1_151, 152), true);
    assert.equal(heard(4, 9_999, 152), false, "from before the last restart");
    assert.equal(heard(6, 0, 152), true, "it has restarted");
    assert.equal(heard(5, 2_000, 153), false, "and what was recorded before is old");
    assert.equal(clocks.accept("e2", 1, 0, 153_000), true, "others have clocks of their own");
  });

  it("is known for longer than its clock is believed", () => {
    const recent = new RecentMessages();
    recent.add("a", 0);
    assert.deepEqual([recent.has("a", 159_999), recent.has("a", 160_000), recent.has("b", 0)], [true, false, false]);
    recent.add("a", 119_000);
    assert.equal(recent.has("a", 278_999), true);
  });
});
