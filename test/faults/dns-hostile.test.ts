// `npm run test:faults`: a million packets that nobody should send, to a name server in this process that has everything configured that reads packets.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { NameServerConfiguration } from "@mycloud/protocol/name-server";
import { readMessage } from "../../dns/src/message/index.ts";
import { lowerName, parseName } from "../../dns/src/name/index.ts";
import { NameServer } from "../../dns/src/name-server/index.ts";
import { type StreamAnswer, systemClock } from "../../dns/src/server/index.ts";
import { signMessage } from "../../dns/src/tsig/index.ts";
import { Zone } from "../../dns/src/zone/index.ts";
import { parseZoneFile } from "../../dns/src/zone-file/index.ts";
import { encodeQuestion } from "../name-service/dns-client.ts";
import { createDice, createHostilePackets, type Dice } from "../name-service/hostile-packets.ts";
import { plainZones } from "../name-service/zones.ts";

const packets = Number(process.env.MYCLOUD_TEST_PACKETS ?? 1_000_000);
/** Of processor time, for one packet with all messages that answer it. */
const longestMs = 50;
const boundMiB = 150;
const seed = 20_240_506;

const anyone = [{ prefixes: ["0.0.0.0/0", "::/0"], key: null }];
const key = { name: parseName("transfer."), algorithm: "hmac-sha256", secret: Buffer.from("a secret") } as const;
const secondary = { address: "192.0.2.250", port: 53, key: null };

/** Primary zones for anybody and for a view, transfers for anybody and for a key, UPDATEs that are passed on, a secondary zone with records and one without. */
const configuration: NameServerConfiguration = {
  nsid: "hostile",
  cookieSecrets: ["000102030405060708090a0b0c0d0e0f"],
  tsigKeys: [{ name: "transfer", algorithm: key.algorithm, secret: key.secret.toString("base64") }],
  views: [{ name: "inside", clients: [{ prefixes: ["10.0.0.0/8"], key: null }] }],
  allowQuery: anyone,
  zones: [
    zone({ name: "example.org", allowsUpdate: true, allowTransfer: anyone }),
    zone({ name: "example.org", view: "inside", allowTransfer: [{ prefixes: ["10.0.0.0/8"], key: "transfer" }] }),
    zone({ name: "child.example.org", allowQuery: [{ prefixes: ["10.0.0.0/8"], key: null }] }),
    zone({ name: "example.net", kind: "secondary", primaries: [secondary], allowNotify: anyone }),
    zone({ name: "2.0.192.in-addr.arpa", kind: "secondary", primaries: [{ ...secondary, key: "transfer" }] }),
  ],
  forwarding: null,
  // Strangers of 192.0.2.0/24 are held back, those of many networks in 10.0.0.0/8 hardly ever.
  rateLimit: { responsesPerSecond: 1_000, nameErrorsPerSecond: 100, errorsPerSecond: 100, slip: 2, exempt: [] },
  queryLogOneIn: null,
};

type ZoneSettings = NameServerConfiguration["zones"][number];

function zone(settings: Partial<ZoneSettings> & { readonly name: string }): ZoneSettings {
  return {
    view: null,
    kind: "primary",
    serial: null,
    primaries: [],
    notify: [],
    allowQuery: null,
    allowTransfer: [],
    allowNotify: [],
    allowsUpdate: false,
    weighted: [],
    ...settings,
  };
}

function recordsOf(name: string): Zone {
  const origin = lowerName(parseName(`${name}.`));
  const onFault = ({ message }: { readonly message: string }) => assert.fail(message);
  return new Zone(origin, parseZoneFile(plainZones[name] ?? assert.fail(name), { origin, onFault }));
}

function startServer(dice: Dice): NameServer {
  const nobody = () => Promise.reject(new Error("nobody is there"));
  const server = new NameServer({
    clock: systemClock,
    random: () => dice(1_000_000) / 1_000_000,
    exchange: {
      datagram: nobody,
      stream: () => ({ [Symbol.asyncIterator]: () => ({ next: nobody }) }),
    },
    isLeader: true,
    cachedAnswers: 10_000,
    relayUpdate: async () => {
      if (dice(4) === 0) throw new Error("the control plane is away");
      return dice(11);
    },
    onNotify: () => {},
    onZoneFetched: () => {},
    onZoneRefreshed: () => {},
    onEvent: () => {},
    onAnswered: () => {},
    forward: null,
  });
  server.reconfigure(configuration);
  for (const { name, view } of configuration.zones) {
    if (name !== "2.0.192.in-addr.arpa") assert.ok(server.setZone({ name, view }, recordsOf(name)));
  }
  return server;
}

