import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { classes, flagBits, type Message, MessageWriter, readMessage, resultCodes } from "../message/index.ts";
import { type DomainName, formatName, lowerName, parseName } from "../name/index.ts";
import { defaultRateLimits, RateLimiter } from "../rate-limit/index.ts";
import { formatRecordData, formatRecordType, recordTypes } from "../record/index.ts";
import { writeSoa, Zone } from "../zone/index.ts";
import { parseZoneFile } from "../zone-file/index.ts";
import { respond } from "./respond.ts";
import { Responder } from "./responder.ts";

const apex = parseName("example.org.");
const zone = () =>
  new Zone(
    apex,
    parseZoneFile(
      `$TTL 60
@ SOA ns1 host 1 1 2 3 4
@ NS ns1
ns1 A 192.0.2.1
www CNAME web
web A 192.0.2.2
web A 192.0.2.3
web A 192.0.2.4
web AAAA 2001:db8::1
*.wild TXT "w"
sub NS ns.sub
ns.sub A 192.0.2.53
mail MX 10 web
a.ent A 192.0.2.9
${Array.from({ length: 60 }, (_, index) => `many A 198.51.100.${index}`).join("\n")}
${Array.from({ length: 20 }, (_, index) => `text TXT "${index} ${"x".repeat(100)}"`).join("\n")}
`,
      { origin: apex, onFault: ({ message }) => assert.fail(message) },
    ),
  );

interface Asked {
  readonly name: string;
  readonly type?: number;
  readonly class?: number;
  readonly flags?: number;
  readonly edns?: { readonly size: number; readonly options?: readonly { code: number; data: Buffer }[] };
}

function query({ name, type = recordTypes.A, class: questionClass = classes.IN, flags = 0, edns }: Asked): Buffer {
  const writer = new MessageWriter(Buffer.alloc(1_000));
  writer.setHeader(4711, flags);
  writer.addQuestion({ name: parseName(name), type, class: questionClass });
  if (edns !== undefined) writer.addEdns(edns.size, 0, false, edns.options ?? []);
  return Buffer.from(writer.finish());
}

function setUp(limits = defaultRateLimits) {
  const served = zone();
  const zones = { version: 1, get: (name: DomainName) => (name === served.apex ? served : undefined) };
  const responder = new Responder({
    zones,
    nsid: Buffer.from("ns1"),
    cookieSecrets: [Buffer.alloc(16, 7)],
    rateLimiter: new RateLimiter(limits, 1, 0),
    cachedAnswers: 100,
  });
  const arrival = { address: Uint8Array.of(192, 0, 2, 77), isStream: false, nowMs: 1_000_000 };
  const ask = (asked: Asked | Buffer, isStream = false) =>
    responder.respond(Buffer.isBuffer(asked) ? asked : query(asked), { ...arrival, isStream });
  return { served, zones, ask };
}

/** What a message says, whatever way its names are compressed and its lists are turned. */
function meaning(octets: Buffer | undefined): unknown {
  if (octets === undefined) return undefined;
  const message = readMessage(octets);
  const records = (section: Message["answer"]) =>
    section
      .map(
        ({ name, type, ttl, rdata }) =>
          `${formatName(lowerName(name))} ${ttl} ${formatRecordType(type)} ${formatRecordData(type, rdata).toLowerCase()}`,
      )
      .toSorted();
  const { header, questions, answer, authority, additional, edns } = message;
  const options = edns?.options.map(({ code, data }) => `${code} ${data.toString("hex")}`);
  return {
    id: header.id,
    flags: header.flags,
    questions,
    answer: records(answer),
    authority: records(authority),
    additional: records(additional),
    edns: edns && { ...edns, options },
  };
}

const names = [
  "example.org.",
  "www.example.org.",
  "WEB.Example.ORG.",
  "web.example.org.",
  "nope.example.org.",
  "x.wild.example.org.",
];
const moreNames = [
  "a.sub.example.org.",
  "sub.example.org.",
  "ent.example.org.",
  "many.example.org.",
  "text.example.org.",
  "mail.example.org.",
  "other.test.",
  ".",
];
const anyAsked = fc.record({
  name: fc.constantFrom(...names, ...moreNames),
  type: fc.constantFrom(...Object.values(recordTypes), 65_280),
  class: fc.constantFrom(classes.IN, classes.IN, classes.IN, classes.CH, classes.ANY),
  flags: fc.constantFrom(0, flagBits.RD, flagBits.CD, flagBits.AD | flagBits.RD),
  edns: fc.option(
    fc.record({
      size: fc.constantFrom(0, 512, 700, 1_232, 4_096, 65_535),
      options: fc.array(
        fc.record({
          code: fc.constantFrom(3, 8, 12, 65_001),
          data: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
        }),
        { maxLength: 3 },
      ),
    }),
    { nil: undefined },
  ),
});

