import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newRecord, noonUs, secondUs } from "../contract-records.ts";
import { around, asking, at, type Contract } from "./contract.ts";

/** Histograms, top values and names of fields count each record that matches once. */
export function testCounts({ current, append, page, withStore }: Contract): void {
  describe("counts", () => {
    withStore(async () => {
      const severities = ["err", "info", null] as const;
      await append(
        Array.from({ length: 600 }, (_, index) =>
          newRecord({
            timeUs: noonUs - 300 * secondUs + index * secondUs,
            severity: severities[index % 3] ?? null,
            host: `web${index % 4}`,
            message: index % 2 === 0 ? "even number" : "odd number",
            fields: { n: index % 5, ...(index % 10 === 0 ? { tenth: "yes" } : {}) },
          }),
        ),
      );
    });

    for (const [query, expected] of [
      ["", 600],
      ["even", 300],
      ["host:web1", 150],
      ["n>=4", 120],
      ["severity:err", 200],
    ] as const) {
      it(`a histogram of \`${query}\` has each record in its bin`, async () => {
        const fromUs = noonUs - 290 * secondUs;
        const histogram = await current().histogram({ ...asking(query, { fromUs }), bins: 100 });
        const found = (await page(query, { fromUs })).records;
        assert.ok(histogram.bins.length <= 100);
        assert.ok(histogram.fromUs <= fromUs);
        const bins = histogram.bins.map(() => 0);
        for (const { timeUs } of found) {
          const bin = Math.floor((timeUs - histogram.fromUs) / histogram.binUs);
          bins[bin] = at(bins, bin) + 1;
        }
        assert.deepEqual(
          histogram.bins.map(({ count }) => count),
          bins,
        );
        const sum = histogram.bins.reduce((all, { count }) => all + count, 0);
        assert.ok(sum <= expected && sum > expected * 0.9, `${sum}`);
        const ofErrors = histogram.bins.reduce((all, { severities: { err = 0 } }) => all + err, 0);
        assert.equal(ofErrors, found.filter(({ severity }) => severity === "err").length);
        const withoutSeverity = histogram.bins.reduce((all, { severities: { none = 0 } }) => all + none, 0);
        assert.equal(withoutSeverity, found.filter(({ severity }) => severity === null).length);
        assert.equal(histogram.isComplete, true);
      });
    }

    it("by seconds are as right as by minutes", async () => {
      const range = { fromUs: noonUs, toUs: noonUs + 20 * secondUs };
      const { binUs, bins } = await current().histogram({ ...asking("", range), bins: 20 });
      assert.equal(binUs, secondUs);
      assert.deepEqual(
        bins.map(({ count }) => count),
        Array.from({ length: 20 }, () => 1),
      );
    });

    it("of a field's values are the most frequent first", async () => {
      const byHost = await current().top({ ...asking("even"), field: "host", limit: 1 });
      assert.deepEqual(byHost, {
        field: "host",
        values: [{ value: "web0", count: 150 }],
        having: 300,
        matched: 300,
        isComplete: true,
      });
      const all = await current().top({ ...asking(""), field: "host", limit: 10 });
      assert.deepEqual(
        all.values.map(({ count }) => count),
        [150, 150, 150, 150],
      );
      const tenth = await current().top({ ...asking(""), field: "tenth", limit: 10 });
      assert.deepEqual(tenth, {
        field: "tenth",
        values: [{ value: "yes", count: 60 }],
        having: 60,
        matched: 600,
        isComplete: true,
      });
      const severity = await current().top({ ...asking("even"), field: "severity", limit: 10 });
      assert.deepEqual([severity.having, severity.matched], [200, 300]);
      const n = await current().top({ ...asking("n>=3"), field: "n", limit: 10 });
      assert.deepEqual(n.values.map(({ value }) => Number(value)).toSorted(), [3, 4]);
    });

    it("of a customer's records leave out the others", async () => {
      const none = asking("", { scope: { kind: "customer", customer: "globex" } });
      assert.equal(
        (await current().histogram({ ...none, bins: 10 })).bins.every(({ count }) => count === 0),
        true,
      );
      assert.equal((await current().top({ ...none, field: "host", limit: 10 })).matched, 0);
      assert.deepEqual(await current().fieldNames({ ...none, limit: 10 }), []);
      assert.deepEqual((await current().patterns({ ...none, before: around, order: "count", limit: 10 })).patterns, []);
    });

    it("names of fields are known, the most frequent first", async () => {
      assert.deepEqual(await current().fieldNames({ ...asking(""), limit: 10 }), ["n", "tenth"]);
      assert.deepEqual(await current().fieldNames({ ...asking(""), limit: 1 }), ["n"]);
    });
  });
}
