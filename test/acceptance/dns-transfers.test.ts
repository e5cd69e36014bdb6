// BIND, Knot and NSD as secondaries of ours, ours as secondary of BIND and Knot, nsupdate against ours, and those who mean no good.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { readMessage } from "../../dns/src/message/index.ts";
import { parseName } from "../../dns/src/name/index.ts";
import { ManualClock } from "../../dns/src/name-server/testing/manual-clock.ts";
import {
  configuration,
  makeStep,
  makeZone,
  record,
  show,
  zoneConfiguration,
} from "../../dns/src/name-server/testing/set-up.ts";
import { frame } from "../../dns/src/server/frame-reader.ts";
import { updateZone } from "../../dns/src/update/index.ts";
import { stepOf, type Zone } from "../../dns/src/zone/index.ts";
import { formatZoneFile } from "../../dns/src/zone-file/index.ts";
import { askDns, encodeQuestion } from "../name-service/dns-client.ts";
import { startInProcess } from "../name-service/in-process-name-server.ts";
import { nameServerPrograms } from "../peers/name-servers.ts";
import { requirePeer } from "../peers/peer.ts";
import {
  startKnotPrimary,
  startKnotSecondary,
  startNamedPrimary,
  startNamedSecondary,
  startNsdSecondary,
} from "../peers/transferring-servers.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { waitFor } from "../support/wait-for.ts";

const secret = Buffer.from("a secret of ours and theirs").toString("base64");
const key = { name: "transfer", secret };
const zoneKey = { view: null, name: "example.org" };
const byKey = [{ prefixes: ["127.0.0.0/8"], key: key.name }];
const keys = [{ name: key.name, algorithm: "hmac-sha256" as const, secret }];
const hosts = Array.from({ length: 2_000 }, (_, index) => `h${index} A 10.0.${index >> 8}.${index & 255}`);

function requirePeers(t: TestContext, ...programs: (keyof typeof nameServerPrograms)[]): boolean {
  return programs.every((program) => {
    const { path, debianPackage } = nameServerPrograms[program];
    return requirePeer(t, path, debianPackage);
  });
}

async function answerOf(port: number, name: string, type = "A"): Promise<{ rcode: number; records: string[] }> {
  const { header, answer } = readMessage(await askDns({ port }, { name, type }));
  return { rcode: header.flags & 15, records: show(answer) };
}

async function serialOf(port: number, name = "example.org."): Promise<number> {
  const { records } = await answerOf(port, name, "SOA");
  return Number(records[0]?.split(" ")[3] ?? "nothing");
}

/** What a program of BIND's prints, and its exit code. */
function run(program: string, args: readonly string[], input = ""): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

