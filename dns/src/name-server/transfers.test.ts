import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage, resultCodes } from "../message/index.ts";
import { recordTypes } from "../record/index.ts";
import { TransferReceiver } from "../transfer/index.ts";
import { Zone } from "../zone/index.ts";
import { areZonesEqual } from "../zone-file/index.ts";
import {
  apex,
  ask,
  configuration,
  key,
  makeStep,
  makeZone,
  rcodeOf,
  record,
  send,
  setUp,
  show,
  sign,
  stream,
  write,
  zoneConfiguration,
  zoneKey,
} from "./testing/set-up.ts";

const axfr = write({ type: recordTypes.AXFR });
const ixfr = (serial: number, edns?: number) =>
  write({
    type: recordTypes.IXFR,
    authority: record("example.org.", "SOA", `ns1 host ${serial} 3600 600 86400 60`),
    ...(edns === undefined ? {} : { edns }),
  });
const everywhere = ["0.0.0.0/0", "::/0"];

function withZone(zone = makeZone(1), allowTransfer = [{ prefixes: ["192.0.2.0/24"], key: null as string | null }]) {
  const set = setUp();
  set.server.reconfigure(configuration({ zones: [zoneConfiguration({ allowTransfer })] }));
  set.server.setZone(zoneKey, zone);
  return set;
}

