import assert from "node:assert/strict";
import { it } from "node:test";
import { type Downtime, DowntimeInput, DowntimePhase, type DowntimeRequest } from "@mycloud/protocol/downtime";
import { ListQuery } from "@mycloud/protocol/list";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { carla } from "../external-command/testing/commands-fixture.ts";
import { findInDowntime } from "../monitored/index.ts";
import { notificationFixture } from "../notification/testing/notification-fixture.ts";
import { everything } from "../scope/index.ts";
import { noteDowntimes } from "./downtime-clock.ts";
import { createDowntimes } from "./plan-downtimes.ts";
import { listDowntimes } from "./store.ts";

/** Two hosts with two services, a clock moved by hand, downtimes, and the job that moves them on. */
async function fixtureOf(database: ConnectedDatabase) {
  const fixture = await notificationFixture(database, { hosts: 2, servicesPerHost: 2 });
  const { clock, now, audit, changes, notifications } = fixture;
  const downtimes = createDowntimes({ database, audit, changes, now });
  const plan = async (request: Partial<DowntimeRequest>): Promise<Downtime> => {
    const input = DowntimeInput.parse({
      selector: {},
      startAtMs: clock.nowMs,
      endAtMs: clock.nowMs + 3_600_000,
      comment: "new disks",
      ...request,
    });
    notifications.forget();
    return await downtimes.plan(carla, input);
  };
  const move = async (seconds: number) => {
    clock.nowMs += seconds * 1000;
    await noteDowntimes({ database, audit, changes, now });
    notifications.forget();
  };
  return { ...fixture, downtimes, plan, move };
}

/** Names of what is in downtime, as lists show it: `web1` and `web1/s1`. */
async function quiet({ db, dialect }: ConnectedDatabase, nowMs: number): Promise<string[]> {
  const isIn = await findInDowntime(db, dialect, nowMs);
  const hosts = await db.selectFrom("host").select("name").where(isIn.host).orderBy("name").execute();
  const services = await db
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .select(["host.name as host_name", "service.name as name"])
    .where(isIn.service)
    .orderBy("host.name")
    .orderBy("service.name")
    .execute();
  return [...hosts.map(({ name }) => name), ...services.map((row) => `${row.host_name}/${row.name}`)];
}

async function phases({ db, dialect }: ConnectedDatabase, nowMs: number): Promise<string[]> {
  const none = async () => null;
  const all = await listDowntimes(db, dialect, everything, ListQuery.parse({}), nowMs, none);
  for (const phase of DowntimePhase.options) {
    const query = ListQuery.parse({ filter: JSON.stringify({ phase }) });
    const some = await listDowntimes(db, dialect, everything, query, nowMs, none);
    assert.deepEqual(
      some.data.map(({ id }) => id),
      all.data.filter((downtime) => downtime.phase === phase).map(({ id }) => id),
      `the filter and the phase shown agree on ${phase}`,
    );
  }
  return all.data.toSorted((a, b) => a.id - b.id).map(({ phase }) => phase);
}

const flexible = { isFixed: false, durationSeconds: 600 };

