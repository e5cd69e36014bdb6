import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { instantText } from "../tree/index.ts";
import {
  type CalendarDuration,
  decideRetention,
  formatCalendarDuration,
  parseCalendarDuration,
  type RetentionPolicy,
} from "./index.ts";
import { instantBefore, isoWeekOf, wallClockOf } from "./wall-clock.ts";

const nowMs = Date.parse("2024-03-15T12:00:00Z");

function snapshot(time: string, more: Partial<StoredSnapshot> = {}): StoredSnapshot {
  return { time, tree: "00".repeat(32), paths: ["/"], id: time, sequence: null, ...more };
}

/** "time: reasons" of what is kept, newest first. */
function kept(
  snapshots: readonly StoredSnapshot[],
  policy: RetentionPolicy,
  holds = new Map<string, string>(),
): string[] {
  return decideRetention(snapshots, policy, { nowMs, holds }).keep.map(
    ({ snapshot: { id }, reasons }) => `${id}: ${reasons.join(", ")}`,
  );
}

describe("a retention policy", () => {
  const times = [
    "2024-03-15T10:30:00Z",
    "2024-03-15T10:00:00Z",
    "2024-03-15T09:00:00Z",
    "2024-03-14T23:00:00Z",
    "2024-03-11T00:00:00Z",
    "2024-03-10T23:59:59Z",
    "2024-02-29T12:00:00Z",
    "2024-01-31T12:00:00Z",
    "2023-12-31T12:00:00Z",
    "2023-01-01T12:00:00Z",
  ];
  const list = times.toReversed().map((time) => snapshot(time));
  const table: readonly [RetentionPolicy, readonly string[]][] = [
    [{ keepLast: 2 }, [`${times[0]}: last snapshot`, `${times[1]}: last snapshot`]],
    [{ keepHourly: 2 }, [`${times[0]}: hourly snapshot`, `${times[2]}: hourly snapshot`]],
    [{ keepDaily: 3 }, [0, 3, 4].map((at) => `${times[at]}: daily snapshot`)],
    // March 11th 2024 is a Monday.
    [{ keepWeekly: 2 }, [0, 5].map((at) => `${times[at]}: weekly snapshot`)],
    [{ keepMonthly: 4 }, [0, 6, 7, 8].map((at) => `${times[at]}: monthly snapshot`)],
    [{ keepYearly: -1 }, [0, 8].map((at) => `${times[at]}: yearly snapshot`)],
    [{ keepLast: -1 }, times.map((time) => `${time}: last snapshot`)],
    [{ keepWithin: parseCalendarDuration("1d") }, [0, 1, 2, 3].map((at) => `${times[at]}: within 1d`)],
    [{ keepWithinMonthly: parseCalendarDuration("1y") }, [0, 6, 7, 8].map((at) => `${times[at]}: monthly within 1y`)],
    [
      { keepLast: 1, keepDaily: 1, keepYearly: 1, keepWithin: parseCalendarDuration("1h") },
      [`${times[0]}: within 1h, last snapshot, daily snapshot, yearly snapshot`, `${times[1]}: within 1h`],
    ],
  ];
  for (const [policy, expected] of table) {
    test(`keeps what restic keeps with ${JSON.stringify(policy)}`, () =>
      assert.deepEqual(kept(list, policy), expected));
  }

  test("that is empty keeps all", () => {
    assert.equal(kept(list, {}).length, list.length);
    assert.equal(kept(list, { keepWithin: parseCalendarDuration("0d"), keepDaily: 0 }).length, list.length);
  });

  test("keeps what has all tags of one list; restic's empty tag means none", () => {
    const tagged = [
      snapshot("2024-01-01T00:00:00Z", { tags: ["a", "b"] }),
      snapshot("2024-01-02T00:00:00Z", { tags: ["a"] }),
      snapshot("2024-01-03T00:00:00Z"),
    ];
    assert.deepEqual(kept(tagged, { keepTags: [["a", "b"], ["c"]] }), ["2024-01-01T00:00:00Z: has tags [a, b]"]);
    assert.deepEqual(kept(tagged, { keepTags: [[""]] }), ["2024-01-03T00:00:00Z: has tags []"]);
  });

  test("never removes what is held, and counts it as any other", () => {
    const holds = new Map([[times[9]!, "audit"]]);
    assert.deepEqual(kept(list, { keepLast: 1 }, holds), [`${times[0]}: last snapshot`, `${times[9]}: held: audit`]);
  });

  test("counts days where the snapshot was made", () => {
    const evening = snapshot("2024-03-14T23:30:00-08:00");
    const morning = snapshot("2024-03-15T00:30:00-08:00");
    assert.equal(kept([evening, morning], { keepDaily: 9 }).length, 2);
    assert.equal(
      kept([snapshot("2024-03-15T07:30:00Z"), snapshot("2024-03-15T08:30:00Z")], { keepDaily: 9 }).length,
      1,
    );
  });

  test("counts durations from the newest that is not in the future", () => {
    const future = snapshot("2031-01-01T00:00:00Z");
    const day = { keepWithin: parseCalendarDuration("1d") };
    assert.deepEqual(kept([future, ...list], day), [
      "2031-01-01T00:00:00Z: within 1d",
      ...[0, 1, 2, 3].map((at) => `${times[at]}: within 1d`),
    ]);
  });
});

