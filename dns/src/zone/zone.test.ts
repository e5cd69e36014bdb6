import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { compareNames, type DomainName, lowerName, parentOf, parseName } from "../name/index.ts";
import { parseRecordText, parseRecordType, type ResourceRecord, recordDataKey, recordTypes } from "../record/index.ts";
import { isNewerSerial, nextSerial } from "./serial.ts";
import { readSoa, writeSoa } from "./start-of-authority.ts";
import { Zone, type ZoneChange, ZoneError } from "./zone.ts";
import type { ZoneNode } from "./zone-node.ts";

const apex = parseName("example.org.");
const record = (name: string, type: string, data: string, ttl = 60): ResourceRecord => {
  const code = parseRecordType(type) ?? assert.fail(type);
  return { name: parseName(name, apex), type: code, ttl, rdata: parseRecordText(code, data, apex) };
};
const soa = (serial: number) => record("example.org.", "SOA", `ns host ${serial} 1 2 3 4`);
const key = (name: string) => lowerName(parseName(name, apex));

/** The node that is last up to a name, as it follows from sorting all of them. */
function atOrBefore(nodes: readonly ZoneNode[], name: DomainName): DomainName | undefined {
  const sorted = nodes.map((node) => lowerName(node.name)).toSorted(compareNames);
  return sorted.findLast((each) => compareNames(each, name) <= 0) ?? sorted.at(-1);
}

/** The RRsets of one name after a change, one record after the other. */
function changedPlainly(
  rrsets: ReadonlyMap<number, { ttl: number; rdatas: string[] }>,
  { removed, added }: ZoneChange,
) {
  const changed = new Map(rrsets);
  for (const { type, rdata } of removed) {
    const { ttl, rdatas } = changed.get(type) ?? { ttl: 0, rdatas: [] };
    const left = rdatas.filter((each) => recordDataKey(type, each) !== recordDataKey(type, rdata));
    if (left.length > 0) changed.set(type, { ttl, rdatas: left });
    else changed.delete(type);
  }
  for (const { type, ttl, rdata } of added) {
    const rdatas = changed.get(type)?.rdatas ?? [];
    const isThere = rdatas.some((each) => recordDataKey(type, each) === recordDataKey(type, rdata));
    changed.set(type, { ttl, rdatas: isThere ? rdatas : [...rdatas, rdata] });
  }
  return changed;
}

