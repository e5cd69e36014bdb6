import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newRecord, noonUs } from "../contract-records.ts";
import { asking, type Contract, hourUs } from "./contract.ts";

/** What is too old or too much goes, the rest stays, and the status says what there is. */
export function testKeeping({ current, append, page, messages, withStore }: Contract): void {
  describe("keeping", () => {
    withStore(async () => {
      const days = [-40, -20, 0].map((day) => noonUs + day * 24 * hourUs);
      for (const timeUs of days) {
        await append([
          ...Array.from({ length: 20 }, (_, index) =>
            newRecord({ timeUs: timeUs + index, source: "big", message: `big ${"x".repeat(1000)}` }),
          ),
          newRecord({ timeUs, source: "small", message: "small" }),
        ]);
      }
    });

    const all = { fromUs: noonUs - 60 * 24 * hourUs, toUs: noonUs + hourUs };

    it("says how much there is", async () => {
      const status = await current().status();
      assert.equal(status.records, 63);
      assert.equal(status.oldestUs, noonUs - 40 * 24 * hourUs);
      assert.ok(status.bytes > 0);
      assert.deepEqual([status.fault, status.quarantined], [null, []]);
    });

    it("ends after so many days", async () => {
      const { removedRecords } = await current().maintain({ days: 30, bytesPerSource: null }, noonUs / 1000);
      assert.equal(removedRecords, 21);
      assert.equal((await messages("", all)).length, 42);
      assert.equal((await current().count({ ...asking("small", all), atMost: 10 })).count, 2);
    });

    it("ends with the oldest of a source that has too much", async () => {
      await current().maintain({ days: 30, bytesPerSource: 25_000 }, noonUs / 1000);
      const big = (await page("big", all)).records;
      assert.ok(big.length >= 20 && big.length < 30, `${big.length}`);
      assert.equal((await messages("small", all)).length, 2);
      assert.equal((await current().count({ ...asking("source:big", all), atMost: 100 })).count, big.length);
    });
  });
}