describe("Responder", () => {
  it("says the short way what the long way says", () => {
    const { zones, ask } = setUp();
    fc.assert(
      fc.property(anyAsked, fc.boolean(), ({ edns, ...asked }, isStream) => {
        const octets = query({ ...asked, ...(edns === undefined ? {} : { edns }) });
        const long = respond(octets, { zones, nsid: Buffer.from("ns1") }, { isStream, rotation: 0 });
        assert.deepEqual(meaning(ask(octets, isStream)), meaning(long));
      }),
      { numRuns: 2_000 },
    );
  });

  it("says the same of all names that do not exist, of any length, below names that the SOA record has, and after the zone changed", () => {
    const { zones, served, ask } = setUp();
    const soa = { name: apex, type: recordTypes.SOA, ttl: 60, rdata: served.soaRrset.rdatas[0] ?? "" };
    const check = () => {
      for (const prefix of [
        "x",
        "yy",
        "zz",
        "x.ns1",
        "a.host",
        "b.host",
        ...Array.from({ length: 12 }, (_, index) => `${"l".repeat(62 + (index % 2))}.${"m".repeat(index + 50)}.q`),
      ]) {
        const octets = query({ name: `${prefix}.example.org.` });
        const long = respond(octets, { zones, nsid: null }, { isStream: false, rotation: 0 });
        assert.deepEqual(meaning(ask(octets)), meaning(long), prefix);
      }
    };
    check();
    check();
    const rdata = writeSoa({ ...served.soa, serial: 9, minimum: 2 });
    served.change({ removed: [soa], added: [{ ...soa, rdata }] });
    check();
  });

  it("returns the question in the letters it was asked with", () => {
    const { ask } = setUp();
    const first = ask({ name: "wWw.eXample.ORG." });
    const second = ask({ name: "www.EXAMPLE.org." });
    assert.equal(readMessage(first ?? Buffer.alloc(0)).questions[0]?.name, parseName("wWw.eXample.ORG."));
    assert.equal(readMessage(second ?? Buffer.alloc(0)).questions[0]?.name, parseName("www.EXAMPLE.org."));
  });

  it("turns lists, so that each record comes first in its turn", () => {
    const { ask } = setUp();
    const firsts = new Set<string>();
    for (let time = 0; time < 6; time += 1) {
      firsts.add(readMessage(ask({ name: "web.example.org." }) ?? Buffer.alloc(0)).answer[0]?.rdata ?? "");
    }
    assert.equal(firsts.size, 3);
  });

  it("answers from a zone as it is, also right after it changed", () => {
    const { served, ask } = setUp();
    const soa = { name: apex, type: recordTypes.SOA, ttl: 60, rdata: served.soaRrset.rdatas[0] ?? "" };
    const count = () => readMessage(ask({ name: "new.example.org." }) ?? Buffer.alloc(0)).answer.length;
    assert.equal(count(), 0);
    served.change({
      removed: [soa],
      added: [soa, { name: parseName("new", apex), type: 1, ttl: 60, rdata: "\x01\x02\x03\x04" }],
    });
    assert.equal(count(), 1);
    served.change({
      removed: [soa, { name: parseName("new", apex), type: 1, ttl: 60, rdata: "\x01\x02\x03\x04" }],
      added: [soa],
    });
    assert.equal(count(), 0);
  });

  it("never sends more by UDP than the client and 1232 octets allow, and says when it is cut short, its OPT record kept", () => {
    const { ask } = setUp();
    for (const [size, limit] of [
      [undefined, 512],
      [100, 512],
      [700, 700],
      [65_535, 1_232],
    ] as const) {
      const answer = ask({
        name: "text.example.org.",
        type: recordTypes.TXT,
        ...(size === undefined ? {} : { edns: { size } }),
      });
      assert.ok(answer !== undefined && answer.length <= limit, `${size}: ${answer?.length}`);
      const message = readMessage(answer);
      assert.ok((message.header.flags & flagBits.TC) !== 0);
      assert.equal(message.edns !== undefined, size !== undefined);
      assert.equal(message.answer.length, 0);
    }
    const whole = ask({ name: "text.example.org.", type: recordTypes.TXT }, true);
    assert.equal(readMessage(whole ?? Buffer.alloc(0)).answer.length, 20);
  });

  it("gives a cookie to who brings one, and does not limit who returns it", () => {
    const { ask } = setUp({ ...defaultRateLimits, responsesPerSecond: 1, slip: 0 });
    const asked = (data: Buffer) => ({
      name: "web.example.org.",
      edns: { size: 1_232, options: [{ code: 10, data }] },
    });
    const first = readMessage(ask(asked(Buffer.from("client!!"))) ?? assert.fail("no answer"));
    const cookie = first.edns?.options.find(({ code }) => code === 10)?.data ?? assert.fail("no cookie");
    assert.equal(cookie.length, 24);
    assert.equal(ask({ name: "web.example.org." }), undefined);
    assert.ok(ask(asked(cookie)) !== undefined);
    const malformed = readMessage(ask(asked(Buffer.from("short"))) ?? assert.fail("no answer"));
    assert.equal(malformed.header.flags & 15, resultCodes.FORMERR);
  });

  it("gives a cookie to who asks for nothing else", () => {
    const { ask } = setUp();
    const bare = (data: Buffer) => {
      const writer = new MessageWriter(Buffer.alloc(100));
      writer.setHeader(4711, 0);
      writer.addEdns(1_232, 0, false, [{ code: 10, data }]);
      return readMessage(ask(Buffer.from(writer.finish())) ?? assert.fail("no answer"));
    };
    const { header, edns } = bare(Buffer.from("client!!"));
    assert.equal(header.flags & 15, resultCodes.NOERROR);
    assert.equal(edns?.options.find(({ code }) => code === 10)?.data.length, 24);
    assert.equal(bare(Buffer.from("short")).header.flags & 15, resultCodes.FORMERR);
  });

  it("has a code for what it does not do, and no answer for answers", () => {
    const { ask } = setUp();
    const rcode = (octets: Buffer | undefined) => (octets === undefined ? undefined : octets.readUInt16BE(2) & 15);
    assert.equal(rcode(ask({ name: "example.org.", flags: 2 << 11 })), resultCodes.NOTIMP);
    assert.equal(rcode(ask({ name: "other.test." })), resultCodes.REFUSED);
    assert.equal(rcode(ask({ name: "version.bind.", class: classes.CH, type: recordTypes.TXT })), resultCodes.REFUSED);
    assert.equal(rcode(ask({ name: "example.org.", type: recordTypes.AXFR })), resultCodes.FORMERR);
    assert.equal(rcode(ask({ name: "example.org.", type: recordTypes.AXFR }, true)), resultCodes.REFUSED);
    assert.equal(ask({ name: "example.org.", flags: flagBits.QR }), undefined);
    assert.equal(ask(Buffer.alloc(11)), undefined);
    const two = query({ name: "example.org." });
    two.writeUInt16BE(2, 4);
    assert.equal(rcode(ask(two)), resultCodes.FORMERR);
    assert.equal(rcode(ask(Buffer.concat([query({ name: "example.org." }), Buffer.from("!")]))), resultCodes.FORMERR);
    const old = query({ name: "example.org.", edns: { size: 1_232 } });
    old[old.length - 5] = 1;
    const badVersion = readMessage(ask(old) ?? assert.fail("no answer"));
    assert.equal(badVersion.edns?.version, 0);
  });

  it("survives whatever comes, and never answers with what cannot be read", () => {
    const { ask } = setUp();
    const base = query({
      name: "www.example.org.",
      edns: { size: 1_232, options: [{ code: 10, data: Buffer.alloc(8) }] },
    });
    const mutated = fc
      .tuple(fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(base.length))
      .map(([changes, cut]) => {
        const octets = Buffer.from(base);
        for (const [at, value] of changes) octets[at] = value;
        return octets.subarray(0, cut < 12 ? base.length : cut);
      });
    const random = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, random), fc.boolean(), (octets, isStream) => {
        const answer = ask(octets, isStream);
        if (answer === undefined) return;
        readMessage(answer);
        assert.equal(answer.readUInt16BE(0), octets.readUInt16BE(0));
        assert.ok((answer.readUInt16BE(2) & flagBits.QR) !== 0);
      }),
      { numRuns: 5_000 },
    );
  });

  it("reads a message of compression pointers in time", () => {
    const { ask } = setUp();
    // Each name points at the one before, which is one octet and a pointer: 65,535 octets of them.
    const octets = Buffer.alloc(65_535);
    octets.writeUInt16BE(0, 2);
    octets.writeUInt16BE(1, 4);
    octets.writeUInt16BE(5_000, 6);
    let at = 17;
    while (at + 13 < octets.length) {
      octets.writeUInt16BE(0xc000 | Math.min(at - 12, 0x3fff), at);
      at += 12;
    }
    const start = performance.now();
    ask(octets, true);
    assert.ok(performance.now() - start < 500);
  });
});