describe("Zone", () => {
  it("has empty non-terminals between its names and its apex, as long as something is below them", () => {
    const zone = new Zone(apex, [soa(1), record("a.b.c", "A", "192.0.2.1")]);
    assert.deepEqual(zone.find(key("b.c"))?.rrsets, []);
    assert.equal(zone.find(key("x.b.c")), undefined);
    zone.change({ removed: [soa(1), record("a.b.c", "A", "192.0.2.1")], added: [soa(2)] });
    assert.equal(zone.find(key("c")), undefined);
    assert.deepEqual([zone.nameCount, zone.recordCount, zone.soa.serial], [1, 1, 2]);
  });

  it("keeps a record once, whatever the case of names in it", () => {
    const zone = new Zone(apex, [
      soa(1),
      record("a", "MX", "1 Mail"),
      record("A", "MX", "1 mail"),
      record("a", "MX", "2 mail"),
    ]);
    assert.equal(zone.find(key("a"))?.rrsets[0]?.rdatas.length, 2);
    assert.equal(zone.recordCount, 3);
  });

  it("leaves an RRset that somebody has as it was, whatever comes to it and goes, one by one or many in a change", () => {
    const [n, types] = [fc.nat(60), ["A", "MX"] as const];
    const dataOf = {
      A: (each: number) => `192.0.2.${each}`,
      MX: (each: number) => `${each % 30} ${each < 30 ? "m" : "M"}`,
    };
    const anyRecords = fc.array(
      fc
        .tuple(fc.constantFrom(...types), n, fc.constantFrom(30, 60))
        .map(([type, each, ttl]) => record("a", type, dataOf[type](each), ttl)),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(fc.array(fc.record({ removed: anyRecords, added: anyRecords }), { maxLength: 5 }), (changes) => {
        const zone = new Zone(apex, [soa(1)]);
        let wanted = new Map<number, { ttl: number; rdatas: string[] }>();
        for (const change of changes) {
          const seen = [...(zone.find(key("a"))?.rrsets ?? [])];
          const before = structuredClone(seen);
          zone.change(change);
          assert.deepEqual(seen, before);
          wanted = changedPlainly(wanted, change);
          const made = new Map(zone.find(key("a"))?.rrsets.map(({ type, ttl, rdatas }) => [type, { ttl, rdatas }]));
          assert.deepEqual(made, wanted);
          const count = [...wanted.values()].reduce((sum, { rdatas }) => sum + rdatas.length, 0);
          assert.equal(zone.recordCount, 1 + count);
        }
      }),
    );
  });

  it("gives the TTL of what is put there to the whole RRset", () => {
    const zone = new Zone(apex, [soa(1), record("a", "A", "192.0.2.1", 60)]);
    zone.change({ removed: [], added: [record("a", "A", "192.0.2.2", 30)] });
    assert.deepEqual(
      zone.find(key("a"))?.rrsets.map(({ ttl }) => ttl),
      [30],
    );
  });

  it("knows delegations and DNAMEs, and not the apex", () => {
    const zone = new Zone(apex, [
      soa(1),
      record("@".replace("@", "example.org."), "NS", "ns"),
      record("sub", "NS", "ns.sub"),
      record("d", "DNAME", "e"),
    ]);
    assert.deepEqual([...zone.cuts].toSorted(), [key("d"), key("sub")].toSorted());
    zone.change({ removed: [record("sub", "NS", "NS.sub")], added: [] });
    assert.deepEqual([...zone.cuts], [key("d")]);
  });

  it("refuses what is no zone, and changes nothing then", () => {
    assert.throws(() => new Zone(apex, [record("a", "A", "192.0.2.1")]), ZoneError);
    assert.throws(() => new Zone(apex, [soa(1), soa(2)]), /2 SOA records/);
    assert.throws(() => new Zone(apex, [soa(1), record("a.example.net.", "A", "192.0.2.1")]), /not in the zone/);
    assert.throws(() => new Zone(apex, [soa(1), record("a", "SOA", "ns host 1 1 2 3 4")]), /only the apex/);
    const zone = new Zone(apex, [soa(1)]);
    assert.throws(() => zone.change({ removed: [soa(1)], added: [record("a", "A", "192.0.2.1")] }), /without a SOA/);
    assert.throws(
      () => zone.change({ removed: [], added: [record("a", "A", "192.0.2.1"), record("b.test.", "A", "192.0.2.1")] }),
      ZoneError,
    );
    assert.deepEqual([zone.recordCount, zone.version], [1, 0]);
  });

  it("is after any changes what it would be if it had been made of the result", () => {
    const names = ["a", "b.a", "c.b.a", "x", "y.x", "sub"];
    const types: [string, string][] = [
      ["A", "192.0.2.1"],
      ["A", "192.0.2.2"],
      ["NS", "ns.elsewhere."],
      ["TXT", "t"],
      ["NSEC", "a A"],
      ["NSEC3", "1 0 0 - 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A"],
    ];
    const anyRecord = fc
      .tuple(fc.constantFrom(...names), fc.constantFrom(...types))
      .map(([name, [type, data]]) => record(name, type, data));
    const anyChanges = fc.array(fc.tuple(fc.boolean(), anyRecord), { maxLength: 40 });
    const id = ({ name, type, rdata }: ResourceRecord) => `${lowerName(name)}|${type}|${rdata}`;
    fc.assert(
      fc.property(anyChanges, (changes) => {
        const zone = new Zone(apex, [soa(1)]);
        const wanted = new Map<string, ResourceRecord>([[id(soa(1)), soa(1)]]);
        for (const [isAdded, each] of changes) {
          zone.change({ removed: isAdded ? [] : [each], added: isAdded ? [each] : [] });
          if (isAdded) wanted.set(id(each), each);
          else wanted.delete(id(each));
        }
        const made = new Zone(apex, wanted.values());
        assert.deepEqual([...zone.records()].map(id).toSorted(), [...made.records()].map(id).toSorted());
        assert.deepEqual(
          [...zone.nodes()].map(({ name }) => lowerName(name)).toSorted(),
          [...made.nodes()].map(({ name }) => lowerName(name)).toSorted(),
        );
        assert.deepEqual([...zone.cuts].toSorted(), [...made.cuts].toSorted());
        for (const name of [...names, "0", "b0", "x0.a"].map(key)) {
          const owners = (type: number) =>
            [...zone.nodes()].filter(({ rrsets }) => rrsets.some((each) => each.type === type));
          const belowApex = owners(recordTypes.NSEC3).filter((owner) => lowerName(parentOf(owner.name)) === apex);
          assert.equal(zone.nsecOwnerAtOrBefore(name), atOrBefore(owners(recordTypes.NSEC), name));
          assert.equal(zone.nsec3OwnerAtOrBefore(name), atOrBefore(belowApex, name));
        }
        for (const { name } of zone.nodes())
          assert.ok(lowerName(name) === apex || zone.find(lowerName(parentOf(name))) !== undefined);
      }),
    );
  });
});

describe("serials", () => {
  it("compare as RFC 1982 has it", () => {
    assert.ok(isNewerSerial(1, 0) && isNewerSerial(0, 2 ** 32 - 1) && isNewerSerial(2 ** 31 - 1, 0));
    assert.ok(!isNewerSerial(0, 0) && !isNewerSerial(0, 1) && !isNewerSerial(2 ** 31, 0) && !isNewerSerial(0, 2 ** 31));
  });

  const nowMs = Date.parse("2024-05-06T12:00:00Z");
  it("go on by dates where they are dates, and never back", () => {
    assert.equal(nextSerial(2024050599, nowMs), 2024050600);
    assert.equal(nextSerial(2024050600, nowMs), 2024050601);
    assert.equal(nextSerial(2024050699, nowMs), 2024050700);
    assert.equal(nextSerial(2025010100, nowMs), 2025010101);
    assert.equal(nextSerial(7, nowMs), 8);
    assert.equal(nextSerial(2 ** 32 - 1, nowMs), 1);
    fc.assert(fc.property(fc.nat(2 ** 32 - 1), (serial) => isNewerSerial(nextSerial(serial, nowMs), serial)));
  });

  it("of a SOA record are read and written", () => {
    const rdata = parseRecordText(6, "a. b. 1 2 3 4 5");
    assert.equal(writeSoa(readSoa(rdata)), rdata);
    assert.equal(readSoa(rdata).minimum, 5);
    assert.equal(readSoa(rdata).mname, "\x01a\0" as DomainName);
  });
});
