import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLogQuery } from "@mycloud/protocol/log-query";
import { newRecord, noonUs } from "../contract-records.ts";
import { acme, type Contract } from "./contract.ts";

/** Who follows gets what is stored from then on, and never more than it takes. */
export function testFollowing({ current, append, page, withStore }: Contract): void {
  describe("following", () => {
    withStore();

    it("gives records as they are stored, of the asker's customer, with the ids they have", async () => {
      const ended = new AbortController();
      const tail = current().tail({
        condition: parseLogQuery("followed"),
        scope: acme,
        limit: 100,
        signal: ended.signal,
      });
      const batches = tail[Symbol.asyncIterator]();
      await append([
        newRecord({ message: "followed one" }),
        newRecord({ message: "other" }),
        newRecord({ message: "followed two", customer: "globex" }),
      ]);
      const { value } = await batches.next();
      assert.deepEqual(
        value?.records.map(({ message }: { message: string }) => message),
        ["followed one"],
      );
      const [stored] = (await page("followed customer:acme")).records;
      assert.deepEqual(value?.records[0], stored);
      const next = batches.next();
      ended.abort(new Error("enough"));
      await assert.rejects(next, /enough/);
    });

    it("slowly leaves out the oldest and says how many", async () => {
      const ended = new AbortController();
      const tail = current().tail({ condition: parseLogQuery("slow"), scope: acme, limit: 10, signal: ended.signal });
      const batches = tail[Symbol.asyncIterator]();
      await append(
        Array.from({ length: 35 }, (_, index) => newRecord({ timeUs: noonUs + index, message: `slow ${index}` })),
      );
      let skipped = 0;
      const got: string[] = [];
      while (skipped + got.length < 35) {
        const { value } = await batches.next();
        skipped += value?.skipped ?? 0;
        got.push(...(value?.records.map(({ message }: { message: string }) => message) ?? []));
      }
      assert.equal(skipped, 25);
      assert.equal(got.at(-1), "slow 34");
      ended.abort();
    });
  });
}
