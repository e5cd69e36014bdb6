import assert from "node:assert/strict";
import { test } from "node:test";
import { tokensOf } from "@mycloud/protocol/log-query";
import fc from "fast-check";
import { addressTokensOf, addressWords } from "./address-token.ts";

test("an address is one word wherever it stands, and whatever is between its numbers", () => {
  const [token = ""] = addressTokensOf(tokensOf("10.0.3.17"));
  assert.notEqual(token, "");
  for (const message of [
    "10.0.3.17",
    "from 10.0.3.17:443 on",
    "[10-0-3-17]",
    "ÿ 10.0.3.17",
    "1.10.0.3.17",
    "10 0 3 17 99999",
  ]) {
    assert.ok(addressWords(message).split(" ").includes(token), message);
  }
});

test("words that are no four short numbers together have none", () => {
  for (const message of ["", "10.0.3", "10.0.3.x17", "10.0.1234.17", "10.0.a.3.17", "1_0.0.3.17"]) {
    assert.equal(addressWords(message), "", message);
  }
});

test("different addresses have different words, but for a few", () => {
  const addresses = Array.from({ length: 1000 }, (_, number) => `10.0.${number >> 8}.${number & 255}`);
  assert.ok(new Set(addresses.map(addressWords)).size > 850);
});

test("a text of any kind has the words of its own words", () => {
  const piece = fc.oneof(
    fc.constantFrom("1", "10", "255", "0017", "a", ".", " ", ":", "_", "é", "\x01"),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const message = pieces.join("");
      assert.deepEqual(
        addressWords(message)
          .split(" ")
          .filter((word) => word !== ""),
        addressTokensOf(tokensOf(message)),
      );
    }),
    { numRuns: 500 },
  );
});
