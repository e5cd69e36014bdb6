import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { instantNs, instantSeconds, instantText, instantTextOf, localInstantText, nanosecondsOf } from "./index.ts";

const nsOf = (seconds: number, nanoseconds = 0) => BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);

describe("an instant", () => {
  const table: readonly [string, bigint][] = [
    ["1970-01-01T00:00:00Z", 0n],
    ["1970-01-01T00:00:00.000000001Z", 1n],
    ["1969-12-31T23:59:59.999999999Z", -1n],
    ["1901-12-13T20:45:52Z", nsOf(-2_147_483_648)],
    ["2446-05-10T22:38:55.999999999Z", nsOf(15_032_385_535, 999_999_999)],
    ["2024-02-29T12:00:00.1Z", nsOf(1_709_208_000, 100_000_000)],
    ["2000-02-29T23:59:59Z", nsOf(951_868_799)],
    ["0000-01-01T00:00:00Z", nsOf(-62_167_219_200)],
    ["9999-12-31T23:59:59.999999999Z", nsOf(253_402_300_799, 999_999_999)],
  ];
  for (const [text, ns] of table) {
    test(`${text} is read and written to the nanosecond`, () => {
      assert.equal(instantText(ns), text);
      assert.equal(instantNs(text), ns);
    });
  }

  test("is read in any zone, as restic writes it where the host is not in UTC", () => {
    for (const text of ["2024-02-29T12:00:00+00:00", "2024-02-29T17:30:00+05:30", "2024-02-29T03:30:00-08:30"]) {
      assert.equal(instantNs(text), nsOf(1_709_208_000), text);
    }
  });

  test("of a clock on the wall is the same instant in the zone of the host", () => {
    const zone = process.env.TZ;
    const ms = 1_709_208_000_250;
    try {
      for (const [name, text] of [
        ["UTC", "2024-02-29T12:00:00.25Z"],
        ["Asia/Kolkata", "2024-02-29T17:30:00.25+05:30"],
        ["America/St_Johns", "2024-02-29T08:30:00.25-03:30"],
      ] as const) {
        process.env.TZ = name;
        assert.equal(localInstantText(ms), text);
        assert.equal(instantNs(localInstantText(ms)), BigInt(ms) * 1_000_000n);
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test("beyond the years that RFC 3339 knows keeps all but the year", () => {
    const year10000 = nsOf(253_402_300_800 + 86_400 * 40, 5);
    assert.equal(instantText(year10000), "9999-02-10T00:00:00.000000005Z");
    const beforeYear0 = nsOf(-62_167_219_200 - 86_400);
    assert.equal(instantText(beforeYear0), "0000-12-31T00:00:00Z");
  });

  test("is refused when calendar or clock do not know it", () => {
    const wrong =
      "2023-02-29T00:00:00Z 2024-13-01T00:00:00Z 2024-00-01T00:00:00Z 2024-01-32T00:00:00Z 1900-02-29T00:00:00Z 2024-01-01T24:00:00Z 2024-01-01T00:60:00Z 2024-01-01T00:00:60Z 2024-01-01T00:00:00 2024-01-01 2024-01-01T00:00:00.Z 2024-01-01T00:00:00.1234567890Z 2024-01-01T00:00:00+25:00 24-01-01T00:00:00Z now";
    for (const text of wrong.split(" ")) {
      assert.ok(Number.isNaN(instantSeconds(text)), text);
      assert.throws(() => instantNs(text), /InputError/, text);
    }
  });

  test("is the same after writing and reading, and agrees with Date", () => {
    const seconds = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 999_999_999 }), (whole, nanoseconds) => {
        const text = instantTextOf(whole, nanoseconds);
        assert.equal(text, instantText(nsOf(whole, nanoseconds)));
        assert.equal(instantSeconds(text), whole);
        assert.equal(nanosecondsOf(text), nanoseconds);
        assert.equal(instantNs(text), nsOf(whole, nanoseconds));
        const date = new Date(whole * 1000).toISOString();
        assert.equal(text.slice(0, 19), date.slice(0, 19));
      }),
    );
  });
});
