import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MessageWriter, readMessage, resultCodes } from "../message/index.ts";
import { recordTypes } from "../record/index.ts";
import { areZonesEqual } from "../zone-file/index.ts";
import type { NameServer } from "./name-server.ts";
import type { NameServerOptions, PeerExchange } from "./name-server-options.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import {
  ask,
  configuration,
  exchangeWith,
  key,
  makeStep,
  makeZone,
  rcodeOf,
  record,
  setUp,
  sign,
  write,
  zoneConfiguration,
  zoneKey,
} from "./testing/set-up.ts";

const everybody = [{ prefixes: ["0.0.0.0/0", "::/0"], key: null }];
const hour = 3_600_000;
const peer = (address: string, keyName: string | null = null) => ({ address, port: 53, key: keyName });
const www = () => write({ name: "www.example.org.", type: recordTypes.A });

/** A primary at 192.0.2.1 and a secondary at 192.0.2.2, by one clock, that ask each other in memory. */
async function setUpPair({
  keyName = null as string | null,
  options = {} as Partial<NameServerOptions>,
  records = 30,
} = {}) {
  const clock = new ManualClock();
  const servers: Record<string, NameServer> = {};
  const asked: string[] = [];
  const watch = (exchange: PeerExchange): PeerExchange => ({
    datagram: (to, octets, signal) => {
      asked.push(`udp ${readMessage(octets).questions[0]?.type}`);
      return exchange.datagram(to, octets, signal);
    },
    stream: (to, octets, signal) => {
      asked.push(`tcp ${readMessage(octets).questions[0]?.type}`);
      return exchange.stream(to, octets, signal);
    },
  });
  const primary = setUp({ clock, exchange: exchangeWith(servers, "192.0.2.1") });
  const secondary = setUp({ clock, exchange: watch(exchangeWith(servers, "192.0.2.2")), ...options });
  servers["192.0.2.1"] = primary.server;
  servers["192.0.2.2"] = secondary.server;
  const allowTransfer = [{ prefixes: everybody[0]?.prefixes ?? [], key: keyName }];
  const lines = Array.from({ length: records }, (_, index) => `h${index} A 10.0.0.${index}`);
  primary.server.reconfigure(
    configuration({ zones: [zoneConfiguration({ allowTransfer, notify: [peer("192.0.2.2", keyName)] })] }),
  );
  primary.server.setZone(zoneKey, makeZone(1, ["www A 192.0.2.80", ...lines]));
  const zones = [zoneConfiguration({ kind: "secondary", primaries: [peer("192.0.2.1", keyName)] })];
  secondary.server.reconfigure(configuration({ zones }));
  await clock.advance(1);
  const serial = () => secondary.server.zone(zoneKey)?.soa.serial;
  const areEqual = () =>
    areZonesEqual(
      secondary.server.zone(zoneKey) ?? assert.fail("no zone"),
      primary.server.zone(zoneKey) ?? assert.fail("no zone"),
    );
  const state = () => secondary.server.counters().zones[0] ?? assert.fail("no zone");
  return { clock, servers, primary, secondary, asked, serial, areEqual, state, zones };
}

