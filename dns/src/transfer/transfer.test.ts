import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { classes, readMessage } from "../message/index.ts";
import { parseName } from "../name/index.ts";
import { parseRecordText, parseRecordType, type ResourceRecord, recordTypes } from "../record/index.ts";
import { type TsigKey, verifyTsig } from "../tsig/index.ts";
import { stepOf, Zone, type ZoneChange, ZoneHistory } from "../zone/index.ts";
import { areZonesEqual } from "../zone-file/index.ts";
import { TransferError, TransferReceiver, type Transferred } from "./receive-transfer.ts";
import { fullTransfer, incrementalTransfer, type TransferRequest, transferMessages } from "./send-transfer.ts";

const apex = parseName("example.org.");
const limits = { maximumRecords: 100_000 };
const record = (name: string, type: string, data: string, ttl = 60): ResourceRecord => {
  const code = parseRecordType(type) ?? assert.fail(type);
  return { name: parseName(name, apex), type: code, ttl, rdata: parseRecordText(code, data, apex) };
};
const soa = (serial: number) => record("example.org.", "SOA", `ns host ${serial} 1 2 3 4`);
const request: TransferRequest = {
  id: 1,
  flags: 0,
  question: { name: apex, type: recordTypes.AXFR, class: classes.IN },
  signature: undefined,
};

function receive(messages: Iterable<Buffer>, ownSerial?: number): Transferred | undefined {
  const receiver = new TransferReceiver(apex, ownSerial, limits);
  let result: Transferred | undefined;
  for (const octets of messages) result = receiver.take(readMessage(octets));
  return result;
}

const send = (records: Iterable<ResourceRecord>) => transferMessages(request, records, () => 0);
const hosts = (count: number) =>
  Array.from({ length: count }, (_, index) => record(`h${index}`, "A", `10.0.${index >> 8}.${index & 255}`));

describe("a full transfer", () => {
  it("is the zone again, in as few messages as it takes", () => {
    const zone = new Zone(apex, [
      soa(1),
      record("example.org.", "NS", "ns"),
      ...hosts(3_000),
      record("big", "TXT", `"${"x".repeat(30_000)}"`),
    ]);
    const messages = [...send(fullTransfer(zone))];
    const result = receive(messages);
    assert.ok(result?.kind === "full");
    assert.ok(areZonesEqual(new Zone(apex, result.records), zone));
    assert.ok(messages.length >= 5 && messages.length <= 8, String(messages.length));
    assert.ok(messages.every(({ length }) => length <= 65_535));
  });

  it("is of the moment it began, whatever changes meanwhile", () => {
    const zone = new Zone(apex, [soa(1), ...hosts(2_000)]);
    const messages = send(fullTransfer(zone));
    const begun = messages.next().value;
    zone.change({ removed: [soa(1), ...hosts(2_000)], added: [soa(2), record("new", "A", "192.0.2.1")] });
    const result = receive([begun ?? Buffer.alloc(0), ...messages]);
    assert.ok(result?.kind === "full");
    assert.equal(new Zone(apex, result.records).soa.serial, 1);
    assert.equal(result.records.length, 2_001);
  });

  it("is signed message by message, each with what came before", () => {
    const key: TsigKey = { name: parseName("k."), algorithm: "hmac-sha512", secret: Buffer.from("s") };
    const mac = Buffer.from("the mac of the request");
    const zone = new Zone(apex, [soa(1), ...hosts(3_000)]);
    const messages = [...transferMessages({ ...request, signature: { key, mac } }, fullTransfer(zone), () => 5_000)];
    let precedingMac: Buffer = mac;
    for (const [index, octets] of messages.entries()) {
      const { tsigAt } = readMessage(octets);
      const verdict = verifyTsig(octets, tsigAt ?? 0, () => key, 5, { precedingMac, isContinued: index > 0 });
      assert.ok(verdict.kind === "valid", `message ${index}`);
      precedingMac = verdict.mac;
    }
    assert.ok(messages.length > 2);
  });
});

