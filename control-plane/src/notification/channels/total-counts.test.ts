import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createTotalCounts } from "./total-counts.ts";

describe("totals", () => {
  let nowMs = 100_000;
  let counted = 0;
  const totals = createTotalCounts(
    async () => {
      counted++;
      if (counted === 4) throw new Error("the database is away");
      return { hosts: [{ state: "UP", count: counted, unhandled: 0 }], services: [] };
    },
    () => nowMs,
  );
  const hostsAsOf = async (atMs: number) => (await totals.asOf(atMs)).hosts[0]?.count;

  it("are counted once for many messages at a time", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => hostsAsOf(99_000)));
    assert.deepEqual([...new Set(answers)], [1]);
    nowMs += 4_999;
    assert.equal(await hostsAsOf(99_000), 1);
  });

  it("are counted again for a message that is newer than they are", async () => {
    assert.equal(await hostsAsOf(100_001), 2);
  });

  it("are counted again after five seconds", async () => {
    nowMs += 5_000;
    assert.equal(await hostsAsOf(99_000), 3);
  });

  it("are not kept when counting failed", async () => {
    nowMs += 5_000;
    await assert.rejects(totals.asOf(0), /away/);
    assert.equal(await hostsAsOf(0), 5);
  });
});
