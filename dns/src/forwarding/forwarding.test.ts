import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { classes, flagBits, type Message, MessageWriter, readMessage, resultCodes } from "../message/index.ts";
import { type DomainName, lowerName, parseName } from "../name/index.ts";
import { parseRecordText, recordTypes } from "../record/index.ts";
import { defaultStreamLimits, listenStream, listenUdp, type MessageArrival } from "../server/index.ts";
import { askResolver, type Resolver } from "./ask-resolver.ts";
import { type AskResolver, Forwarder } from "./forwarder.ts";

const arrival: MessageArrival = { address: "192.0.2.9", transport: "udp" };
const resolver = (port: number, isTls = false): Resolver => ({ address: "127.0.0.1", port, isTls, serverName: null });

interface Asked {
  readonly name?: string;
  readonly type?: number;
  readonly flags?: number;
  readonly edns?: number;
  readonly id?: number;
}

function query({ name = "wWw.example.net.", type = 1, flags = flagBits.RD, edns, id = 7 }: Asked = {}): Buffer {
  const writer = new MessageWriter(Buffer.alloc(512));
  writer.setHeader(id, flags);
  writer.addQuestion({ name: parseName(name), type, class: classes.IN });
  if (edns !== undefined) writer.addEdns(edns, 0, false, []);
  return Buffer.from(writer.finish());
}

interface Answered {
  readonly ttl?: number;
  readonly rcode?: number;
  readonly flags?: number;
  readonly count?: number;
  /** TTL and minimum of a SOA record in the authority section. */
  readonly soa?: readonly [number, number];
}

/** A resolver's answer to a question as it was asked. */
function reply(octets: Buffer, { ttl = 300, rcode = 0, flags = 0, count = 1, soa }: Answered = {}): Buffer {
  const { header, questions } = readMessage(octets);
  const [question = assert.fail("no question")] = questions;
  const writer = new MessageWriter(Buffer.alloc(65_535));
  writer.setHeader(header.id, flagBits.QR | flagBits.RA | flags | rcode);
  writer.addQuestion(question);
  for (let index = 0; index < count; index += 1)
    writer.addRecord(
      "answer",
      { owner: question.name, type: 1, ttl },
      `\xc0\0${String.fromCharCode(index >> 8, index & 255)}`,
    );
  if (soa !== undefined) {
    const rdata = parseRecordText(recordTypes.SOA, `ns. host. 1 2 3 4 ${soa[1]}`);
    writer.addRecord("authority", { owner: parseName("net."), type: recordTypes.SOA, ttl: soa[0] }, rdata);
  }
  return Buffer.from(writer.finish());
}

const ask = (octets: Buffer, answered?: Answered): Message => readMessage(reply(octets, answered));

function setUp(answer: (asked: Buffer, resolver: Resolver) => Message | Promise<Message>, cachedAnswers = 100) {
  let now = 1_000_000;
  let asked = 0;
  const timers = new Set<() => void>();
  const asks: AskResolver = async (to, { name, type }, _random, signal) => {
    asked += 1;
    return await Promise.race([
      answer(writeQuestion(name, type), to),
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    ]);
  };
  const forwarder = new Forwarder({
    clock: {
      now: () => now,
      after: (_delay, callback) => {
        timers.add(callback);
        return () => timers.delete(callback);
      },
    },
    random: Math.random,
    ask: asks,
  });
  forwarder.configure({
    clients: [{ prefixes: ["0.0.0.0/0"], key: null }],
    resolvers: [resolver(1), resolver(2)],
    cachedAnswers,
  });
  return {
    forwarder,
    forward: async (octets: Buffer) =>
      readMessage((await forwarder.forward(octets, arrival)) ?? assert.fail("no answer")),
    asked: () => asked,
    pass: (seconds: number) => {
      now += seconds * 1_000;
    },
    timeOut: () => {
      for (const callback of [...timers]) callback();
    },
  };
}

function writeQuestion(name: DomainName, type: number): Buffer {
  const writer = new MessageWriter(Buffer.alloc(512));
  writer.setHeader(1, flagBits.RD);
  writer.addQuestion({ name, type, class: classes.IN });
  return Buffer.from(writer.finish());
}

const rcodeOf = ({ header }: Message) => header.flags & 15;