describe("a secondary zone", () => {
  it("is fetched whole at first, then in steps as soon as its primary tells of them", async () => {
    const { clock, primary, secondary, serial, areEqual, asked } = await setUpPair();
    assert.equal(serial(), 1);
    assert.ok(areEqual());
    assert.equal(rcodeOf(ask(secondary.server, www())), 0);
    asked.length = 0;
    primary.server.applySteps(zoneKey, [
      makeStep(1, [record("h1", "A", "10.0.0.1")], [record("new", "A", "192.0.2.9")]),
    ]);
    await clock.advance(1_001);
    assert.equal(serial(), 2);
    assert.ok(areEqual());
    assert.deepEqual(asked, ["udp 6", "tcp 251"]);
    assert.deepEqual(
      secondary.fetched.map(({ steps }) => steps?.map(({ toSerial }) => toSerial)),
      [undefined, [2]],
    );
    const [told] = primary.server.counters().zones[0]?.notified ?? [];
    assert.deepEqual([told?.address, told?.serial, told?.isAcknowledged], ["192.0.2.2", 2, true]);
  });

  it("is fetched with a key, and not with another", async () => {
    const { serial } = await setUpPair({ keyName: "transfer" });
    assert.equal(serial(), 1);
    const wrong = await setUpPair({ keyName: "transfer" });
    const secret = Buffer.from("wrong").toString("base64");
    wrong.secondary.server.reconfigure(
      configuration({ tsigKeys: [{ name: "transfer", algorithm: "hmac-sha256", secret }], zones: wrong.zones }),
    );
    wrong.primary.server.applySteps(zoneKey, [makeStep(1, [], [record("new", "A", "192.0.2.9")])]);
    await wrong.clock.advance(2 * hour);
    assert.equal(wrong.serial(), 1);
    assert.match(wrong.state().error ?? "", /192\.0\.2\.1: .*signature/);
    assert.ok(wrong.primary.events.some(({ message }) => message === "a secondary does not acknowledge NOTIFY"));
  });

  it("is in turn told of to others, with the steps it got", async () => {
    const { clock, primary, secondary } = await setUpPair();
    const third = setUp({ clock, exchange: exchangeWith({ "192.0.2.2": secondary.server }, "192.0.2.3") });
    third.server.reconfigure(
      configuration({ zones: [zoneConfiguration({ kind: "secondary", primaries: [peer("192.0.2.2")] })] }),
    );
    await clock.advance(6_000);
    assert.equal(third.server.zone(zoneKey), undefined);
    const chained = zoneConfiguration({ kind: "secondary", primaries: [peer("192.0.2.1")], allowTransfer: everybody });
    secondary.server.reconfigure(configuration({ zones: [chained] }));
    await clock.advance(20_000);
    assert.equal(third.server.zone(zoneKey)?.soa.serial, 1);
    primary.server.applySteps(zoneKey, [makeStep(1, [], [record("new", "A", "192.0.2.9")])]);
    await clock.advance(hour + 1);
    assert.equal(third.server.zone(zoneKey)?.soa.serial, 2);
    assert.equal(third.fetched.at(-1)?.steps?.length, 1);
  });

  it("asks again after refresh, after retry when nobody answers, and is not answered after expire until somebody does", async () => {
    const { clock, servers, primary, secondary, serial, state, asked } = await setUpPair();
    asked.length = 0;
    await clock.advance(hour);
    assert.deepEqual(asked, ["udp 6"]);
    const { "192.0.2.1": gone = assert.fail() } = servers;
    delete servers["192.0.2.1"];
    asked.length = 0;
    await clock.advance(2 * hour);
    // Once after an hour, then each ten minutes, by UDP and TCP.
    assert.equal(asked.filter((each) => each === "udp 6").length, 7);
    assert.match(state().error ?? "", /nobody is at 192\.0\.2\.1/);
    await clock.advance(22 * hour - 1_000);
    assert.equal(rcodeOf(ask(secondary.server, www())), 0);
    await clock.advance(hour);
    assert.equal(rcodeOf(ask(secondary.server, www())), resultCodes.SERVFAIL);
    servers["192.0.2.1"] = gone;
    await clock.advance(600_000);
    assert.equal(rcodeOf(ask(secondary.server, www())), 0);
    assert.equal(state().error, null);
    primary.server.applySteps(zoneKey, [makeStep(1, [], [record("new", "A", "192.0.2.9")])]);
    await clock.advance(1_001);
    assert.equal(serial(), 2);
  });

  it("that came from disk holds as long as it did when it was written, and no longer", async () => {
    const { server, clock } = setUp();
    server.reconfigure(
      configuration({ zones: [zoneConfiguration({ kind: "secondary", primaries: [peer("192.0.2.1")] })] }),
    );
    server.setZone(zoneKey, makeZone(1), { expiresAtMs: clock.now() + hour });
    assert.equal(rcodeOf(ask(server, www())), 0);
    await clock.advance(hour + 1);
    assert.equal(rcodeOf(ask(server, www())), resultCodes.SERVFAIL);
    server.noteRefreshed(zoneKey, clock.now() + hour);
    assert.equal(rcodeOf(ask(server, www())), 0);
    const late = setUp();
    late.server.reconfigure(configuration({ zones: [zoneConfiguration({ kind: "secondary" })] }));
    late.server.setZone(zoneKey, makeZone(1), { expiresAtMs: late.clock.now() - 1 });
    assert.equal(rcodeOf(ask(late.server, www())), resultCodes.SERVFAIL);
  });

  it("is not put back to what somebody had before", async () => {
    const { secondary, primary, clock, serial } = await setUpPair();
    primary.server.applySteps(zoneKey, [makeStep(1, [], [record("new", "A", "192.0.2.9")])]);
    await clock.advance(1_001);
    assert.ok(secondary.server.setZone(zoneKey, makeZone(1)));
    assert.equal(serial(), 2);
  });

  it("is fetched by the leader alone; the others pass on what they are told, and take what it fetched", async () => {
    const noted: string[] = [];
    const { secondary, clock, asked } = await setUpPair({
      options: { isLeader: false, onNotify: ({ name }, from) => noted.push(`${name} ${from}`) },
    });
    await clock.advance(2 * hour);
    assert.deepEqual([asked, secondary.fetched], [[], []]);
    assert.equal(rcodeOf(ask(secondary.server, write({ opcode: 4 }), "192.0.2.1")), 0);
    assert.deepEqual(noted.at(-1), "example.org 192.0.2.1");
    assert.ok(secondary.server.setZone(zoneKey, makeZone(1)));
    assert.ok(secondary.server.applySteps(zoneKey, [makeStep(1, [], [record("new", "A", "192.0.2.9")])]));
    assert.equal(rcodeOf(ask(secondary.server, www())), 0);
  });

  it("is let go of with the configuration, whatever is under way", async () => {
    const { secondary, clock, asked } = await setUpPair();
    secondary.server.reconfigure(configuration({ zones: [] }));
    asked.length = 0;
    await clock.advance(48 * hour);
    assert.deepEqual(asked, []);
    assert.equal(rcodeOf(ask(secondary.server, www())), resultCodes.REFUSED);
    secondary.server.close();
  });
});

