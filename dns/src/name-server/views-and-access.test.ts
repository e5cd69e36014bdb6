import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { classes, flagBits, readMessage, resultCodes } from "../message/index.ts";
import { parseName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import { signMessage, verifyTsig } from "../tsig/index.ts";
import {
  ask,
  configuration,
  key,
  makeZone,
  rcodeOf,
  send,
  setUp,
  show,
  sign,
  write,
  zoneConfiguration,
  zoneKey,
} from "./testing/set-up.ts";

const www = (name = "www.example.org.") => write({ name, type: recordTypes.A });
const everywhere = ["0.0.0.0/0", "::/0"];

describe("views", () => {
  const views = [
    { name: "inside", clients: [{ prefixes: ["10.0.0.0/8"], key: null }] },
    { name: "keyed", clients: [{ prefixes: everywhere, key: "transfer" }] },
  ];
  function withViews() {
    const set = setUp();
    const zones = ["inside", "keyed", null].map((view) => zoneConfiguration({ view }));
    set.server.reconfigure(configuration({ views, zones: [...zones, zoneConfiguration({ name: "shared.test" })] }));
    set.server.setZone({ view: "inside", name: "example.org." }, makeZone(1, ["www A 10.0.0.80"]));
    set.server.setZone({ view: "keyed", name: "example.org" }, makeZone(2, ["www A 192.0.2.99"]));
    set.server.setZone(zoneKey, makeZone(3));
    set.server.setZone(
      { view: null, name: "shared.test" },
      makeZone(1, ["www A 192.0.2.2"], parseName("shared.test.")),
    );
    return set;
  }

  it("give each client its own zones, and those that all have in common", () => {
    const { server } = withViews();
    assert.deepEqual(show(ask(server, www(), "10.1.2.3").answer), ["A 10.0.0.80"]);
    assert.deepEqual(show(ask(server, www(), "::ffff:10.1.2.3").answer), ["A 10.0.0.80"]);
    assert.deepEqual(show(ask(server, www(), "198.51.100.1").answer), ["A 192.0.2.80"]);
    assert.deepEqual(show(ask(server, www("www.shared.test."), "10.1.2.3").answer), ["A 192.0.2.2"]);
  });

  it("are chosen by key where the message is signed", () => {
    const { server, clock } = withViews();
    assert.deepEqual(show(ask(server, sign(www(), clock).octets, "198.51.100.1").answer), ["A 192.0.2.99"]);
    assert.deepEqual(show(ask(server, sign(www(), clock).octets, "10.1.2.3").answer), ["A 10.0.0.80"]);
  });

  it("change with the configuration, for clients that were seen before too", () => {
    const { server } = withViews();
    assert.deepEqual(show(ask(server, www(), "10.1.2.3").answer), ["A 10.0.0.80"]);
    server.reconfigure(configuration());
    assert.deepEqual(show(ask(server, www(), "10.1.2.3").answer), ["A 192.0.2.80"]);
  });
});

describe("who may ask", () => {
  const inside = [{ prefixes: ["10.0.0.0/8"], key: null }];

  it("is what the zone says, else the server, by every way of asking", () => {
    const { server, clock } = setUp();
    const zones = [
      zoneConfiguration(),
      zoneConfiguration({ name: "open.test", allowQuery: [{ prefixes: everywhere, key: null }] }),
    ];
    server.reconfigure(configuration({ allowQuery: [...inside, { prefixes: everywhere, key: "transfer" }], zones }));
    server.setZone(zoneKey, makeZone(1));
    server.setZone({ view: null, name: "open.test" }, makeZone(1, ["www A 192.0.2.2"], parseName("open.test.")));
    const refused = ask(server, www());
    assert.deepEqual(
      [rcodeOf(refused), refused.answer.length, refused.header.flags & flagBits.AA],
      [resultCodes.REFUSED, 0, 0],
    );
    assert.equal(rcodeOf(ask(server, www("nope.example.org."))), resultCodes.REFUSED);
    assert.equal(rcodeOf(ask(server, www(), "10.0.0.1")), 0);
    assert.equal(rcodeOf(ask(server, www())), resultCodes.REFUSED);
    assert.equal(rcodeOf(ask(server, www("www.open.test."))), 0);
    assert.equal(rcodeOf(ask(server, sign(www(), clock).octets)), 0);
    // The long way: a record in the authority section makes it no ordinary query.
    const authority = { name: parseName("x."), type: recordTypes.A, ttl: 0, rdata: "\x01\x02\x03\x04" };
    assert.equal(
      rcodeOf(ask(server, write({ name: "www.example.org.", type: recordTypes.A, authority }))),
      resultCodes.REFUSED,
    );
  });

  it("is not told by the way what is in zones for others", () => {
    const { server } = setUp();
    const hidden = zoneConfiguration({ name: "hidden.test", allowQuery: inside });
    server.reconfigure(configuration({ zones: [zoneConfiguration(), hidden] }));
    server.setZone(zoneKey, makeZone(1, ["@ MX 10 mail.hidden.test.", "@ MX 20 www", "www A 192.0.2.80"]));
    server.setZone({ view: null, name: "hidden.test" }, makeZone(1, ["mail A 10.0.0.25"], parseName("hidden.test.")));
    const { additional } = ask(server, write({ type: recordTypes.MX }));
    assert.deepEqual(show(additional), ["A 192.0.2.80"]);
  });
});

describe("zones without records", () => {
  it("are answered with SERVFAIL, not by the zone above, until they have some", () => {
    const { server } = setUp();
    server.reconfigure(configuration({ zones: [zoneConfiguration(), zoneConfiguration({ name: "sub.example.org" })] }));
    server.setZone(
      zoneKey,
      makeZone(1, ["sub NS ns1", "sub DS 1 8 2 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"]),
    );
    const sub = { view: null, name: "sub.example.org" };
    assert.equal(rcodeOf(ask(server, www("www.sub.example.org."))), resultCodes.SERVFAIL);
    assert.equal(ask(server, write({ name: "sub.example.org.", type: recordTypes.DS })).answer.length, 1);
    server.setZone(sub, makeZone(1, ["www A 192.0.2.3"], parseName("sub.example.org.")));
    assert.deepEqual(show(ask(server, www("www.sub.example.org.")).answer), ["A 192.0.2.3"]);
    server.dropZone(sub);
    assert.equal(rcodeOf(ask(server, www("www.sub.example.org."))), resultCodes.SERVFAIL);
    assert.equal(server.setZone({ view: null, name: "other.test" }, makeZone(1)), false);
  });
});

describe("signed messages", () => {
  it("are answered signed, also cut short, within what the client can take", () => {
    const { server, clock } = setUp();
    server.reconfigure(configuration());
    const many = Array.from({ length: 20 }, (_, index) => `text TXT "${index} ${"x".repeat(100)}"`);
    server.setZone(zoneKey, makeZone(1, ["www A 192.0.2.80", ...many]));
    for (const [name, type, edns] of [
      ["www.example.org.", recordTypes.A, undefined],
      ["nope.example.org.", recordTypes.A, 1_232],
      ["text.example.org.", recordTypes.TXT, 600],
      ["text.example.org.", recordTypes.TXT, undefined],
    ] as const) {
      const request = sign(write({ name, type, ...(edns === undefined ? {} : { edns }) }), clock);
      const octets = send(server, request.octets);
      assert.ok(Buffer.isBuffer(octets) && octets.length <= (edns ?? 512));
      const { tsigAt = assert.fail("no signature"), header } = readMessage(octets);
      const verdict = verifyTsig(octets, tsigAt, () => key, clock.now() / 1000, { precedingMac: request.mac });
      assert.equal(verdict.kind, "valid", name);
      assert.equal((header.flags & flagBits.TC) !== 0, name.startsWith("text"));
    }
  });

  it("that do not hold are refused with their reason, and nothing is done", async () => {
    const { server, clock, updates } = setUp();
    server.reconfigure(configuration({ zones: [zoneConfiguration({ allowsUpdate: true })] }));
    server.setZone(zoneKey, makeZone(1));
    const update = write({ opcode: 5 });
    const reasonOf = async (octets: Buffer) => {
      const answer = await send(server, octets);
      assert.ok(answer !== undefined);
      const message = readMessage(answer);
      assert.equal(rcodeOf(message), resultCodes.NOTAUTH);
      return answer.readUInt16BE(answer.length - (answer.readUInt16BE(answer.length - 2) === 0 ? 4 : 10));
    };
    const wrong = { ...key, secret: Buffer.from("wrong") };
    assert.equal(await reasonOf(sign(update, clock, wrong).octets), resultCodes.BADSIG);
    assert.equal(
      await reasonOf(sign(update, clock, { ...key, name: parseName("nobody.") }).octets),
      resultCodes.BADKEY,
    );
    const late = signMessage(update, key, clock.now() / 1000 - 301).octets;
    assert.equal(await reasonOf(late), resultCodes.BADTIME);
    assert.deepEqual(updates, []);
    assert.equal((await send(server, sign(update, clock).octets))?.readUInt16BE(2), 0xa800);
    assert.equal(updates.length, 1);
  });
});

describe("what is asked in other classes", () => {
  it("says nothing of the server: CHAOS is refused", () => {
    const { server } = setUp();
    server.reconfigure(configuration());
    for (const name of ["version.bind.", "version.server.", "hostname.bind.", "id.server.", "authors.bind."]) {
      const answer = ask(server, write({ name, class: classes.CH, type: recordTypes.TXT }));
      assert.deepEqual([rcodeOf(answer), answer.answer.length], [resultCodes.REFUSED, 0]);
    }
  });
});

describe("questions outside of all zones", () => {
  it("are passed on for the clients that forwarding is for, and refused for others", async () => {
    const passed: string[] = [];
    const { server } = setUp({
      forward: async (octets, { address }) => {
        passed.push(address);
        return octets;
      },
    });
    const forwarding = { clients: [{ prefixes: ["10.0.0.0/8"], key: null }], resolvers: [], cachedAnswers: 0 };
    server.reconfigure(configuration({ forwarding }));
    server.setZone(zoneKey, makeZone(1));
    await send(server, www("other.test."), "10.0.0.1");
    assert.equal(rcodeOf(ask(server, www("other.test."), "192.0.2.1")), resultCodes.REFUSED);
    assert.equal(rcodeOf(ask(server, www(), "10.0.0.1")), 0);
    assert.deepEqual(passed, ["10.0.0.1"]);
  });
});

describe("the rate limit", () => {
  const rateLimit = {
    responsesPerSecond: 2,
    nameErrorsPerSecond: 2,
    errorsPerSecond: 2,
    slip: 0,
    exempt: ["10.0.0.0/8"],
  };
  const flood = (server: Parameters<typeof send>[0], octets: Buffer, address?: string) =>
    Array.from({ length: 10 }, () => send(server, octets, address)).filter((each) => each !== undefined).length;

  it("holds back every kind of answer by UDP to whoever shows no key, and nobody who is exempt", () => {
    const { server, clock } = setUp();
    server.reconfigure(configuration({ rateLimit }));
    server.setZone(zoneKey, makeZone(1));
    const odd = { name: parseName("x."), type: recordTypes.A, ttl: 0, rdata: "\x01\x02\x03\x04" };
    for (const [what, octets] of Object.entries({
      ordinary: www(),
      "the long way": write({ name: "ns1.example.org.", type: recordTypes.A, authority: odd }),
      "no such name": www("nope.example.org."),
      malformed: Buffer.concat([www(), Buffer.of(1)]),
      chaos: write({ class: classes.CH }),
      notify: write({ opcode: 4 }),
      "not spoken": write({ opcode: 2 }),
      "wrong key": sign(www(), clock, { ...key, secret: Buffer.from("wrong") }).octets,
      transfer: write({ type: recordTypes.IXFR }),
    })) {
      const set = setUp();
      set.server.reconfigure(configuration({ rateLimit }));
      set.server.setZone(zoneKey, makeZone(1));
      assert.equal(flood(set.server, octets), 2, what);
      assert.equal(flood(set.server, octets, "10.0.0.1"), 10, what);
    }
    assert.equal(flood(server, sign(www(), clock).octets), 10);
    assert.equal(server.counters().rateLimited, 0);
    flood(server, www());
    assert.equal(server.counters().rateLimited, 8);
  });

  it("stays where it is when something else changes", () => {
    const { server } = setUp();
    server.reconfigure(configuration({ rateLimit }));
    server.setZone(zoneKey, makeZone(1));
    assert.equal(flood(server, www()), 2);
    server.reconfigure(configuration({ rateLimit, nsid: "ns1" }));
    assert.equal(flood(server, www()), 0);
  });
});

describe("counters", () => {
  it("count by type, code and zone", () => {
    const { server } = setUp();
    server.reconfigure(configuration());
    assert.deepEqual(server.counters().zones[0]?.error, "there are no records of it yet");
    server.setZone(zoneKey, makeZone(7));
    for (const octets of [www(), www(), www("nope.example.org."), www("other.test."), write({ type: 65_280 })])
      ask(server, octets);
    const { zones, ...counted } = server.counters();
    assert.deepEqual(counted, {
      queries: 5,
      rateLimited: 0,
      queriesByType: { A: 4, other: 1 },
      answersByCode: { NOERROR: 3, NXDOMAIN: 1, REFUSED: 1 },
    });
    assert.deepEqual([zones[0]?.queries, zones[0]?.serial, zones[0]?.recordCount, zones[0]?.error], [4, 7, 4, null]);
  });
});