forEachDialect((_, open) => {
  it("a flexible downtime begins for each object at its first bad state, and lasts its duration", async () => {
    const database = await open();
    const { plan, move, post, ids, clock, messages } = await fixtureOf(database);
    const [web1] = ids;
    assert.ok(web1);
    const [s1 = 0, s2 = 0] = web1.serviceIds;
    await post(web1.hostId, s1, 0);
    await post(web1.hostId, s2, 0);
    await plan({ selector: { hosts: ["web1"] }, ...flexible });
    await move(10);
    assert.deepEqual(await quiet(database, clock.nowMs), []);
    assert.deepEqual(await phases(database, clock.nowMs), ["pending"]);

    await post(web1.hostId, s1, 2);
    await move(1);
    assert.deepEqual(await quiet(database, clock.nowMs), ["web1/s1"]);
    assert.deepEqual(await phases(database, clock.nowMs), ["active"]);
    assert.deepEqual(await messages(), []);

    await move(300);
    await post(web1.hostId, s2, 1);
    await move(1);
    assert.deepEqual(await quiet(database, clock.nowMs), ["web1/s1", "web1/s2"]);
    await move(299);
    assert.deepEqual(await quiet(database, clock.nowMs), ["web1/s2"]);
    await move(310);
    assert.deepEqual(await quiet(database, clock.nowMs), []);
    assert.deepEqual(await phases(database, clock.nowMs), ["pending"]);
    await move(3600);
    assert.deepEqual(await phases(database, clock.nowMs), ["expired"]);
  });

  it("a flexible downtime begins at its start for what is bad already, which nagios4 never does", async () => {
    const database = await open();
    const { plan, move, post, ids, clock } = await fixtureOf(database);
    const [web1] = ids;
    assert.ok(web1);
    const [s1 = 0] = web1.serviceIds;
    await post(web1.hostId, s1, 2);
    const startAtMs = clock.nowMs + 60_000;
    await plan({ selector: { hosts: ["web1"], services: ["s1"] }, startAtMs, ...flexible });
    await move(30);
    assert.deepEqual(await quiet(database, clock.nowMs), []);
    await move(40);
    assert.deepEqual(await quiet(database, clock.nowMs), ["web1/s1"]);
    const [row] = await database.db.selectFrom("downtime_activation").selectAll().execute();
    assert.deepEqual([row?.started_at_ms, row?.ends_at_ms], [startAtMs, startAtMs + 600_000]);
  });

  it("a bad state that was over before anybody looked has begun it all the same, once", async () => {
    const database = await open();
    const { plan, move, post, ids, clock } = await fixtureOf(database);
    const [web1] = ids;
    assert.ok(web1);
    const [s1 = 0] = web1.serviceIds;
    await plan({ selector: { hosts: ["web1"], services: ["s1"] }, ...flexible });
    await post(web1.hostId, s1, 2);
    const badAtMs = clock.nowMs;
    await post(web1.hostId, s1, 0);
    await post(web1.hostId, s1, 2);
    await move(5);
    await move(5);
    const rows = await database.db.selectFrom("downtime_activation").selectAll().execute();
    assert.deepEqual(
      rows.map((row) => row.started_at_ms),
      [badAtMs],
    );
  });

  it("what is still bad when its flexible downtime ends is told then, once", async () => {
    const database = await open();
    const { plan, move, post, ids, reevaluate, messages } = await fixtureOf(database);
    const [web1] = ids;
    assert.ok(web1);
    const [s1 = 0] = web1.serviceIds;
    await plan({ selector: { hosts: ["web1"], services: ["s1"] }, ...flexible });
    await post(web1.hostId, s1, 2);
    await move(1);
    await reevaluate();
    assert.deepEqual(await messages(), []);
    await move(600);
    await reevaluate();
    await move(1);
    await reevaluate();
    assert.deepEqual(await messages(), ["PROBLEM CRITICAL queued"]);
  });

  it("a triggered downtime begins with the one it waits for, and one that is never triggered never", async () => {
    const database = await open();
    const { plan, move, post, ids, clock } = await fixtureOf(database);
    const [web1] = ids;
    assert.ok(web1);
    const [s1 = 0] = web1.serviceIds;
    const first = await plan({ selector: { hosts: ["web1"], services: ["s1"] }, ...flexible });
    const second = await plan({ selector: { hosts: ["web2"], services: [] }, triggeredById: first.id });
    await plan({ selector: { hosts: ["web2"], services: ["s2"] }, triggeredById: second.id, ...flexible });
    await move(1);
    assert.deepEqual(await phases(database, clock.nowMs), ["pending", "pending", "pending"]);
    await post(web1.hostId, s1, 2);
    await move(1);
    assert.deepEqual(await quiet(database, clock.nowMs), ["web2", "web1/s1", "web2/s2"]);
    assert.deepEqual(await phases(database, clock.nowMs), ["active", "active", "active"]);
    await move(601);
    assert.deepEqual(await quiet(database, clock.nowMs), ["web2"]);
    assert.deepEqual(await phases(database, clock.nowMs), ["pending", "active", "expired"]);
  });

  it("cancelling ends a flexible downtime for everything it began for", async () => {
    const database = await open();
    const { plan, move, post, ids, downtimes, clock } = await fixtureOf(database);
    const [web1] = ids;
    assert.ok(web1);
    const [s1 = 0] = web1.serviceIds;
    const { id } = await plan({ selector: {}, ...flexible });
    await post(web1.hostId, s1, 2);
    await move(1);
    await downtimes.cancel(carla, id);
    assert.deepEqual(await quiet(database, clock.nowMs), []);
    assert.deepEqual(await phases(database, clock.nowMs), ["cancelled"]);
    await move(1);
    assert.deepEqual(await quiet(database, clock.nowMs), []);
  });

  it("a service tells nobody while its host is in downtime, and is not in downtime itself", async () => {
    const database = await open();
    const { plan, move, post, ids, outcomes, clock } = await fixtureOf(database);
    const [web1] = ids;
    assert.ok(web1);
    const [s1 = 0] = web1.serviceIds;
    await plan({ selector: { hosts: ["web1"], services: [] } });
    await move(1);
    await post(web1.hostId, s1, 2);
    assert.deepEqual(await quiet(database, clock.nowMs), ["web1"]);
    assert.deepEqual(await outcomes(), ["CRITICAL in-downtime"]);
  });

  it("hundreds of downtimes of single objects are answered like one", async () => {
    const database = await open();
    const { plan, move, clock } = await fixtureOf(database);
    for (let count = 0; count < 40; count++) {
      await plan({ selector: { hosts: ["web1"], services: ["s1"] } });
      await plan({ selector: { hosts: [`gone${count}`], services: [`s${count}`] } });
    }
    const { db } = database;
    const rows = await db.selectFrom("downtime").selectAll().execute();
    const copies = rows.map(({ id: _, ...row }) => row);
    for (let copy = 0; copy < 20; copy++) await db.insertInto("downtime").values(copies).execute();
    await move(1);
    assert.deepEqual(await quiet(database, clock.nowMs), ["web1/s1"]);
  });
});