describe("a NOTIFY that comes in", () => {
  it("is answered, and obeyed at most once a second, however many come", async () => {
    const { secondary, clock, asked } = await setUpPair();
    asked.length = 0;
    for (let index = 0; index < 1_000; index += 1) {
      assert.equal(rcodeOf(ask(secondary.server, write({ opcode: 4, id: index }), "192.0.2.1")), 0);
    }
    await clock.advance(900);
    assert.deepEqual(asked, []);
    await clock.advance(200);
    assert.deepEqual(asked, ["udp 6"]);
    await clock.advance(5_000);
    assert.deepEqual(asked, ["udp 6"]);
  });

  const cases: [what: string, octets: (clock: ManualClock) => Buffer, from: string, rcode: number][] = [
    ["of a stranger", () => write({ opcode: 4 }), "203.0.113.1", resultCodes.REFUSED],
    ["for a zone that is not here", () => write({ opcode: 4, name: "other.test." }), "192.0.2.1", resultCodes.NOTAUTH],
    ["for a name in the zone", () => write({ opcode: 4, name: "www.example.org." }), "192.0.2.1", resultCodes.NOTAUTH],
    ["about another type", () => write({ opcode: 4, type: 1 }), "192.0.2.1", resultCodes.FORMERR],
    [
      "with a wrong key",
      (clock) => sign(write({ opcode: 4 }), clock, { ...key, secret: Buffer.from("no") }).octets,
      "192.0.2.1",
      resultCodes.NOTAUTH,
    ],
  ];
  for (const [what, octets, from, rcode] of cases) {
    it(`${what} is refused, and nobody is asked`, async () => {
      const { secondary, clock, asked } = await setUpPair();
      asked.length = 0;
      assert.equal(rcodeOf(ask(secondary.server, octets(clock), from)), rcode);
      await clock.advance(5_000);
      assert.deepEqual(asked, []);
    });
  }

  it("for a primary zone is refused", async () => {
    const { primary } = await setUpPair();
    assert.equal(rcodeOf(ask(primary.server, write({ opcode: 4 }), "192.0.2.2")), resultCodes.REFUSED);
  });
});

