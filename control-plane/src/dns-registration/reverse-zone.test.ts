import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress } from "./address.ts";
import { lengthOf, ownerOf, readReverseZone } from "./reverse-zone.ts";

const ownerIn = (zone: string, address: string) => {
  const [read, octets] = [readReverseZone(zone), readAddress(address)?.octets];
  return read === undefined || octets === undefined ? undefined : ownerOf(octets, read);
};

test("an address has its name in a reverse zone of whole octets, of nibbles, and of a part of the last octet", () => {
  for (const [zone, address, owner] of [
    ["2.0.192.in-addr.arpa.", "192.0.2.130", "130"],
    ["10.in-addr.arpa.", "10.1.2.3", "3.2.1"],
    ["in-addr.arpa.", "192.0.2.1", "1.2.0.192"],
    ["2.0.192.in-addr.arpa.", "192.0.3.130", undefined],
    ["128/26.2.0.192.in-addr.arpa.", "192.0.2.130", "130"],
    ["128/26.2.0.192.in-addr.arpa.", "192.0.2.192", undefined],
    ["128-26.2.0.192.in-addr.arpa.", "192.0.2.191", "191"],
    ["128-191.2.0.192.in-addr.arpa.", "192.0.2.128", "128"],
    ["0-31.2.0.192.in-addr.arpa.", "192.0.2.31", "31"],
    ["0-31.2.0.192.in-addr.arpa.", "192.0.2.32", undefined],
    ["0-26.2.0.192.in-addr.arpa.", "192.0.2.63", "63"],
    ["10-20.2.0.192.in-addr.arpa.", "192.0.2.15", "15"],
    ["1/26.2.0.192.in-addr.arpa.", "192.0.2.1", undefined],
    ["256.0.192.in-addr.arpa.", "192.0.2.1", undefined],
    ["8.b.d.0.1.0.0.2.ip6.arpa.", "2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"],
    ["8.b.d.0.1.0.0.2.ip6.arpa.", "2001:db9::1", undefined],
    ["example.org.", "192.0.2.1", undefined],
  ] as const) {
    assert.equal(ownerIn(zone, address), owner, `${address} in ${zone}`);
  }
});

test("a zone of fewer addresses is closer", () => {
  const lengths = ["192.in-addr.arpa.", "2.0.192.in-addr.arpa.", "128/26.2.0.192.in-addr.arpa."].map((name) => {
    const zone = readReverseZone(name);
    return zone === undefined ? -1 : lengthOf(zone);
  });
  assert.deepEqual(lengths, [8, 24, 26]);
});

test("addresses that nobody else can reach are none", () => {
  for (const text of ["127.0.0.1", "169.254.1.1", "::1", "fe80::1", "::ffff:192.0.2.1", "224.0.0.1", "0.0.0.0", "x"]) {
    assert.equal(readAddress(text), undefined, text);
  }
  assert.equal(readAddress("2001:DB8:0::1")?.text, "2001:db8::1");
});