/** Messages that are rightly signed, so that what lies behind a signature is reached as well. */
function signedPackets(): Buffer[] {
  const name = "www.example.org.";
  const now = Math.floor(Date.now() / 1000);
  const ofZone = encodeQuestion({ name: "example.org.", type: "SOA", flags: 5 << 11 });
  const update = Buffer.concat([
    ofZone,
    encodeQuestion({ name, type: "A" }).subarray(12, -4),
    Buffer.from("0001000100000e100004c0000201", "hex"),
  ]);
  update.writeUInt16BE(1, 8);
  return [
    encodeQuestion({ name, type: "A" }),
    encodeQuestion({ name, type: "A", edns: 1232 }),
    encodeQuestion({ name: "example.org.", type: "AXFR" }),
    encodeQuestion({ name: "example.net.", type: "SOA", flags: 4 << 11 }),
    update,
  ].flatMap((message) => [message, signMessage(message, key, now).octets]);
}

/** All messages that answer one, checked. */
async function readAll(answer: StreamAnswer, question: Buffer): Promise<number> {
  if (answer === undefined) return 0;
  const messages = Buffer.isBuffer(answer) ? [answer] : answer;
  let count = 0;
  for await (const message of messages) {
    count += 1;
    assert.equal(message.readUInt16BE(0), question.readUInt16BE(0), "the id");
    readMessage(message);
  }
  return count;
}

const processorMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

test(`${packets} hostile packets are survived, each soon, and leave nothing behind`, async (t) => {
  const dice = createDice(seed);
  const server = startServer(dice);
  t.after(() => server.close());
  const next = createHostilePackets(dice, signedPackets());
  const slowest = { ms: 0, packet: "" };
  const counts = { answered: 0, silent: 0, messages: 0 };
  const arrivalOf = (address: string, isStream: boolean) => ({ address, transport: isStream ? "tcp" : "udp" }) as const;
  const answerTo = (octets: Buffer, address: string, isStream: boolean) =>
    isStream
      ? server.handleStream(octets, arrivalOf(address, true))
      : server.handleDatagram(octets, arrivalOf(address, false));
  let heapAtFirst = 0;
  let peak = 0;
  for (let number = 0; number < packets; number += 1) {
    const octets = next();
    const isStream = dice(4) === 0;
    const address = dice(3) === 0 ? `10.${dice(256)}.${dice(256)}.1` : `192.0.2.${dice(256)}`;
    const beforeMs = processorMs();
    try {
      const answer = await answerTo(octets, address, isStream);
      if (!isStream && Buffer.isBuffer(answer)) assert.ok(answer.length <= 1232, `${answer.length} octets by UDP`);
      const messages = await readAll(answer, octets);
      counts[messages === 0 ? "silent" : "answered"] += 1;
      counts.messages += messages;
    } catch (error) {
      throw new Error(`packet ${number} of seed ${seed}: ${octets.toString("hex").slice(0, 4_000)}`, { cause: error });
    }
    let tookMs = processorMs() - beforeMs;
    // Garbage is collected during some packet or other; one that takes long itself does so each time.
    for (let again = 0; again < 3 && tookMs > slowest.ms; again += 1) {
      const againFromMs = processorMs();
      await readAll(await answerTo(octets, address, isStream), octets);
      tookMs = Math.min(tookMs, processorMs() - againFromMs);
    }
    if (tookMs > slowest.ms)
      Object.assign(slowest, { ms: tookMs, packet: `${number}: ${octets.toString("hex", 0, 60)}` });
    if (number % 10_000 !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    const { heapUsed, external } = process.memoryUsage();
    if (number <= packets / 10) heapAtFirst = Math.max(heapAtFirst, heapUsed + external);
    peak = Math.max(peak, heapUsed + external);
  }
  const grownMiB = (peak - heapAtFirst) / 2 ** 20;
  t.diagnostic(`${JSON.stringify(counts)}; the slowest took ${slowest.ms.toFixed(1)} ms: ${slowest.packet}`);
  t.diagnostic(
    `heap and buffers ${(peak / 2 ** 20).toFixed(0)} MiB at most, ${grownMiB.toFixed(0)} above the first tenth`,
  );
  assert.ok(counts.answered > packets / 4, "most packets were not even answered");
  assert.ok(slowest.ms < longestMs, `one packet took ${slowest.ms} ms: ${slowest.packet}`);
  assert.ok(grownMiB < boundMiB, `${grownMiB} MiB more than at first`);
});