describe("with a server's sequence", () => {
  const at = (time: string, sequence: number) => snapshot(time, { id: `s${sequence}`, sequence });
  const policies: readonly RetentionPolicy[] = [
    { keepLast: 1 },
    { keepHourly: 1 },
    { keepDaily: 1 },
    { keepYearly: 1 },
    { keepWithin: parseCalendarDuration("7d") },
    { keepWithinDaily: parseCalendarDuration("7d") },
  ];
  const clocks: readonly [string, readonly string[]][] = [
    ["a year back", ["2024-03-10T00:00:00Z", "2024-03-11T00:00:00Z", "2023-03-12T00:00:00Z"]],
    ["a year ahead, then right", ["2024-03-10T00:00:00Z", "2025-03-11T00:00:00Z", "2024-03-12T00:00:00Z"]],
    ["a year ahead", ["2024-03-10T00:00:00Z", "2024-03-11T00:00:00Z", "2025-03-12T00:00:00Z"]],
  ];
  for (const [what, times] of clocks) {
    for (const policy of policies) {
      test(`the newest survives ${JSON.stringify(policy)} when the clock is ${what}`, () => {
        const list = times.map((time, index) => at(time, index + 1));
        const { keep } = decideRetention(list, policy, { nowMs });
        assert.equal(keep[0]?.snapshot.id, "s3");
      });
    }
  }
});

const durations: fc.Arbitrary<CalendarDuration> = fc.record(
  { years: fc.nat(3), months: fc.nat(20), days: fc.nat(60), hours: fc.nat(100) },
  { noNullPrototype: true },
);
const counts = fc.integer({ min: -1, max: 5 });
const policies: fc.Arbitrary<RetentionPolicy> = fc.record(
  {
    keepLast: counts,
    keepHourly: counts,
    keepDaily: counts,
    keepWeekly: counts,
    keepMonthly: counts,
    keepYearly: counts,
    keepWithin: durations,
    keepWithinHourly: durations,
    keepWithinDaily: durations,
    keepWithinWeekly: durations,
    keepWithinMonthly: durations,
    keepWithinYearly: durations,
  },
  { requiredKeys: [] },
);
const year = 365 * 86_400;
const snapshots = fc
  .array(fc.integer({ min: nowMs / 1000 - 3 * year, max: nowMs / 1000 + year }), { maxLength: 40 })
  .map((list) =>
    list.map((seconds, index) => snapshot(instantText(BigInt(seconds) * 1_000_000_000n), { id: `s${index}` })),
  );

describe("any policy", () => {
  test("keeps and removes each snapshot once, and gives a reason for each it keeps", () => {
    fc.assert(
      fc.property(snapshots, policies, (list, policy) => {
        const { keep, remove } = decideRetention(list, policy, { nowMs });
        const all = [...keep.map((one) => one.snapshot), ...remove].map(({ id }) => id);
        assert.deepEqual(all.sort(), list.map(({ id }) => id).sort());
        assert.ok(keep.every(({ reasons }) => reasons.length > 0));
      }),
    );
  });

  test("keeps no more by a count than it asks for", () => {
    fc.assert(
      fc.property(snapshots, fc.integer({ min: 1, max: 6 }), (list, count) => {
        for (const name of ["keepLast", "keepHourly", "keepDaily", "keepWeekly", "keepMonthly", "keepYearly"]) {
          assert.ok(decideRetention(list, { [name]: count }, { nowMs }).keep.length <= count);
        }
        assert.equal(decideRetention(list, { keepLast: count }, { nowMs }).keep.length, Math.min(count, list.length));
      }),
    );
  });

  test("keeps at least as much as each of its rules alone", () => {
    fc.assert(
      fc.property(snapshots, policies, (list, policy) => {
        const ids = new Set(decideRetention(list, policy, { nowMs }).keep.map((one) => one.snapshot.id));
        for (const [name, rule] of Object.entries(policy)) {
          const alone = { [name]: rule };
          if (decideRetention(list, alone, { nowMs }).keep[0]?.reasons[0] === "policy is empty") continue;
          for (const one of decideRetention(list, alone, { nowMs }).keep) assert.ok(ids.has(one.snapshot.id));
        }
      }),
    );
  });
});

describe("a calendar duration", () => {
  test("is read as it is written", () => {
    fc.assert(
      fc.property(durations, (duration) => {
        const text = formatCalendarDuration(duration);
        if (text !== "") assert.deepEqual(parseCalendarDuration(text), duration);
      }),
    );
    for (const wrong of ["", "7", "d", "-1d", "1w", "1d1y", "1d ago"]) {
      assert.throws(() => parseCalendarDuration(wrong), { code: "MYCLOUD_BACKUP_INPUT" }, wrong);
    }
  });

  test("before an instant runs over where a month is too short", () => {
    const before = (time: string, text: string) => instantText(instantBefore(time, parseCalendarDuration(text)));
    assert.equal(before("2024-03-31T12:00:00Z", "1m"), "2024-03-02T12:00:00Z");
    assert.equal(before("2023-03-31T12:00:00Z", "1m"), "2023-03-03T12:00:00Z");
    assert.equal(before("2024-02-29T00:00:00Z", "1y"), "2023-03-01T00:00:00Z");
    assert.equal(before("2024-01-15T00:30:00+01:00", "13m14d1h"), "2022-11-30T22:30:00Z");
  });
});

test("weeks are numbered as ISO 8601 does", () => {
  const weeks: readonly [string, number, number][] = [
    ["2024-01-01", 2024, 1],
    ["2023-01-01", 2022, 52],
    ["2020-12-31", 2020, 53],
    ["2021-01-03", 2020, 53],
    ["2018-12-31", 2019, 1],
    ["1969-12-29", 1970, 1],
  ];
  for (const [date, weekYear, week] of weeks)
    assert.deepEqual(isoWeekOf(wallClockOf(date)), { year: weekYear, week }, date);
});
