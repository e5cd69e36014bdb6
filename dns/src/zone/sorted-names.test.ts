import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compareNames, type DomainName, formatName, lowerName, parseName } from "../name/index.ts";
import { SortedNames } from "./sorted-names.ts";

const anyLabel = fc.oneof(
  fc.constantFrom("a", "b", "*", "Z", "0"),
  fc.array(fc.nat(255), { minLength: 1, maxLength: 3 }).map((octets) => String.fromCharCode(...octets)),
);
const anyName = fc
  .array(anyLabel, { maxLength: 4 })
  .map((labels) => `${labels.map((each) => String.fromCharCode(each.length) + each).join("")}\0` as DomainName);

/** What `atOrBefore` is, plainly. */
function lastUpTo(names: Iterable<DomainName>, name: DomainName): DomainName | undefined {
  const sorted = [...names].toSorted(compareNames);
  return sorted.findLast((each) => compareNames(each, name) <= 0) ?? sorted.at(-1);
}

describe("SortedNames", () => {
  test("finds what a sorted list of the same names has, whatever came and went", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), anyName), { maxLength: 60 }), anyName, (changes, asked) => {
        const names = new SortedNames();
        const wanted = new Set<DomainName>();
        for (const [isAdded, name] of changes) {
          if (isAdded) names.add(name);
          else names.delete(name);
          if (isAdded) wanted.add(lowerName(name));
          else wanted.delete(lowerName(name));
          assert.equal(names.size, wanted.size);
          assert.equal(names.atOrBefore(asked), lastUpTo(wanted, asked));
        }
      }),
    );
  });

  test("finds names among so many that they are in several pieces, come they in order or not, and when most are gone", () => {
    const count = 3_000;
    const nameOf = (number: number) => parseName(`h${String(number).padStart(5, "0")}.example.`);
    for (const stride of [1, count - 1, 1_009]) {
      const names = new SortedNames();
      for (let at = 0; at < count; at += 1) names.add(nameOf(((at * stride) % count) * 2));
      assert.equal(names.size, count);
      for (let at = 0; at < count; at += 1) {
        assert.equal(formatName(names.atOrBefore(nameOf(at * 2 + 1)) ?? assert.fail()), formatName(nameOf(at * 2)));
      }
      for (let at = 0; at < count; at += 1) if (at % 700 !== 0) names.delete(nameOf(at * 2));
      assert.equal(names.size, 5);
      assert.equal(names.atOrBefore(nameOf(1_399)), nameOf(0));
      assert.equal(names.atOrBefore(nameOf(1_401)), nameOf(1_400));
      assert.equal(names.atOrBefore(parseName("example.")), nameOf(5_600));
    }
  });
});
