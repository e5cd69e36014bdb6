import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  compareNames,
  countLabels,
  type DomainName,
  formatName,
  formatRelativeName,
  isAtOrBelow,
  lowerName,
  NameError,
  parentOf,
  parseName,
  rootName,
} from "./domain-name.ts";

const origin = parseName("example.org.");

describe("parseName", () => {
  const cases: [text: string, wire: string][] = [
    [".", "\0"],
    ["www", "\x03www\x07example\x03org\0"],
    ["www.example.net.", "\x03www\x07example\x03net\0"],
    ["a\\.b", "\x03a.b\x07example\x03org\0"],
    ["a\\046b", "\x03a.b\x07example\x03org\0"],
    ["\\000.", "\x01\0\0"],
    ["\\255\\\\.", "\x02\xff\\\0"],
    ["*", "\x01*\x07example\x03org\0"],
    ["_sip._tcp", "\x04_sip\x04_tcp\x07example\x03org\0"],
  ];
  for (const [text, wire] of cases) it(`reads ${text}`, () => assert.equal(parseName(text, origin), wire));

  const refused: [text: string, message: RegExp][] = [
    ["", /empty/],
    ["a..b", /empty label/],
    [".a", /empty label/],
    ["..", /empty label/],
    [`${"x".repeat(64)}.`, /64 octets.*63 are allowed/],
    [`${"x.".repeat(127)}x.`, /257 octets long as a name; 255 are allowed/],
    ["a\\", /ends in a backslash/],
    ["a\\25", /three digits up to 255/],
    ["a\\256", /three digits up to 255/],
    ["a b", /white space/],
    ["bücher.example.", /write it as xn--bcher-kva\.example/],
    [
      Buffer.from("bücher.example.").toString("latin1"),
      /"bücher.example." has letters beyond ASCII; write it as xn--bcher-kva\.example/,
    ],
  ];
  for (const [text, message] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.throws(
        () => parseName(text),
        (error) => error instanceof NameError && message.test(error.message),
      );
    });
  }

  it("takes the longest name there is", () => {
    assert.equal(parseName(`${"x.".repeat(127)}`).length, 255);
  });
});

const anyName = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 8 })
  .map((labels) => `${labels.map((label) => String.fromCharCode(label.length, ...label)).join("")}\0` as DomainName);

describe("formatName", () => {
  it("writes what parseName reads back, for any octets", () => {
    fc.assert(fc.property(anyName, (name) => parseName(formatName(name)) === name));
  });

  it("cuts the origin off where a name is below it", () => {
    assert.equal(formatRelativeName(parseName("a.EXAMPLE.org."), origin), "a");
    assert.equal(formatRelativeName(parseName("Example.org."), origin), "@");
    assert.equal(formatRelativeName(parseName("notexample.org."), origin), "notexample.org.");
    assert.equal(formatRelativeName(parseName("a.b."), rootName), "a.b.");
  });

  it("writes relative names that parseName reads back", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const text = formatRelativeName(name, origin);
        return lowerName(text === "@" ? origin : parseName(text, origin)) === lowerName(name);
      }),
    );
  });
});

describe("the tree of names", () => {
  it("knows what is below what by labels, in any case", () => {
    assert.equal(isAtOrBelow(parseName("a.Example.ORG."), origin), true);
    assert.equal(isAtOrBelow(origin, origin), true);
    assert.equal(isAtOrBelow(parseName("notexample.org."), origin), false);
    assert.equal(isAtOrBelow(parseName("a\\.example.org."), parseName("example.org.")), false);
    assert.equal(isAtOrBelow(parseName("org."), origin), false);
    assert.equal(isAtOrBelow(origin, rootName), true);
  });

  it("lowers letters and nothing else", () => {
    assert.equal(lowerName("\x04A\xc4Z[\0" as DomainName), "\x04a\xc4z[\0");
  });

  it("goes up to the root", () => {
    assert.equal(parentOf(origin), parseName("org."));
    assert.equal(parentOf(parentOf(origin)), rootName);
    assert.equal(parentOf(rootName), rootName);
    assert.equal(countLabels(origin), 2);
  });

  it("sorts as RFC 4034 §6.1 does", () => {
    const sorted = [
      "example.",
      "a.example.",
      "yljkjljk.a.example.",
      "Z.a.example.",
      "zABC.a.EXAMPLE.",
      "z.example.",
      "\\001.z.example.",
      "*.z.example.",
      "\\200.z.example.",
    ];
    const shuffled = sorted.toReversed().map((text) => parseName(text));
    assert.deepEqual(shuffled.toSorted(compareNames).map(formatName), sorted);
  });

  it("ends with what there is of a name that is cut off", () => {
    assert.equal(formatName("" as DomainName), "");
    assert.equal(formatName("\x03www" as DomainName), "www.");
  });
});
