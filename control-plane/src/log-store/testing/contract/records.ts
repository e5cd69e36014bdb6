import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newRecord, noonUs, secondUs } from "../contract-records.ts";
import { asking, at, type Contract, hourUs, receivedAtMs } from "./contract.ts";

/** Records come back as they were given, and each chunk is stored once. */
export function testRecords({ current, append, page, messages, withStore }: Contract): void {
  describe("records", () => {
    withStore();

    it("come back as they were given, with where they stand and when they were received", async () => {
      const record = newRecord({
        timeUs: noonUs + 123_456,
        message: 'Ünïcode \u{1f600} 中文, "quotes", a\ttab\nand a line',
        fields: { status: 404, "http.path": "/x", ok: true, ratio: 0.5, empty: "" },
      });
      assert.deepEqual(await append([record]), { stored: 1, isDuplicate: false });
      const { records, cursor, isComplete } = await page("");
      assert.equal(records.length, 1);
      const { id, ...found } = at(records, 0);
      assert.deepEqual(found, { ...record, receivedAtMs });
      assert.match(id, /./);
      assert.equal(cursor, null);
      assert.equal(isComplete, true);
    });

    it("without host id, customer, severity, facility and fields come back without them", async () => {
      const record = newRecord({
        host: "switch",
        hostId: null,
        customer: null,
        service: "",
        severity: null,
        facility: null,
        message: "",
      });
      await append([record]);
      const [found] = (await page("host:switch")).records;
      assert.ok(found);
      const { id: _, receivedAtMs: __, ...rest } = found;
      assert.deepEqual(rest, record);
    });

    it("of a chunk that comes again are stored once", async () => {
      const records = [newRecord({ message: "chunked one" }), newRecord({ message: "chunked two" })];
      assert.deepEqual(await append(records, "c1"), { stored: 2, isDuplicate: false });
      assert.deepEqual(await append(records, "c1"), { stored: 0, isDuplicate: true });
      assert.deepEqual(await append(records, "c2"), { stored: 2, isDuplicate: false });
      assert.equal((await messages("chunked")).length, 4);
    });

    it("of a chunk that comes twice at once are stored once", async () => {
      const records = [newRecord({ message: "twice" })];
      const results = await Promise.all([append(records, "t1"), append(records, "t1")]);
      assert.equal(results.filter(({ isDuplicate }) => isDuplicate).length, 1);
      assert.equal((await messages("twice")).length, 1);
    });

    it("of a chunk over midnight are stored once each, on both days", async () => {
      const midnight = Date.UTC(2026, 10, 20) * 1000;
      const records = [-2, -1, 0, 1].map((second) =>
        newRecord({ timeUs: midnight + second * secondUs, message: `midnight ${second}` }),
      );
      assert.equal((await append(records, "m1")).stored, 4);
      assert.deepEqual(await append(records, "m1"), { stored: 0, isDuplicate: true });
      const range = { fromUs: midnight - hourUs, toUs: midnight + hourUs };
      const { records: found } = await page("midnight", range);
      assert.deepEqual(
        found.map(({ message }) => message),
        ["midnight 1", "midnight 0", "midnight -1", "midnight -2"],
      );
      const oldest = await current().search({ ...asking("midnight", range), order: "oldest", limit: 3, cursor: null });
      assert.deepEqual(
        oldest.records.map(({ message }) => message),
        ["midnight -2", "midnight -1", "midnight 0"],
      );
    });

    it("with times that nobody can believe are stored when they were received, and say what they said", async () => {
      const times = [-1, Number.NaN, Number.POSITIVE_INFINITY, 8.64e18, receivedAtMs * 1000 + 7 * 24 * hourUs, 5];
      const records = times.map((timeUs, index) => newRecord({ timeUs, message: `unbelievable ${index}` }));
      assert.equal((await append(records, "u1")).stored, times.length);
      const { records: found } = await page("unbelievable");
      assert.equal(found.length, times.length);
      for (const record of found) {
        assert.equal(record.receivedAtMs, receivedAtMs);
        assert.ok(Math.abs(record.timeUs - receivedAtMs * 1000) < 1000);
        assert.ok("original_time" in record.fields);
      }
      const later = await current().append({
        chunk: { sender: "agent 1", id: "u1" },
        receivedAtMs: receivedAtMs + 3 * 86_400_000,
        records,
      });
      assert.deepEqual(later, { stored: 0, isDuplicate: true });
    });

    it("of an empty batch are none", async () => {
      assert.deepEqual(await append([]), { stored: 0, isDuplicate: false });
    });
  });
}
