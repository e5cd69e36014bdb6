import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { it } from "node:test";
import { pino } from "pino";
import { createChangeBus } from "../change/index.ts";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { createSealer } from "../sealing/index.ts";
import { StatusView } from "./status-view.ts";

const logger = pino({ level: "silent" });

async function fixture(database: ConnectedDatabase) {
  const ingest = await ingestFixture(database, { hosts: 2, servicesPerHost: 2, maxCheckAttempts: 1 });
  const changes = createChangeBus(logger);
  const sealer = createSealer(randomBytes(32));
  const view = new StatusView({ database, changes, sealer, now: ingest.now });
  await view.refresh();
  return { ...ingest, changes, view };
}

function queriesOf(database: ConnectedDatabase): { readonly counted: ConnectedDatabase; count(): number } {
  let count = 0;
  const db = database.db.withPlugin({
    transformQuery: ({ node }) => {
      count++;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { counted: { ...database, db }, count: () => count };
}

forEachDialect((dialect, open) => {
  it("shows hosts and services by name, PENDING before the first result", async () => {
    const { view } = await fixture(await open());
    assert.deepEqual(
      view.services.map((service) => [service.host.name, service.name, service.state.hasBeenChecked]),
      [
        ["web1", "s1", false],
        ["web1", "s2", false],
        ["web2", "s1", false],
        ["web2", "s2", false],
      ],
    );
    assert.equal(view.serviceByName("web2", "s2")?.host, view.hostByName("web2"));
    assert.equal(view.serviceByName("web2", "s3"), undefined);
  });

  it("shows a result that was committed before it was refreshed, told by id or not", async () => {
    const database = await open();
    const { view, ids, storeBatches, changes } = await fixture(database);
    const [first, second] = ids[0]?.serviceIds ?? [];
    const hostId = ids[0]?.hostId ?? 0;
    await storeBatches([batchOf([resultOf(hostId, first ?? 0, 2)])]);
    changes.publish("services", [first ?? 0]);
    await view.refresh();
    assert.equal(view.serviceByName("web1", "s1")?.state.state, 2);
    await storeBatches([batchOf([resultOf(hostId, second ?? 0, 1)])]);
    changes.publish("services", null);
    await view.refresh();
    assert.equal(view.serviceByName("web1", "s2")?.state.output, "code 1");
  });

  it("is at most a second behind what another control plane stored and told nobody", {
    skip: dialect === "sqlite",
  }, async () => {
    const database = await open();
    const { view, ids, storeBatches, clock } = await fixture(database);
    clock.nowMs += 1000;
    await storeBatches([batchOf([resultOf(ids[0]?.hostId ?? 0, ids[0]?.serviceIds[0] ?? 0, 0, { output: "fine" })])]);
    await view.refresh();
    assert.equal(view.serviceByName("web1", "s1")?.state.output, "fine");
  });

  it("reads nothing when nothing was told, and only the row that was named", async () => {
    const database = await open();
    const { counted, count } = queriesOf(database);
    const { view, ids, changes } = await fixture(counted);
    const before = count();
    await view.refresh();
    assert.equal(count(), before);
    changes.publish("services", [ids[0]?.serviceIds[0] ?? 0]);
    await view.refresh();
    // The state, and whether there are new comments.
    assert.equal(count(), before + 2);
  });

  it("reads no service again that was the same long before it looked last", async () => {
    const { counted, count } = queriesOf(await open());
    const { view, changes, clock } = await fixture(counted);
    const queriesOfReload = async () => {
      const before = count();
      changes.publish("definitions", null);
      await view.refresh();
      return count() - before;
    };
    clock.nowMs += 120_000;
    // Where there are other control planes, what they stored is looked for first.
    await view.refresh();
    const withServices = await queriesOfReload();
    assert.equal(await queriesOfReload(), withServices - 1);
    assert.equal(view.services.length, 4);
  });

  it("follows services that come, are renamed and go", async () => {
    const database = await open();
    const { view, ids, changes, clock } = await fixture(database);
    const [first, second] = ids[1]?.serviceIds ?? [];
    clock.nowMs += 60_000;
    await database.db
      .updateTable("service")
      .set({ name: "a new name", updated_at_ms: clock.nowMs })
      .where("id", "=", first ?? 0)
      .execute();
    await database.db
      .deleteFrom("service")
      .where("id", "=", second ?? 0)
      .execute();
    changes.publish("definitions", null);
    await view.refresh();
    assert.deepEqual(
      view.hostByName("web2")?.services.map((service) => service.name),
      ["a new name"],
    );
    assert.equal(view.services.length, 3);
  });

  it("a refresh asked for while one runs sees what was committed in between", async () => {
    const database = await open();
    const { view, ids, storeBatches, changes } = await fixture(database);
    changes.publish("definitions", null);
    const running = view.refresh();
    await storeBatches([batchOf([resultOf(ids[0]?.hostId ?? 0, ids[0]?.serviceIds[0] ?? 0, 3)])]);
    changes.publish("services", [ids[0]?.serviceIds[0] ?? 0]);
    await view.refresh();
    assert.equal(view.serviceByName("web1", "s1")?.state.state, 3);
    await running;
  });

  it("reads a long output that it does not keep", async () => {
    const database = await open();
    const { view, ids, storeBatches, changes } = await fixture(database);
    const serviceId = ids[0]?.serviceIds[0] ?? 0;
    const long = "x".repeat(3000);
    await storeBatches([batchOf([resultOf(ids[0]?.hostId ?? 0, serviceId, 0, { output: `fine\n${long}` })])]);
    changes.publish("services", [serviceId]);
    await view.refresh();
    const service = view.serviceById(serviceId);
    assert.ok(service);
    assert.deepEqual([service.state.longOutput, service.state.hasMoreOutput], ["", true]);
    assert.equal((await view.readLongOutputs([service])).get(service), long);
  });
});