describe("a NOTIFY that goes out", () => {
  it("is sent again until it is answered, later and later, and given up at last", async () => {
    const clock = new ManualClock();
    const sentAtMs: number[] = [];
    const startMs = clock.now();
    const { server, events } = setUp({
      clock,
      exchange: {
        datagram: (_peer, _octets, signal) => {
          sentAtMs.push(clock.now() - startMs);
          return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        },
        stream: () => assert.fail("nothing is asked by TCP"),
      },
    });
    server.reconfigure(configuration({ zones: [zoneConfiguration({ notify: [peer("192.0.2.2")] })] }));
    server.setZone(zoneKey, makeZone(1));
    await clock.advance(hour);
    assert.deepEqual(sentAtMs, [0, 5_000, 20_000, 50_000, 110_000]);
    assert.deepEqual(
      events.map(({ message }) => message),
      ["a secondary does not acknowledge NOTIFY"],
    );
    // The same serial is told once, a newer one again, and one that is not the newest any more not at all.
    server.reconfigure(configuration({ zones: [zoneConfiguration({ notify: [peer("192.0.2.2")] })] }));
    await clock.advance(1_000);
    assert.equal(sentAtMs.length, 5);
    server.applySteps(zoneKey, [makeStep(1, [], [])]);
    server.applySteps(zoneKey, [makeStep(2, [], [])]);
    await clock.advance(1_000);
    assert.equal(sentAtMs.length, 6);
    server.close();
    await clock.advance(hour);
    assert.equal(sentAtMs.length, 6);
  });
});

