import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Scope } from "../../../scope/index.ts";
import { newRecord, noonUs, secondUs } from "../contract-records.ts";
import { acme, type Contract, hourUs } from "./contract.ts";

/** The context of a record is of its host and source alone. */
export function testContext({ current, append, page, withStore }: Contract): void {
  describe("the context of a record", () => {
    withStore(async () => {
      await append(
        Array.from({ length: 90 }, (_, index) =>
          newRecord({
            timeUs: noonUs - 12 * hourUs + (index - 45) * secondUs,
            host: `web${index % 3}`,
            hostId: index % 3,
            service: index % 2 === 0 ? "a" : "b",
            message: `context ${index}`,
          }),
        ),
      );
    });

    it("is what its host wrote to the same source before and after it, over midnight too", async () => {
      const range = { fromUs: noonUs - 13 * hourUs, toUs: noonUs };
      const { records } = await page("context host:web0", range);
      const middle = records.find(({ message }) => message === "context 45");
      assert.ok(middle);
      const { id } = middle;
      const signal = AbortSignal.timeout(60_000);
      const context = await current().context({ id, before: 3, after: 2, scope: acme, signal });
      assert.deepEqual(
        context.map(({ message }) => message),
        ["context 36", "context 39", "context 42", "context 45", "context 48", "context 51"],
      );
      const scope: Scope = { kind: "customer", customer: "globex" };
      assert.deepEqual(await current().context({ id, before: 3, after: 2, scope, signal }), []);
      assert.deepEqual(await current().context({ id: "zzzz", before: 3, after: 2, scope: acme, signal }), []);
    });
  });
}
