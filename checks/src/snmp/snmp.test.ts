import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SnmpSecurity } from "@mycloud/protocol/snmp";
import fc from "fast-check";
import { UsageError } from "../plugin/usage-error.ts";
import { compareOids, indexBelow } from "./compare-oids.ts";
import { counterGrowth, hasRestarted } from "./counter-growth.ts";
import { parseOid } from "./oid.ts";
import { addressesOf } from "./parse-cidr.ts";
import { RequestGate } from "./request-gate.ts";
import type { SnmpSession } from "./snmp-session.ts";
import { SnmpSessions } from "./snmp-sessions.ts";
import { nameOfOid, standardNames } from "./standard-names.ts";
import { toSnmpValue } from "./to-snmp-value.ts";

describe("OIDs", () => {
  const read: [string, string][] = [
    [".1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.3.0"],
    ["iso.3.6.1", "1.3.6.1"],
    ["sysUpTime.0", "1.3.6.1.2.1.1.3.0"],
    ["IF-MIB::ifHCInOctets.12", "1.3.6.1.2.1.31.1.1.1.6.12"],
    ["0.0", "0.0"],
  ];
  for (const [text, oid] of read) test(`${text} is ${oid}`, () => assert.equal(parseOid(text), oid));

  for (const text of ["", "1", "1.40.1", "3.1", "1.3.4294967296", "1..3", "sysUpTyme.0", `1.3${".1".repeat(127)}`]) {
    test(`${text.slice(0, 20)} is refused`, () => assert.throws(() => parseOid(text), UsageError));
  }

  test("every built-in name is read, and given back", () => {
    for (const [name, oid] of Object.entries(standardNames)) {
      assert.equal(parseOid(`${name}.7`), `${oid}.7`);
      assert.equal(parseOid(nameOfOid(`${oid}.7`)), `${oid}.7`);
    }
  });

  test("they are in the order of their numbers", () => {
    const sorted = ["1.3", "1.3.2", "1.3.2.1", "1.3.10", "1.4"];
    assert.deepEqual(sorted.toReversed().sort(compareOids), sorted);
    assert.equal(indexBelow("1.3.2.1.5", "1.3.2"), "1.5");
    assert.equal(indexBelow("1.3.20", "1.3.2"), null);
  });
});

describe("counters", () => {
  const of32 = (value: number) => ({ kind: "counter32", value }) as const;

  test("growth survives coming round, whatever the numbers", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.nat(2 ** 31), (before, growth) => {
        assert.equal(counterGrowth(of32(before), of32((before + growth) % 2 ** 32)), BigInt(growth));
      }),
    );
  });

  test("what went back by a little began anew, as one of 64 bits that went back at all", () => {
    assert.equal(counterGrowth(of32(1_000), of32(10)), null);
    assert.equal(counterGrowth({ kind: "counter64", value: 5n }, { kind: "counter64", value: 4n }), null);
    assert.equal(counterGrowth(of32(1), { kind: "counter64", value: 4n }), undefined);
  });

  test("a clock that comes round is no restart, wherever it is looked at", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.integer({ min: 1, max: 3_600_000 }), (before, elapsedMs) => {
        const after = Math.round(before + elapsedMs / 10) % 2 ** 32;
        assert.equal(hasRestarted(before, after, elapsedMs), false);
      }),
    );
    assert.equal(hasRestarted(1_000_000, 500, 60_000), true);
  });

  test("64 bits are read whole, with and without a leading zero", () => {
    const value = toSnmpValue(70, Buffer.from("00ffffffffffffffff", "hex"));
    assert.deepEqual(value, { kind: "counter64", value: 18_446_744_073_709_551_615n });
    assert.deepEqual(toSnmpValue(70, Buffer.alloc(0)), { kind: "counter64", value: 0n });
    assert.equal(toSnmpValue(3, Buffer.alloc(0)), null);
  });
});

test("a network's addresses are its hosts', and a large one is refused", () => {
  assert.deepEqual(addressesOf("192.0.2.9/30"), ["192.0.2.9", "192.0.2.10"]);
  assert.deepEqual(addressesOf("192.0.2.9"), ["192.0.2.9"]);
  assert.deepEqual(addressesOf("192.0.2.8/31"), ["192.0.2.8", "192.0.2.9"]);
  assert.equal(addressesOf("198.51.100.0/20").length, 4_094);
  for (const wrong of [
    "192.0.2.0/19",
    "192.0.2.256/24",
    "192.0.2/24",
    "2001:db8::/64",
    "192.0.2.0/33",
    "example.org",
  ]) {
    assert.throws(() => addressesOf(wrong), UsageError, wrong);
  }
  assert.throws(() => addressesOf("2001:db8::/120"), /IPv6 network, which cannot be swept; sweep the devices' IPv4/);
});

test("sessions are shared, and those that nobody uses any more are closed", async () => {
  const clock = { ms: 0 };
  const sessions = new SnmpSessions(() => clock.ms, { sessions: 2 });
  const target = (host: string) => ({
    host,
    port: 1,
    family: 0 as const,
    security: SnmpSecurity.parse({ community: "c" }),
    timeoutMs: 10,
    retries: 0,
  });
  const isClosed = async (session: SnmpSession) =>
    await session.get(["1.3.6.1"], AbortSignal.timeout(5_000)).then(
      () => false,
      (error: unknown) => /the session is closed/.test(String(error)),
    );
  const first = sessions.open(target("127.0.0.1"));
  const second = sessions.open(target("127.0.0.2"));
  assert.equal(sessions.open(target("127.0.0.1")), first);
  sessions.open(target("127.0.0.3"));
  assert.deepEqual([await isClosed(first), await isClosed(second)], [false, true]);
  clock.ms = 4_000_000;
  sessions.open(target("127.0.0.3"));
  assert.equal(await isClosed(first), true);
  sessions.close();
});

describe("the gate", () => {
  test("lets so many in at once, in order, and whoever gives up makes room", async () => {
    const gate = new RequestGate({ concurrent: 2, perSecond: 1_000 }, () => 0);
    const { signal } = new AbortController();
    const done: number[] = [];
    let underWay = 0;
    let most = 0;
    const work = (id: number) =>
      gate.run(signal, async () => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay--;
        done.push(id);
      });
    const gaveUp = new AbortController();
    const all = [work(1), work(2), gate.run(gaveUp.signal, async () => void done.push(99)), work(3), work(4)];
    gaveUp.abort();
    const outcomes = await Promise.allSettled(all);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "fulfilled", "rejected", "fulfilled", "fulfilled"],
    );
    assert.deepEqual([done, most], [[1, 2, 3, 4], 2]);
  });

  test("lets so many through in a second", async () => {
    // A clock that stands still gives nothing back: what is over has to wait.
    const gate = new RequestGate({ concurrent: 10, perSecond: 5 }, () => 0);
    const { signal } = new AbortController();
    for (let at = 0; at < 5; at++) await gate.run(signal, async () => undefined);
    await assert.rejects(
      gate.run(AbortSignal.timeout(20), async () => undefined),
      /abort/i,
    );
  });
});