describe("Forwarder", () => {
  it("answers in the client's letters and with its id, and from what it keeps with what is left of the TTL", async () => {
    const { forward, asked, pass } = setUp((octets) => ask(octets));
    const first = await forward(query());
    assert.deepEqual(
      [first.header.id, first.answer[0]?.ttl, first.questions[0]?.name],
      [7, 300, parseName("wWw.example.net.")],
    );
    assert.ok((first.header.flags & flagBits.RA) !== 0 && (first.header.flags & flagBits.AA) === 0);
    pass(100);
    const second = await forward(query({ name: "www.EXAMPLE.net.", id: 9, edns: 1232 }));
    assert.deepEqual([second.header.id, second.answer[0]?.ttl, second.edns !== undefined, asked()], [9, 200, true, 1]);
    pass(201);
    await forward(query());
    assert.equal(asked(), 2);
  });

  it("keeps what is not there for as long as the SOA record says, and not at all without one (RFC 2308)", async () => {
    let soa: readonly [number, number] | undefined = [60, 900];
    const { forward, asked, pass } = setUp((octets) =>
      ask(octets, { rcode: resultCodes.NXDOMAIN, count: 0, ...(soa === undefined ? {} : { soa }) }),
    );
    assert.equal(rcodeOf(await forward(query())), resultCodes.NXDOMAIN);
    pass(59);
    assert.equal((await forward(query())).authority[0]?.ttl, 1);
    assert.equal(asked(), 1);
    pass(2);
    soa = undefined;
    await forward(query());
    await forward(query());
    assert.equal(asked(), 3);
  });

  it("has each question under way once, whoever asks it", async () => {
    const waiting: (() => void)[] = [];
    const { forward, asked } = setUp(async (octets) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return ask(octets);
    });
    const answers = [forward(query()), forward(query({ name: "WWW.example.net.", id: 8 }))];
    for (const go of waiting) go();
    assert.deepEqual(
      (await Promise.all(answers)).map(({ header }) => header.id),
      [7, 8],
    );
    assert.equal(asked(), 1);
  });

  it("asks the next resolver when one is silent or refuses, and the silent one last for a while", async () => {
    const order: number[] = [];
    const { forward, timeOut } = setUp((octets, { port }) => {
      order.push(port);
      return port === 1 ? new Promise<Message>(() => undefined) : ask(octets);
    });
    const answer = forward(query());
    timeOut();
    assert.equal((await answer).answer.length, 1);
    await forward(query({ name: "other.example.net." }));
    assert.deepEqual(order, [1, 2, 2]);
  });

  it("tells what has expired for a while when no resolver answers, and else that it failed", async () => {
    let isAway = false;
    const { forward, pass, forwarder } = setUp((octets) => {
      if (isAway) throw new Error("unreachable");
      return ask(octets);
    });
    await forward(query());
    isAway = true;
    pass(3_600);
    const stale = await forward(query());
    assert.deepEqual([rcodeOf(stale), stale.answer[0]?.ttl], [0, 30]);
    pass(2 * 86_400);
    assert.equal(rcodeOf(await forward(query())), resultCodes.SERVFAIL);
    assert.deepEqual(forwarder.counters(), { cached: 0, asked: 3, stale: 1, failed: 1, refused: 0 });
  });

  it("keeps so many answers and no more, and cuts short what does not fit", async () => {
    const { forward, asked } = setUp((octets) => ask(octets, { count: 100 }), 2);
    for (const name of ["a.", "b.", "c."]) await forward(query({ name }));
    await forward(query({ name: "c." }));
    assert.equal(asked(), 3);
    const cut = await forward(query({ name: "a." }));
    assert.equal(asked(), 4);
    assert.ok((cut.header.flags & flagBits.TC) !== 0);
    assert.equal(rcodeOf(await forward(query({ flags: 0 }))), resultCodes.REFUSED);
  });
});

describe("askResolver", () => {
  const question = { name: parseName("www.example.net."), type: 1, wantsDnssec: false, isCheckingDisabled: false };
  const common = {
    address: "127.0.0.1",
    isShared: false,
    onLost: () => undefined,
    onFault: (error: unknown) => assert.fail(String(error)),
  };

  /** A resolver by UDP and TCP on one port. */
  async function listen(t: TestContext, answer: (octets: Buffer, isStream: boolean) => Buffer | undefined) {
    const udp = await listenUdp({ ...common, port: 0, answer: (octets) => answer(octets, false) });
    t.after(() => udp.close());
    const limits = defaultStreamLimits;
    const tcp = await listenStream({
      ...common,
      port: udp.port,
      tls: null,
      limits,
      answer: (octets) => answer(octets, true),
    });
    t.after(() => tcp.close());
    return resolver(udp.port);
  }

  it("asks by TCP for what was cut short", async (t) => {
    const to = await listen(t, (octets, isStream) =>
      reply(octets, isStream ? { count: 200 } : { count: 0, flags: flagBits.TC }),
    );
    const answer = await askResolver(to, question, Math.random, AbortSignal.timeout(5_000));
    assert.equal(answer.answer.length, 200);
  });

  it("believes no answer whose letters or id are not those that were sent", async (t) => {
    const names: DomainName[] = [];
    let turn = 0;
    // Never the same letters twice in a row.
    const dice = () => (turn++ % 4 === 0 ? 0.9 : 0.1);
    const to = await listen(t, (octets) => {
      names.push(readMessage(octets).questions[0]?.name ?? assert.fail("no question"));
      const answer = reply(octets);
      if (names.length === 1) answer.writeUInt16BE(answer.readUInt16BE(0) ^ 1, 0);
      // One letter in another case.
      else answer[13] = (answer[13] ?? 0) ^ 0x20;
      return answer;
    });
    for (let time = 0; time < 2; time += 1)
      await assert.rejects(askResolver(to, question, dice, AbortSignal.timeout(100)), /timeout/i);
    assert.deepEqual(names.map(lowerName), [question.name, question.name]);
    assert.equal(new Set(names).size, 2);
  });
});