describe("a primary that means no good", () => {
  type Answer = (octets: Buffer, type: number) => AsyncIterable<Buffer> | Iterable<Buffer>;
  async function withPrimary(answer: Answer) {
    const clock = new ManualClock();
    const exchange: PeerExchange = {
      datagram: () => Promise.reject(new Error("not by UDP")),
      async *stream(_peer, octets, signal) {
        const stopped = new Promise<never>((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason)),
        );
        stopped.catch(() => {});
        const found = answer(octets, readMessage(octets).questions[0]?.type ?? 0);
        const messages = Symbol.asyncIterator in found ? found[Symbol.asyncIterator]() : found[Symbol.iterator]();
        for (;;) {
          const next = await Promise.race([Promise.resolve(messages.next()), stopped]);
          if (next.done === true) return;
          yield next.value;
        }
      },
    };
    const set = setUp({ clock, exchange });
    const zones = [zoneConfiguration({ kind: "secondary", primaries: [peer("192.0.2.1")] })];
    set.server.reconfigure(configuration({ zones }));
    return { ...set, clock, error: () => set.server.counters().zones[0]?.error ?? "" };
  }
  const reply = (octets: Buffer, flags: number) => {
    const message = Buffer.from(octets);
    message.writeUInt16BE(flags, 2);
    return message;
  };

  const cases: [what: string, answer: Answer, error: RegExp][] = [
    ["sends garbage", () => [Buffer.alloc(500, 0xff)], /points forward/],
    ["sends half a message", (octets) => [octets.subarray(0, 15)], /early|octets/],
    ["says nothing and hangs up", () => [], /closed the connection/],
    ["answers with an error", (octets) => [reply(octets, 0x8005)], /result code 5/],
    ["answers something else", (octets) => [Buffer.concat([Buffer.of(9, 9), octets.subarray(2)])], /does not answer/],
    ["sends no records", (octets) => [reply(octets, 0x8400)], /no records/],
  ];
  for (const [what, answer, error] of cases) {
    it(`${what} is not believed, and asked again later`, async () => {
      const primary = await withPrimary(answer);
      await primary.clock.advance(1);
      assert.match(primary.error(), error);
      assert.equal(primary.server.zone(zoneKey), undefined);
      assert.ok(primary.events.every(({ level }) => level !== "error"));
    });
  }

  it("says nothing for ever is given up after a while, and one whose stream never ends, too", async () => {
    const silent = await withPrimary(() => ({
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
    }));
    await silent.clock.advance(20_000);
    assert.match(silent.error(), /stopped in the middle/);

    const source = setUp();
    const allowTransfer = everybody;
    source.server.reconfigure(configuration({ zones: [zoneConfiguration({ allowTransfer })] }));
    source.server.setZone(zoneKey, makeZone(1));
    let sent = 0;
    const endless = await withPrimary((octets) => {
      let sentHere = 0;
      const next = async () => {
        sent += 1;
        sentHere += 1;
        await new Promise<void>((resolve) => void endless.clock.after(9_000, resolve));
        return { done: false, value: withoutEnd(await firstMessage(source.server, octets), sentHere === 1) };
      };
      return { [Symbol.asyncIterator]: () => ({ next }) };
    });
    await endless.clock.advance(hour - 1);
    assert.equal(endless.error(), "there are no records of it yet");
    await endless.clock.advance(2);
    assert.match(endless.error(), /in time/);
    assert.ok(sent >= 399 && sent <= 401, String(sent));
  });

  async function firstMessage(server: NameServer, octets: Buffer): Promise<Buffer> {
    const answer = await server.handleStream(octets, { address: "192.0.2.9", transport: "tcp" });
    assert.ok(answer !== undefined && !Buffer.isBuffer(answer) && Symbol.iterator in answer);
    const [first = assert.fail("nothing")] = answer;
    return first;
  }

  /** A transfer's message without its last SOA record; what comes after the first is without the first one, too. */
  function withoutEnd(octets: Buffer, isFirst: boolean): Buffer {
    const { answer } = readMessage(octets);
    const kept = isFirst ? answer.slice(0, -1) : answer.slice(1, -1);
    const writer = new MessageWriter(Buffer.alloc(5_000));
    writer.setHeader(octets.readUInt16BE(0), 0x8400);
    for (const { name, type, ttl, rdata } of kept) writer.addRecord("answer", { owner: name, type, ttl }, rdata);
    return Buffer.from(writer.finish());
  }

  it("sends an older zone, a zone without name servers, or steps that do not fit is not believed", async () => {
    const { primary, secondary, clock, serial, state, servers, areEqual } = await setUpPair();
    const forged = setUp({ clock });
    forged.server.reconfigure(configuration({ zones: [zoneConfiguration({ allowTransfer: everybody })] }));
    // Its steps are of another zone: the whole is fetched instead.
    forged.server.setZone(
      zoneKey,
      makeZone(1, ["other A 192.0.2.5", ...Array.from({ length: 20 }, (_, index) => `x${index} A 10.0.0.1`)]),
    );
    forged.server.applySteps(zoneKey, [
      makeStep(1, [record("other", "A", "192.0.2.5")], [record("new", "A", "192.0.2.9")]),
    ]);
    servers["192.0.2.1"] = forged.server;
    await clock.advance(hour);
    assert.equal(serial(), 2);
    assert.equal(secondary.fetched.at(-1)?.steps, undefined);
    // A serial that went back is not followed.
    servers["192.0.2.1"] = primary.server;
    await clock.advance(hour);
    assert.equal(serial(), 2);
    assert.equal(state().error, null);
    const bare = makeZone(9);
    bare.change({ removed: [record("example.org.", "NS", "ns1")], added: [] });
    primary.server.setZone(zoneKey, bare);
    await clock.advance(hour + 1_000);
    assert.equal(serial(), 2);
    assert.match(state().error ?? "", /has no NS records/);
    primary.server.setZone(zoneKey, makeZone(10));
    await clock.advance(hour);
    assert.ok(areEqual());
  });
});

describe("many secondary zones", () => {
  it("are fetched a few at a time", async () => {
    let underWay = 0;
    let most = 0;
    const clock = new ManualClock();
    const { server } = setUp({
      clock,
      exchange: {
        datagram: () => assert.fail("there is nothing to compare with"),
        stream: async function* () {
          underWay += 1;
          most = Math.max(most, underWay);
          await new Promise<void>((resolve) => void clock.after(100, resolve));
          underWay -= 1;
          throw new Error("no");
        },
      },
    });
    const zones = Array.from({ length: 100 }, (_, index) =>
      zoneConfiguration({ name: `z${index}.test`, kind: "secondary", primaries: [peer("192.0.2.1")] }),
    );
    server.reconfigure(configuration({ zones }));
    await clock.advance(1_100);
    assert.equal(most, 10);
    assert.ok(server.counters().zones.every(({ error }) => error === "192.0.2.1: no"));
  });
});
