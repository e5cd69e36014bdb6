import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LogPage } from "@mycloud/protocol/log-search";
import { newRecord, noonUs, secondUs } from "../contract-records.ts";
import { asking, type Contract } from "./contract.ts";

/** Pages follow one another without gaps, whatever comes meanwhile. */
export function testPages({ current, append, withStore }: Contract): void {
  describe("pages", () => {
    withStore(async () => {
      // Several of the same microsecond, as logs by the second have them.
      await append(
        Array.from({ length: 250 }, (_, index) =>
          newRecord({ timeUs: noonUs + Math.floor(index / 10) * secondUs, message: `line ${index}` }),
        ),
      );
    });

    async function readAll(order: "newest" | "oldest", between: () => Promise<void> = async () => {}) {
      const pages: LogPage[] = [];
      let cursor: string | null = null;
      do {
        const next: LogPage = await current().search({ ...asking("line"), order, limit: 40, cursor });
        pages.push(next);
        ({ cursor } = next);
        await between();
      } while (cursor !== null);
      return pages.flatMap(({ records }) => records);
    }

    for (const order of ["newest", "oldest"] as const) {
      it(`${order} first follow one another without gaps and without repeating`, async () => {
        const records = await readAll(order);
        assert.equal(new Set(records.map(({ message }) => message)).size, 250);
        assert.equal(records.length, 250);
        const ids = records.map(({ id }) => id);
        assert.deepEqual(ids, order === "oldest" ? ids.toSorted() : ids.toSorted().reverse());
      });
    }

    it("stay the same while records come", async () => {
      const expected = (await readAll("newest")).map(({ id }) => id);
      const records = await readAll("newest", async () => {
        await append([newRecord({ timeUs: noonUs + 1000 * secondUs, message: "line of now" })]);
      });
      assert.deepEqual(
        records.map(({ id }) => id),
        expected,
      );
    });
  });
}