describe("secondaries of ours", () => {
  it("BIND, Knot and NSD fetch a zone by key, are told of changes and fetch the steps; with another key nobody gets anything", async (t) => {
    if (!requirePeers(t, "named", "knotd", "nsd")) return;
    const directory = await temporaryDirectory("dns-secondaries");
    const ours = await startInProcess(t);
    const wrongKey = { name: "wrong", secret: Buffer.from("what they think").toString("base64") };
    const wrong = { name: "wrong.test", view: null };
    const rule = [{ prefixes: ["127.0.0.0/8"], key: "wrong" }];
    const tsigKeys = [...keys, { name: "wrong", algorithm: "hmac-sha256" as const, secret }];
    const configure = (ports: readonly number[]) =>
      ours.server.reconfigure(
        configuration({
          tsigKeys,
          zones: [
            zoneConfiguration({
              allowTransfer: byKey,
              notify: ports.map((port) => ({ address: "127.0.0.1", port, key: key.name })),
            }),
            zoneConfiguration({ name: "wrong.test", allowTransfer: rule }),
          ],
        }),
      );
    configure([]);
    ours.server.setZone(zoneKey, makeZone(1, hosts));
    ours.server.setZone(wrong, makeZone(1, [], parseName("wrong.test.")));
    const fetched = { name: "example.org", primaryPort: ours.port, key };
    const started = await Promise.all([
      startNamedSecondary(directory, [fetched, { ...fetched, name: "wrong.test", key: wrongKey }]),
      startKnotSecondary(directory, fetched),
      startNsdSecondary(directory, fetched),
      startNsdSecondary(join(directory, "wrong"), { ...fetched, name: "wrong.test", key: wrongKey }),
    ]);
    const wrongNsd = started[3];
    const peers = started.slice(0, 3);
    for (const peer of peers) {
      await waitFor(async () => (await serialOf(peer.port)) === 1, 30_000, `${peer.program} to have the zone`);
      assert.deepEqual((await answerOf(peer.port, "h1999.example.org.")).records, ["A 10.0.7.207"]);
    }
    configure(peers.map(({ port }) => port));
    const step = makeStep(1, [record("h7", "A", "10.0.0.7")], [record("new", "A", "192.0.2.9")]);
    assert.ok(ours.server.applySteps(zoneKey, [step]));
    for (const peer of peers) {
      await waitFor(async () => (await serialOf(peer.port)) === 2, 30_000, `${peer.program} to follow`);
      assert.deepEqual((await answerOf(peer.port, "new.example.org.")).records, ["A 192.0.2.9"]);
      assert.equal((await answerOf(peer.port, "h7.example.org.")).rcode, 3);
    }
    const [zone] = ours.server.counters().zones;
    const told = await waitFor(() => {
      const notified = ours.server.counters().zones[0]?.notified ?? [];
      return notified.every(({ isAcknowledged, serial }) => isAcknowledged && serial === 2) && notified;
    }, 30_000);
    assert.equal(told.length, 3);
    assert.equal(zone?.serial, 2);
    const steps = ours.events.filter(({ message, fields }) => message === "zone transfer" && fields.from === 1);
    assert.equal(steps.length, 3, "each fetched the steps, not the whole");
    assert.ok(
      ours.events.some(({ message, fields }) => message === "a signature does not hold" && fields.error === 16),
    );
    for (const { port } of [started[0], wrongNsd]) {
      assert.equal((await answerOf(port, "wrong.test.", "SOA")).rcode, 2);
    }
    const dig = await run("dig", ["@127.0.0.1", "-p", String(ours.port), "+tries=1", "axfr", "example.org"]);
    assert.match(dig.text, /Transfer failed/);
    const keyed = ["-y", `hmac-sha256:${key.name}:${secret}`, "axfr", "example.org"];
    const allowed = await run("dig", ["@127.0.0.1", "-p", String(ours.port), ...keyed]);
    assert.match(allowed.text, /XFR size: 2004 records/);
    assert.doesNotMatch(allowed.text, /verify|WARNING|Couldn't/i);
    for (const peer of started) await peer.stop();
    assert.deepEqual(ours.faults, []);
  });
});

for (const [title, program, startPrimary] of [
  ["BIND", "named", startNamedPrimary],
  ["Knot", "knotd", startKnotPrimary],
] as const) {
  describe(`ours as secondary of ${title}`, () => {
    it("fetches the zone, and the steps when it is told; asks after refresh, and does not answer after expire", async (t) => {
      if (!requirePeers(t, program)) return;
      const directory = await temporaryDirectory("dns-primary");
      const file = join(directory, "example.org.zone");
      await writeFile(file, [...formatZoneFile(makeZone(1, hosts))].join(""));
      const steps: (number | undefined)[] = [];
      const clock = new ManualClock(Date.now());
      const ours = await startInProcess(t, { clock, onZoneFetched: (fetched) => steps.push(fetched.steps?.length) });
      const peer = await startPrimary(directory, { name: "example.org", file, key, notifyPort: ours.port });
      const primaries = [{ address: "127.0.0.1", port: peer.port, key: key.name }];
      const zones = [zoneConfiguration({ kind: "secondary", primaries })];
      ours.server.reconfigure(configuration({ tsigKeys: keys, zones }));
      await clock.advance(0);
      await waitFor(async () => (await serialOf(ours.port)) === 1, 30_000, "the zone");
      assert.deepEqual((await answerOf(ours.port, "h1999.example.org.")).records, ["A 10.0.7.207"]);
      const update = async (lines: string) => {
        const commands = `server 127.0.0.1 ${peer.port}\nzone example.org\n${lines}\nsend\n`;
        const { code, text } = await run("nsupdate", ["-y", `hmac-sha256:${key.name}:${secret}`], commands);
        assert.equal(code, 0, text);
      };
      await update("update add new.example.org. 60 A 192.0.2.9\nupdate delete h7.example.org. A");
      // Each step of the clock makes it do what it was told meanwhile.
      await waitFor(
        async () => {
          await clock.advance(100);
          return (await serialOf(ours.port)) === 2;
        },
        30_000,
        "the steps",
      );
      assert.deepEqual((await answerOf(ours.port, "new.example.org.")).records, ["A 192.0.2.9"]);
      assert.equal((await answerOf(ours.port, "h7.example.org.")).rcode, 3);
      assert.deepEqual(steps, [undefined, 1]);
      const asked = ["@127.0.0.1", "-p", String(ours.port), "+expire", "+norecurse", "example.org", "SOA"];
      assert.match((await run("dig", asked)).text, /; EXPIRE: 86\d{3} /);
      await peer.stop();
      await clock.advance(86_000_000);
      assert.equal((await answerOf(ours.port, "new.example.org.")).rcode, 0);
      await clock.advance(1_000_000);
      assert.equal((await answerOf(ours.port, "new.example.org.")).rcode, 2);
      assert.deepEqual(ours.faults, []);
    });
  });
}

describe("nsupdate against ours", () => {
  it("changes what its prerequisites allow, by key, and hears why not", async (t) => {
    if (!requirePeer(t, "/usr/bin/nsupdate", "bind9-dnsutils")) return;
    const zone: Zone = makeZone(1);
    const told: string[] = [];
    // What the control plane does: hold the message against its own zone, and publish what came of it.
    const ours = await startInProcess(t, {
      relayUpdate: async ({ message, key: by }) => {
        const outcome = updateZone(zone, readMessage(message), { allows: () => by !== null, nowMs: Date.now() });
        told.push(`${by} ${outcome.kind}`);
        if (outcome.kind === "refused") return outcome.rcode;
        const step = outcome.change === undefined ? undefined : stepOf(outcome.change);
        if (step !== undefined) {
          zone.change(step);
          assert.ok(ours.server.applySteps(zoneKey, [step]));
        }
        return 0;
      },
    });
    const zones = [zoneConfiguration({ allowsUpdate: true }), zoneConfiguration({ name: "fixed.test" })];
    ours.server.reconfigure(configuration({ tsigKeys: keys, zones }));
    ours.server.setZone(zoneKey, makeZone(1));
    const update = (
      lines: string,
      args: readonly string[] = ["-y", `hmac-sha256:${key.name}:${secret}`],
      name = "example.org",
    ) => run("nsupdate", args, `server 127.0.0.1 ${ours.port}\nzone ${name}\n${lines}\nsend\n`);
    const add = "prereq nxdomain dyn.example.org.\nupdate add dyn.example.org. 60 A 192.0.2.50";
    assert.deepEqual(await update(add), { code: 0, text: "" });
    assert.deepEqual((await answerOf(ours.port, "dyn.example.org.")).records, ["A 192.0.2.50"]);
    assert.match((await update(add)).text, /YXDOMAIN/);
    assert.deepEqual(await update("update delete dyn.example.org.", [...keyed(), "-v"]), { code: 0, text: "" });
    assert.equal((await answerOf(ours.port, "dyn.example.org.")).rcode, 3);
    assert.match((await update(add, [])).text, /REFUSED/);
    const other = `hmac-sha256:${key.name}:${Buffer.from("other").toString("base64")}`;
    assert.match((await update(add, ["-y", other])).text, /BADSIG|NOTAUTH/);
    assert.match((await update("update add a.fixed.test. 60 A 192.0.2.1", keyed(), "fixed.test")).text, /REFUSED/);
    assert.deepEqual(told, ["transfer. change", "transfer. refused", "transfer. change", "null refused"]);
    assert.equal(await serialOf(ours.port), zone.soa.serial);
    assert.deepEqual(ours.faults, []);
  });

  const keyed = () => ["-y", `hmac-sha256:${key.name}:${secret}`];
});

describe("who fetches a zone and does not read it", () => {
  it("is let go of, with little memory taken, and others are served meanwhile", async (t) => {
    const ours = await startInProcess(t, { limits: { stalledMs: 300 } });
    const allowTransfer = [{ prefixes: ["127.0.0.0/8"], key: null }];
    ours.server.reconfigure(configuration({ zones: [zoneConfiguration({ allowTransfer })] }));
    const text = `TXT "${"x".repeat(250)}" "${"y".repeat(250)}"`;
    ours.server.setZone(
      zoneKey,
      makeZone(
        1,
        Array.from({ length: 20_000 }, (_, index) => `t${index} ${text}`),
      ),
    );
    const before = process.memoryUsage().arrayBuffers;
    const question = frame(encodeQuestion({ name: "example.org.", type: "AXFR" }));
    const sockets = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const socket = connect(ours.port, "127.0.0.1");
        socket.on("error", () => undefined);
        t.after(() => socket.destroy());
        await once(socket, "connect");
        socket.pause();
        socket.write(Buffer.concat(Array.from({ length: 20 }, () => question)));
        return socket;
      }),
    );
    await waitFor(
      () => ours.lost.filter((reason) => reason === "slow").length === sockets.length,
      30_000,
      "all to be cut",
    );
    const taken = process.memoryUsage().arrayBuffers - before;
    assert.ok(taken < 100 * 2 ** 20, `${taken} octets`);
    assert.equal((await answerOf(ours.port, "ns1.example.org.")).rcode, 0);
    assert.deepEqual(ours.faults, []);
  });
});
