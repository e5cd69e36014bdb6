import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLogQuery } from "@mycloud/protocol/log-query";
import type { LogQuestion } from "../../log-store.ts";
import { newRecord, noonUs, secondUs } from "../contract-records.ts";
import { asking, type Contract, hourUs } from "./contract.ts";

/** Patterns say what messages have in common, and are asked for by their ids. */
export function testPatterns({ current, append, page, withStore }: Contract): void {
  describe("patterns", () => {
    const before = { fromUs: noonUs - hourUs, toUs: noonUs };
    const now = { fromUs: noonUs, toUs: noonUs + hourUs };
    withStore(async () => {
      const logins = Array.from({ length: 40 }, (_, index) =>
        newRecord({
          timeUs: noonUs - 1800 * secondUs + index * 60 * secondUs,
          host: `web${index % 3}`,
          message: `Accepted password for user${index} from 10.0.0.${index} port ${4000 + index}`,
        }),
      );
      const failures = Array.from({ length: 30 }, (_, index) =>
        newRecord({
          timeUs: noonUs + (index + 1) * secondUs,
          severity: "err",
          message: `Failed to open /var/lib/file${index}: timed out after ${index}ms`,
        }),
      );
      const names = ["alice", "bob", "carol"].map((user, index) =>
        newRecord({ timeUs: noonUs + index * secondUs, message: `session opened for user ${user} by root` }),
      );
      await append([...logins, ...failures, ...names]);
    });

    async function patterns(order: "count" | "risen" | "new", some: Partial<LogQuestion> = {}) {
      return await current().patterns({ ...asking("", { ...now, ...some }), before, order, limit: 10 });
    }

    it("say what messages have in common, how often, since when, and how it was before", async () => {
      const { patterns: found, others, isComplete } = await patterns("count");
      assert.deepEqual([others, isComplete], [0, true]);
      assert.deepEqual(
        found.map(({ template, count, countBefore }) => [template, count, countBefore]),
        [
          ["Failed to open <path>: timed out after <num>ms", 30, 0],
          ["Accepted password for user<num> from <ip> port <num>", 10, 30],
          ["session opened for user <*> by root", 3, 0],
        ],
      );
      const [failed] = found;
      assert.equal(failed?.severity, "err");
      assert.equal(failed?.hosts, 1);
      assert.equal(failed?.firstSeenUs, noonUs + secondUs);
      assert.equal(failed?.lastSeenUs, noonUs + 30 * secondUs);
      assert.match(failed?.example?.message ?? "", /^Failed to open/);
    });

    it("that are new, and those that rose most, are told", async () => {
      const fresh = (await patterns("new")).patterns.map(({ count }) => count);
      assert.deepEqual(fresh, [30, 3]);
      const risen = (await patterns("risen")).patterns.map(({ count }) => count);
      assert.deepEqual(risen, [30, 3]);
    });

    it("are of what is asked for only", async () => {
      const { patterns: found } = await patterns("count", { condition: parseLogQuery("severity:err failed") });
      assert.deepEqual(
        found.map(({ count }) => count),
        [30],
      );
      const part = await patterns("count", { fromUs: noonUs + secondUs, toUs: noonUs + 11 * secondUs });
      assert.equal(part.patterns[0]?.count, 10);
    });

    it("have ids by which their records are found", async () => {
      for (const { id, count } of (await patterns("count")).patterns) {
        const query = asking(`pattern:${id}`, now);
        assert.equal((await current().count({ ...query, atMost: 100 })).count, count);
        const { records } = await page(`pattern:${id}`, now);
        assert.equal(records.length, count);
      }
      assert.equal((await page("pattern:nothing")).records.length, 0);
    });
  });
}
