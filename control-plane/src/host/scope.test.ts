import assert from "node:assert/strict";
import { it } from "node:test";
import { listCheckResults } from "../check-result/store.ts";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { NotFoundError } from "../error/index.ts";
import { readOverview } from "../overview/index.ts";
import { createSqlSource, readPerfdata } from "../perfdata/index.ts";
import { listProblems, noProblemRoots } from "../problem/index.ts";
import { everything, type Scope } from "../scope/index.ts";
import { findService, listServices } from "../service/store.ts";
import { listStateChanges } from "../state-change/index.ts";
import { findHost, listHosts } from "./store.ts";

const query = { page: 1, perPage: 50, order: "ASC" } as const;
const acme: Scope = { kind: "customer", customer: "acme" };

forEachDialect((_dialect, open) => {
  it("a customer sees its own hosts, services, results, changes, problems and counts, and nothing else", async () => {
    const database = await open();
    const { db, dialect } = database;
    const { ids, clock, storeBatches } = await ingestFixture(database, {
      hosts: 3,
      servicesPerHost: 2,
      maxCheckAttempts: 1,
    });
    await db.updateTable("host").set({ customer: "acme" }).where("name", "=", "web2").execute();
    await storeBatches([
      batchOf(ids.flatMap(({ hostId, serviceIds }) => serviceIds.map((id) => resultOf(hostId, id, 2)))),
    ]);
    const { nowMs } = clock;
    const own = ids[1]!;
    const other = ids[0]!;
    const rate = { perSecond: () => 0, history: () => [], add() {} };
    for (const [scope, share] of [
      [acme, 1],
      [everything, 3],
    ] as const) {
      const hosts = await listHosts(db, dialect, scope, query, nowMs);
      assert.equal(hosts.total, share);
      assert.equal(hosts.data[0]?.serviceCounts.critical, 2);
      assert.equal((await listServices(db, dialect, scope, query, nowMs)).total, 2 * share);
      assert.equal((await listCheckResults(db, scope, query)).total, 2 * share);
      assert.equal((await listStateChanges(db, dialect, scope, query)).total, 2 * share);
      assert.equal((await listProblems(db, dialect, scope, query, nowMs)).total, 2 * share);
      const overview = await readOverview(
        db,
        { dialect, rate, isMailConfigured: () => false, roots: { read: async () => noProblemRoots } },
        scope,
        nowMs,
      );
      assert.deepEqual([overview.hosts.total, overview.services.critical], [share, 2 * share]);
      assert.equal(overview.unhandledProblems, 2 * share);
    }
    assert.equal((await findHost(db, dialect, acme, own.hostId, nowMs)).name, "web2");
    const chart = { fromMs: nowMs - 1000, untilMs: nowMs + 1000, points: 100 };
    const { signal } = new AbortController();
    const chartOf = (serviceId: number) =>
      readPerfdata(db, createSqlSource(db), { scope: acme, serviceId, query: chart, signal }, nowMs);
    assert.equal((await chartOf(own.serviceIds[0]!)).series.length, 1);
    await assert.rejects(findHost(db, dialect, acme, other.hostId, nowMs), NotFoundError);
    await assert.rejects(findService(db, dialect, acme, other.serviceIds[0]!, nowMs), NotFoundError);
    await assert.rejects(chartOf(other.serviceIds[0]!), NotFoundError);
  });

  it("every filter and sort field of hosts and services is answered by the database", async () => {
    const database = await open();
    const { db, dialect } = database;
    const { ids, clock, storeBatches } = await ingestFixture(database, {
      hosts: 2,
      servicesPerHost: 2,
      maxCheckAttempts: 3,
    });
    const { nowMs } = clock;
    const [first, second] = ids[0]!.serviceIds as [number, number];
    await storeBatches([batchOf([resultOf(ids[0]!.hostId, first, 2), resultOf(ids[0]!.hostId, second, 0)])]);
    const selector = JSON.stringify({ hosts: ["web1"], services: ["s1"] });
    await db
      .insertInto("downtime")
      .values({
        selector_json: selector,
        start_at_ms: nowMs - 1,
        end_at_ms: nowMs + 1000,
        comment: "c",
        author_name: "a",
        customer: null,
        started_at_ms: null,
        ended_at_ms: null,
        cancelled_at_ms: null,
        created_at_ms: nowMs,
      })
      .execute();
    const services = async (filter: object) => {
      const list = await listServices(db, dialect, everything, { ...query, filter: JSON.stringify(filter) }, nowMs);
      return list.data.map((service) => `${service.hostName}/${service.name}`);
    };
    const all = ["web1/s1", "web1/s2", "web2/s1", "web2/s2"];
    const expected: readonly (readonly [object, readonly string[]])[] = [
      [{ state: "CRITICAL" }, ["web1/s1"]],
      [{ state: ["OK", "PENDING"] }, ["web1/s2", "web2/s1", "web2/s2"]],
      [{ hasProblem: true }, ["web1/s1"]],
      [{ hasProblem: false, hostName: "web1" }, ["web1/s2"]],
      [{ stateType: "SOFT" }, ["web1/s1"]],
      [{ isInDowntime: true }, ["web1/s1"]],
      [{ isInDowntime: false, hostId: ids[0]!.hostId }, ["web1/s2"]],
      [{ isHandled: true }, ["web1/s1"]],
      [{ name: "s?" }, all],
      [{ name: "s1", hostName: "web*" }, ["web1/s1", "web2/s1"]],
      [{ q: "WEB2 s2" }, ["web2/s2"]],
      [{ q: "CODE s1" }, ["web1/s1"]],
      [{ isPassive: false }, []],
      [{ isStale: false, isFlapping: false, isAcknowledged: false }, all],
      [{ group: "x" }, []],
      [{ label: { a: "b" } }, []],
      [{ customer: null, checkId: 1 }, []],
      [{ id: [first] }, ["web1/s1"]],
    ];
    for (const [filter, names] of expected) assert.deepEqual(await services(filter), names, JSON.stringify(filter));
    for (const sort of ["name", "hostName", "state", "lastCheckAtMs", "percentStateChange", "checkName"]) {
      const list = await listServices(db, dialect, everything, { ...query, sort, order: "DESC" }, nowMs);
      assert.equal(list.data.length, 4);
      if (sort === "state") assert.equal(list.data[0]?.state, "CRITICAL");
    }
    const hosts = async (filter: object) =>
      (await listHosts(db, dialect, everything, { ...query, filter: JSON.stringify(filter) }, nowMs)).total;
    assert.equal(await hosts({ state: "PENDING", hasProblem: false, hasAgent: false, isAcknowledged: false }), 2);
    assert.equal(await hosts({ isInDowntime: true }), 0);
    assert.equal(await hosts({ name: "web1", q: "web" }), 1);
  });
});
