import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseName } from "../name/index.ts";
import { addressOctets } from "../server/index.ts";
import { AccessList } from "./access-list.ts";
import { PrefixError, PrefixSet } from "./prefix-set.ts";

const everywhere = ["0.0.0.0/0", "::/0"];

describe("PrefixSet", () => {
  const cases: [prefixes: string[], address: string, has: boolean][] = [
    [["192.0.2.0/24"], "192.0.2.255", true],
    [["192.0.2.0/24"], "192.0.3.0", false],
    [["192.0.2.77/24"], "192.0.2.1", true],
    [["192.0.2.128/25"], "192.0.2.127", false],
    [["192.0.2.1"], "192.0.2.1", true],
    [["192.0.2.1"], "::ffff:192.0.2.1", true],
    [["192.0.2.1"], "192.0.2.2", false],
    [["0.0.0.0/0"], "203.0.113.9", true],
    [["0.0.0.0/0"], "2001:db8::1", false],
    [["2001:db8::/33"], "2001:db8:7fff::1", true],
    [["2001:db8::/33"], "2001:db8:8000::1", false],
    [[], "192.0.2.1", false],
  ];
  for (const [prefixes, address, has] of cases) {
    it(`${prefixes.join(" ") || "nothing"} ${has ? "has" : "has not"} ${address}`, () => {
      assert.equal(new PrefixSet(prefixes).has(addressOctets(address)), has);
    });
  }

  it("has an address exactly where its leading bits are those of a prefix", () => {
    const bitsOf = (octets: readonly number[]) => octets.map((octet) => octet.toString(2).padStart(8, "0")).join("");
    const anyAddress = fc.array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(anyAddress, fc.nat(32)), { maxLength: 4 }), anyAddress, (prefixes, address) => {
        const set = new PrefixSet(prefixes.map(([octets, bits]) => `${octets.join(".")}/${bits}`));
        const wanted = prefixes.some(
          ([octets, bits]) => bitsOf(octets).slice(0, bits) === bitsOf(address).slice(0, bits),
        );
        assert.equal(set.has(Uint8Array.from(address)), wanted);
      }),
    );
  });

  it("is not made of what is no prefix", () => {
    for (const text of ["192.0.2.0/33", "192.0.2", "2001:db8::/129", "192.0.2.0/x", "192.0.2.0/-1", ""]) {
      assert.throws(() => new PrefixSet([text]), PrefixError, text);
    }
  });
});

describe("AccessList", () => {
  const address = addressOctets("192.0.2.1");
  const key = parseName("transfer.");

  it("allows what any of its rules allows, and nobody without rules", () => {
    const list = new AccessList([
      { prefixes: ["198.51.100.0/24"], key: null },
      { prefixes: ["192.0.2.0/24"], key: "Transfer" },
    ]);
    assert.equal(list.allows(address, undefined), false);
    assert.equal(list.allows(address, key), true);
    assert.equal(list.allows(address, parseName("other.")), false);
    assert.equal(list.allows(addressOctets("198.51.100.7"), undefined), true);
    assert.equal(list.allows(addressOctets("203.0.113.1"), key), false);
    assert.equal(new AccessList([]).allows(address, key), false);
  });

  it("is open where a rule has every address and no key", () => {
    assert.equal(new AccessList([{ prefixes: everywhere, key: null }]).isOpen, true);
    assert.equal(new AccessList([{ prefixes: everywhere, key: "k" }]).isOpen, false);
    assert.equal(new AccessList([{ prefixes: ["0.0.0.0/0"], key: null }]).isOpen, false);
  });
});