describe("an incremental transfer", () => {
  const change = (from: number, removed: ResourceRecord[], added: ResourceRecord[]): ZoneChange => ({
    removed: [soa(from), ...removed],
    added: [soa(from + 1), ...added],
  });

  it("leads a copy from any serial that is known to the newest zone", () => {
    const anyStep = fc.array(fc.tuple(fc.boolean(), fc.nat(20)), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 6 }), fc.nat(6), (steps, from) => {
        const zone = new Zone(apex, [soa(0), ...hosts(60)]);
        const history = new ZoneHistory(1_000);
        const copies = [new Zone(apex, zone.records())];
        for (const [serial, edits] of steps.entries()) {
          const present = (index: number) => zone.find(parseName(`h${index}`, apex)) !== undefined;
          const removed = edits
            .filter(([isAdded, index]) => !isAdded && present(index))
            .map(([, index]) => hosts(21)[index]!);
          const added = edits
            .filter(([isAdded, index]) => isAdded && !present(index))
            .map(([, index]) => hosts(21)[index]!);
          const each = change(serial, removed, added);
          zone.change(each);
          history.add(stepOf(each)!);
          copies.push(new Zone(apex, zone.records()));
        }
        const copy = copies[Math.min(from, copies.length - 1)]!;
        const result = receive(send(incrementalTransfer(zone, history, copy.soa.serial)), copy.soa.serial);
        if (result?.kind === "incremental") for (const each of result.changes) copy.change(each);
        else assert.equal(result?.kind, "current");
        assert.ok(areZonesEqual(copy, zone));
      }),
      { numRuns: 200 },
    );
  });

  it("is the whole zone where the serial is not known, and where the steps are longer", () => {
    const zone = new Zone(apex, [soa(0), ...hosts(3)]);
    const history = new ZoneHistory(1_000);
    assert.equal(receive(send(incrementalTransfer(zone, history, 2 ** 32 - 5)), 2 ** 32 - 5)?.kind, "full");
    const each = change(
      0,
      hosts(3),
      hosts(3).map((host) => ({ ...host, ttl: 1 })),
    );
    zone.change(each);
    history.add(stepOf(each)!);
    assert.equal(receive(send(incrementalTransfer(zone, history, 0)), 0)?.kind, "full");
    assert.deepEqual(receive(send(incrementalTransfer(zone, history, 1)), 1), { kind: "current" });
    assert.deepEqual(receive(send(incrementalTransfer(zone, history, 7)), 7), { kind: "current" });
  });

  it("forgets the oldest steps where they become too many", () => {
    const history = new ZoneHistory(10);
    for (let serial = 0; serial < 10; serial += 1) history.add(stepOf(change(serial, [], hosts(1)))!);
    assert.deepEqual(
      history.steps.map(({ fromSerial }) => fromSerial),
      [7, 8, 9],
    );
    assert.equal(history.since(6), undefined);
    history.add(stepOf(change(50, [], []))!);
    assert.equal(history.steps.length, 1);
  });
});

describe("a transfer that is none", () => {
  const refused: [what: string, records: ResourceRecord[], message: RegExp][] = [
    ["does not begin with a SOA record", hosts(2), /begin with a SOA/],
    ["leads out of its zone", [soa(1), record("test.", "A", "192.0.2.1")], /not in the zone/],
    ["changes on its way", [soa(1), ...hosts(1), soa(2)], /changed while it was sent/],
    ["goes on behind its end", [soa(1), ...hosts(1), soa(1), ...hosts(1)], /behind the end/],
  ];
  for (const [what, records, message] of refused) {
    it(`${what} is refused`, () => {
      assert.throws(
        () => receive(send(records)),
        (error) => error instanceof TransferError && message.test(error.message),
      );
    });
  }

  it("has more records than are taken is refused", () => {
    const receiver = new TransferReceiver(apex, undefined, { maximumRecords: 2 });
    const [octets] = send([soa(1), ...hosts(5), soa(1)]);
    assert.throws(() => receiver.take(readMessage(octets ?? Buffer.alloc(0))), /more than 2 records/);
  });

  it("whose steps do not follow each other is refused", () => {
    assert.throws(() => receive(send([soa(9), soa(1), soa(2), soa(5), soa(9), soa(9)]), 1), /do not follow/);
  });
});
