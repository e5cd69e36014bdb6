import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { createHost } from "../host/create-host.ts";
import { everything } from "../scope/index.ts";
import { findEnded, findHostMetrics, markEnded, packExposition, saveHostMetrics, unpackExposition } from "./store.ts";

forEachDialect((_dialect, open) => {
  it("what a host pushed last is kept byte for byte, replaced by the next, and gone with its host", async () => {
    const { db, dialect, ...database } = await open();
    const host = { name: "web1", displayName: null, address: null, labels: {}, groups: [], notes: "" };
    const settings = { customer: "acme", maxCheckAttempts: 3, freshnessSeconds: null, origin: "operator" as const };
    const hostId = await database.transaction((tx) => createHost(tx, dialect, { ...host, ...settings }, 1));
    const text = 'm{l="ü\\n\\""} 1\n'.repeat(2_000);
    const metrics = {
      hostId,
      batchIds: ["a", "b"],
      scrapedAtMs: 1_790_000_000_000,
      staleAtMs: 1_790_000_030_000,
      isEnded: false,
      samples: 2_000,
      expositionGzip: await packExposition(text),
    };
    await saveHostMetrics(db, dialect, { ...metrics, batchIds: ["old"], samples: 1 });
    await saveHostMetrics(db, dialect, metrics);
    const found = await findHostMetrics(db, { kind: "customer", customer: "acme" }, hostId);
    assert.deepEqual(found, metrics);
    assert.equal(await unpackExposition(metrics), text);
    assert.equal(await findHostMetrics(db, { kind: "customer", customer: "other" }, hostId), null);
    assert.equal((await findEnded(db, metrics.staleAtMs - 1, 9)).length, 0);
    assert.equal((await findEnded(db, metrics.staleAtMs, 9)).length, 1);
    await markEnded(db, { hostId, scrapedAtMs: 5 });
    assert.equal((await findEnded(db, metrics.staleAtMs, 9)).length, 1);
    await markEnded(db, metrics);
    assert.equal((await findEnded(db, metrics.staleAtMs, 9)).length, 0);
    await db.deleteFrom("host").where("id", "=", hostId).execute();
    assert.equal(await findHostMetrics(db, everything, hostId), null);
  });
});
