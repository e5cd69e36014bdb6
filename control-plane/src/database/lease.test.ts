import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { pino } from "pino";
import type { ConnectedDatabase } from "./dialect/dialect.ts";
import { createLeases } from "./lease.ts";
import { forEachDialect } from "./testing/dialects.ts";

const logger = pino({ level: "silent" });

forEachDialect((_dialect, open) => {
  let database: ConnectedDatabase;
  let nowMs = 1_000_000;
  let ran: string[] = [];
  beforeEach(async () => {
    database = await open();
    ran = [];
  });
  const plane = (holder: string) => createLeases({ database, holder, now: () => nowMs, logger });
  const run = (leases: ReturnType<typeof plane>, name: string) =>
    leases.runLeased("job", 10_000, async () => {
      ran.push(name);
    });

  it("of several control planes one runs the job, and another when it stops", async () => {
    const [a, b] = [plane("a"), plane("b")];
    assert.deepEqual([await run(a, "a"), await run(b, "b"), await run(a, "a")], [true, false, true]);
    await a.releaseAll();
    assert.equal(await run(b, "b"), true);
    assert.equal(await run(a, "a"), false);
    assert.deepEqual(ran, ["a", "a", "b"]);
  });

  it("a lease whose holder died is taken over when it runs out, not before", async () => {
    const [a, b] = [plane("a"), plane("b")];
    await run(a, "a");
    nowMs += 9_999;
    assert.equal(await run(b, "b"), false);
    nowMs += 1;
    assert.equal(await run(b, "b"), true);
  });

  it("a holder that keeps running keeps its lease", async () => {
    const [a, b] = [plane("a"), plane("b")];
    for (let second = 0; second < 30; second++) {
      assert.equal(await run(a, "a"), true);
      assert.equal(await run(b, "b"), false);
      nowMs += 1000;
    }
  });

  it("a hundred at once are one", async () => {
    const planes = Array.from({ length: 100 }, (_, index) => plane(`p${index}`));
    const results = await Promise.all(planes.map((leases, index) => run(leases, `p${index}`)));
    assert.equal(results.filter(Boolean).length, 1);
  });

  it("releasing gives up one's own leases only", async () => {
    const [a, b] = [plane("a"), plane("b")];
    await run(a, "a");
    nowMs += 10_001;
    await run(b, "b");
    await a.releaseAll();
    assert.equal(await run(plane("c"), "c"), false);
  });
});
