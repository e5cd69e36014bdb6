import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { binsOf } from "./bin-width.ts";
import { parseLogStoreUrl } from "./log-store-location.ts";
import { placeRecords } from "./place-records.ts";
import {
  dayName,
  dayOf,
  dayOfName,
  firstRowOf,
  formatRecordId,
  microsecondsPerDay,
  parseRecordId,
  rowIdsPerDay,
  slotsPerMicrosecond,
  timeOfRow,
} from "./record-id.ts";

const day = fc.integer({ min: 0, max: 100_000 });
const rowId = fc.integer({ min: 0, max: rowIdsPerDay - 1 });

test("ids are read as they were written, and sort as time does", () => {
  fc.assert(
    fc.property(day, rowId, day, rowId, (day1, row1, day2, row2) => {
      const one = formatRecordId(day1, row1);
      assert.deepEqual(parseRecordId(one), { day: day1, rowId: row1 });
      const other = formatRecordId(day2, row2);
      assert.equal(one < other, day1 < day2 || (day1 === day2 && row1 < row2));
    }),
  );
});

test("the last row id of a day is a safe integer", () => {
  assert.ok(Number.isSafeInteger(rowIdsPerDay));
  assert.equal(parseRecordId(formatRecordId(1, rowIdsPerDay)), null);
  for (const text of ["", "zzzzzzzzzzzzzzz", "0", "A00000000000000", "0".repeat(16)])
    assert.equal(parseRecordId(text), null);
});

test("a row's time is the one that its range begins at", () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: microsecondsPerDay - 1 }), (someDay, inDay) => {
      const timeUs = someDay * microsecondsPerDay + inDay;
      const first = firstRowOf(someDay, timeUs);
      assert.equal(timeOfRow(someDay, first), timeUs);
      assert.equal(timeOfRow(someDay, first + slotsPerMicrosecond - 1), timeUs);
      assert.equal(dayOf(timeUs), someDay);
    }),
  );
  assert.equal(firstRowOf(5, 0), 0);
  assert.equal(firstRowOf(5, 1e18), rowIdsPerDay);
});

test("days are named as calendars do", () => {
  assert.equal(dayName(0), "1970-01-01");
  assert.equal(dayOfName("2026-11-23"), Date.UTC(2026, 10, 23) / 86_400_000);
  for (const text of ["2026-13-01", "2026-02-30", "x", "2026-11-23.sqlite"]) assert.equal(dayOfName(text), null);
});

test("bins cover the range, are no more than asked for, and begin where clocks do", () => {
  const start = fc.integer({ min: 0, max: 2e15 });
  fc.assert(
    fc.property(
      start,
      fc.integer({ min: 1, max: 1e14 }),
      fc.integer({ min: 2, max: 1000 }),
      (fromUs, length, wanted) => {
        const range = { fromUs, toUs: fromUs + length };
        const bins = binsOf(range, wanted);
        assert.ok(bins.count <= wanted);
        assert.ok(bins.fromUs <= range.fromUs && bins.fromUs + bins.binUs > range.fromUs);
        assert.ok(bins.fromUs + bins.count * bins.binUs >= range.toUs);
        assert.equal(bins.fromUs % bins.binUs, 0);
      },
    ),
  );
});

test("each record has one day, whatever its time says, within what is kept", () => {
  const received = Date.UTC(2026, 10, 20, 12);
  const today = dayOf(received * 1000);
  const times = fc.array(
    fc.oneof(fc.double(), fc.integer({ min: received * 1000 - 4e12, max: received * 1000 + 4e11 })),
  );
  fc.assert(
    fc.property(times, (given) => {
      const timesUs = Float64Array.from(given);
      const { parts, disbelieved } = placeRecords({ receivedAtMs: received, timesUs }, today - 30);
      const placed = parts.flatMap(({ indices }) => indices ?? [...timesUs.keys()]);
      assert.deepEqual(
        placed.toSorted((one, other) => one - other),
        [...timesUs.keys()],
      );
      for (const { day: placedDay, indices } of parts) {
        assert.ok(placedDay >= today - 30 && placedDay <= today + 1);
        for (const index of indices ?? timesUs.keys()) assert.equal(dayOf(timesUs[index]!), placedDay);
      }
      for (const [index, timeUs] of disbelieved) assert.ok(Object.is(timeUs, given[index]));
    }),
  );
});

test("a store's URL names server, user and database, and never a password", () => {
  assert.deepEqual(parseLogStoreUrl("http://logs@db.example.org:8123/mycloud", "secret"), {
    kind: "clickhouse",
    origin: "http://db.example.org:8123",
    database: "mycloud",
    user: "logs",
    password: "secret",
  });
  assert.equal(parseLogStoreUrl("https://h/d", null).user, "default");
  const refused = [
    "",
    "ftp://h/d",
    "http://u:secret@h/d",
    "http://h/",
    "http://h/a-b",
    "http://h/d?x=1",
    "http://h/a/b",
  ];
  for (const text of refused) {
    assert.throws(
      () => parseLogStoreUrl(text, null),
      (error: Error) => error.name === "InputError" && !error.message.includes("secret"),
    );
  }
});
