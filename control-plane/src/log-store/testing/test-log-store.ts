import { describe } from "node:test";
import { testContext } from "./contract/context.ts";
import { createContract, type OpenStore } from "./contract/contract.ts";
import { testCounts } from "./contract/counts.ts";
import { testFollowing } from "./contract/following.ts";
import { testKeeping } from "./contract/keeping.ts";
import { testPages } from "./contract/pages.ts";
import { testPatterns } from "./contract/patterns.ts";
import { testQueries } from "./contract/queries.ts";
import { testRecords } from "./contract/records.ts";

/** What every store of logs promises. `open` gives an empty one, `close` closes it and removes what it kept. */
export function testLogStore(name: string, open: OpenStore): void {
  describe(name, () => {
    const contract = createContract(open);
    for (const testPromises of promises) testPromises(contract);
  });
}

const promises = [
  testRecords,
  testQueries,
  testPages,
  testCounts,
  testPatterns,
  testContext,
  testFollowing,
  testKeeping,
];