describe("a zone transfer out", () => {
  it("is the zone, by TCP, to those who may have it", async () => {
    const { server } = withZone();
    const receiver = new TransferReceiver(apex, undefined, { maximumRecords: 100 });
    const [octets, ...more] = await stream(server, axfr);
    const result = receiver.take(readMessage(octets ?? assert.fail()));
    assert.ok(result?.kind === "full" && more.length === 0);
    assert.ok(areZonesEqual(new Zone(apex, result.records), makeZone(1)));
  });

  it("is counted once it is sent whole", async () => {
    const { server } = withZone();
    await stream(server, axfr);
    ask(server, ixfr(1));
    assert.equal(server.transferCounts().sent, 2);
  });

  const refusals: [what: string, octets: Buffer, rcode: number, address: string, result: string][] = [
    ["from elsewhere", axfr, resultCodes.REFUSED, "198.51.100.1", "refused"],
    ["incremental, from elsewhere", ixfr(1), resultCodes.REFUSED, "198.51.100.1", "refused"],
    [
      "of what is no zone",
      write({ name: "www.example.org.", type: recordTypes.AXFR }),
      resultCodes.NOTAUTH,
      "192.0.2.1",
      "not a zone",
    ],
    [
      "of a zone of others",
      write({ name: "other.test.", type: recordTypes.AXFR }),
      resultCodes.NOTAUTH,
      "192.0.2.1",
      "not a zone",
    ],
    ["of class CHAOS", write({ type: recordTypes.AXFR, class: 3 }), resultCodes.REFUSED, "192.0.2.1", "not a zone"],
    [
      "incremental, without a SOA record",
      write({ type: recordTypes.IXFR }),
      resultCodes.FORMERR,
      "192.0.2.1",
      "malformed",
    ],
  ];
  for (const [what, octets, rcode, address, result] of refusals) {
    it(`${what} is refused`, async () => {
      const { server } = withZone();
      const [answer] = await stream(server, octets, address);
      assert.equal(rcodeOf(readMessage(answer ?? assert.fail())), rcode);
      assert.equal(server.transferCounts()[result], 1);
    });
  }

  it("by UDP is refused in full, and says where it is in steps that do not fit", () => {
    const { server } = withZone();
    assert.equal(rcodeOf(ask(server, axfr)), resultCodes.FORMERR);
    assert.deepEqual(show(ask(server, ixfr(1)).answer).length, 1);
    const hosts = Array.from({ length: 40 }, (_, index) => record(`h${index}`, "A", `10.0.0.${index}`));
    assert.ok(server.applySteps(zoneKey, [makeStep(1, [], [record("new", "A", "192.0.2.9")])]));
    assert.deepEqual(
      ask(server, ixfr(1)).answer.map(({ type }) => type),
      [6, 6, 6, 1, 6],
    );
    assert.ok(server.applySteps(zoneKey, [makeStep(2, [], hosts)]));
    const long = send(server, ixfr(2));
    assert.ok(Buffer.isBuffer(long) && long.length <= 512);
    assert.deepEqual(show(readMessage(long).answer), ["SOA ns1.example.org. host.example.org. 3 3600 600 86400 60"]);
    assert.ok(ask(server, ixfr(2, 1_232)).answer.length === 44);
  });

  it("wants the key where the zone does, and an empty list lets nobody", async () => {
    const { server, clock } = withZone(makeZone(1), [{ prefixes: everywhere, key: "transfer" }]);
    const rcode = async (octets: Buffer) => rcodeOf(readMessage((await stream(server, octets))[0] ?? assert.fail()));
    assert.equal(await rcode(axfr), resultCodes.REFUSED);
    assert.equal(await rcode(sign(axfr, clock).octets), 0);
    assert.equal(await rcode(sign(axfr, clock, { ...key, secret: Buffer.from("no") }).octets), resultCodes.NOTAUTH);
    const nobody = withZone(makeZone(1), []);
    assert.equal(rcodeOf(readMessage((await stream(nobody.server, axfr))[0] ?? assert.fail())), resultCodes.REFUSED);
  });

  it("in steps is what was changed since, as long as that is known", async () => {
    const { server } = withZone(
      makeZone(
        1,
        Array.from({ length: 30 }, (_, index) => `h${index} A 10.0.0.${index}`),
      ),
    );
    server.applySteps(zoneKey, [makeStep(1, [record("h1", "A", "10.0.0.1")], [record("new", "A", "192.0.2.9")])]);
    server.applySteps(zoneKey, [makeStep(2, [], [record("newer", "A", "192.0.2.10")])]);
    const types = async (serial: number) =>
      readMessage((await stream(server, ixfr(serial)))[0] ?? assert.fail()).answer.map(({ type }) => type);
    assert.deepEqual(await types(1), [6, 6, 1, 6, 1, 6, 6, 1, 6]);
    assert.deepEqual(await types(2), [6, 6, 6, 1, 6]);
    assert.deepEqual(await types(3), [6]);
    assert.equal((await types(0)).length, 35);
  });

  it("is not begun while ten others are under way, and is when one of them is left", async () => {
    const { server, events } = withZone();
    const arrival = { address: "192.0.2.1", transport: "tcp" } as const;
    const begin = () => {
      const answer = server.handleStream(axfr, arrival);
      assert.ok(answer !== undefined && !Buffer.isBuffer(answer) && Symbol.iterator in answer);
      const messages = answer[Symbol.iterator]();
      messages.next();
      return messages;
    };
    const running = Array.from({ length: 10 }, begin);
    const eleventh = await stream(server, axfr, "192.0.2.1");
    assert.equal(rcodeOf(readMessage(eleventh[0] ?? assert.fail())), resultCodes.SERVFAIL);
    assert.ok(events.some(({ message }) => message === "too many zone transfers at the same time"));
    running[0]?.return?.();
    begin();
    const { busy, "broken off": brokenOff, sent } = server.transferCounts();
    assert.deepEqual([busy, brokenOff, sent], [1, 1, 0]);
  });

  it("of somebody who reads for hours ends", () => {
    const { server, clock } = withZone(
      makeZone(
        1,
        Array.from({ length: 5_000 }, (_, index) => `h${index} A 10.0.${index >> 8}.${index & 255}`),
      ),
    );
    const answer = server.handleStream(axfr, { address: "192.0.2.1", transport: "tcp" });
    assert.ok(answer !== undefined && !Buffer.isBuffer(answer) && Symbol.iterator in answer);
    const messages = answer[Symbol.iterator]();
    assert.equal(messages.next().done, false);
    return clock.advance(3 * 60 * 60 * 1000).then(() => assert.equal(messages.next().done, true));
  });
});

describe("steps", () => {
  it("that do not fit are not made", () => {
    const { server } = withZone();
    const www = record("www", "A", "192.0.2.80");
    assert.equal(server.applySteps(zoneKey, [makeStep(2, [], [])]), false);
    assert.equal(server.applySteps(zoneKey, [makeStep(1, [record("www", "A", "192.0.2.81")], [])]), false);
    assert.equal(server.applySteps(zoneKey, [makeStep(1, [], [www])]), false);
    assert.equal(server.applySteps(zoneKey, [makeStep(1, [], [record("a.other.test.", "A", "192.0.2.1")])]), false);
    assert.equal(server.zone(zoneKey)?.soa.serial, 1);
    assert.ok(server.applySteps(zoneKey, [makeStep(1, [www], [{ ...www, ttl: 30 }])]));
    assert.equal(ask(server, write({ name: "www.example.org.", type: 1 })).answer[0]?.ttl, 30);
    assert.equal(server.applySteps({ view: null, name: "other.test" }, []), false);
  });
});
