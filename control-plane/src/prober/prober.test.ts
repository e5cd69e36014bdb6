import assert from "node:assert/strict";
import { it, test } from "node:test";
import { CheckInput } from "@mycloud/protocol/check";
import { believedResults } from "../agent/believed-results.ts";
import { createConfigurationSource } from "../agent/configuration-source.ts";
import { createCheck } from "../check/store.ts";
import { ingestFixture, plainHost } from "../check-result/testing/ingest-fixture.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { noHeldChecks } from "../dependency/find-held-checks.ts";
import { createHost } from "../host/create-host.ts";
import { findHost, listHosts } from "../host/store.ts";
import { everything, type Scope } from "../scope/index.ts";
import { findService, listServices } from "../service/store.ts";
import { chooseProbers } from "./choose-probers.ts";
import { findProberFaults } from "./find-prober-faults.ts";
import { noProberReason, type Probing, probingInWords, probingSeenBy } from "./probing.ts";
import { findProbing } from "./store.ts";
import { createProbersWatch } from "./watch-probers.ts";

test("the first prober that is there is chosen, and with none there it stays as it was", () => {
  const host = { id: 1, candidates: [10, 11] };
  const chosen = (live: number[], last: number | null) =>
    chooseProbers([host], new Set(live), [{ hostId: 1, proberHostId: last }]).changed[0]?.proberHostId;
  assert.equal(chosen([10, 11], null), 10);
  assert.equal(chosen([11], 10), 11);
  assert.equal(chosen([10, 11], 11), 10);
  assert.equal(chosen([], 11), undefined);
  assert.equal(chosen([], 99), null);
  assert.deepEqual(chooseProbers([], new Set([10]), [{ hostId: 1, proberHostId: 10 }]).ended, [1]);
});

test("the reason names every prober that is not there, and what else keeps it from probing", () => {
  const probing: Probing = {
    unable: [
      { name: "a", customer: null, fault: "silent" },
      { name: "b", customer: null, fault: "silent" },
    ],
    customer: null,
    proberName: "a",
    proberCustomer: null,
    isLive: false,
    lastSeenAtMs: null,
    keepaliveSeconds: 30,
    sinceMs: 0,
  };
  assert.equal(noProberReason(probing), 'no live prober: none of the agents of "a", "b" is connected');
  assert.equal(noProberReason({ ...probing, isLive: true }), null);
  const unable: Probing["unable"] = [
    { name: "a", customer: null, fault: "missing" },
    { name: "b", customer: null, fault: "no-agent" },
    { name: "c", customer: null, fault: "foreign" },
    { name: "d", customer: null, fault: "refusing" },
  ];
  assert.equal(
    noProberReason({ ...probing, unable }),
    'no live prober: there is no host "a"; "b" has no agent; "c" is of another customer; the policy of "d" does not allow to probe',
  );
  assert.equal(
    probingInWords({
      ...probing,
      unable: [{ name: "a", customer: null, fault: "silent" }],
      proberName: "b",
      isLive: true,
    }),
    'Its checks are run by the agent of prober "b", since 1970-01-01 00:00 UTC; the agent of "a" is not connected.',
  );
});

test("a customer reads that the operator's prober looks at its host or cannot, and none of its names", () => {
  const acme = { kind: "customer", customer: "acme" } as const;
  const probing: Probing = {
    customer: "acme",
    unable: [
      { name: "ops1", customer: null, fault: "silent" },
      { name: "gone", customer: null, fault: "missing" },
      { name: "own", customer: "acme", fault: "no-agent" },
      { name: "theirs", customer: "other", fault: "foreign" },
    ],
    proberName: "ops2",
    proberCustomer: null,
    isLive: true,
    lastSeenAtMs: 0,
    keepaliveSeconds: 30,
    sinceMs: 0,
  };
  assert.equal(
    probingInWords(probingSeenBy(acme, probing)),
    'Its checks are run by the agent of a prober of the operator, since 1970-01-01 00:00 UTC; "own" has no agent; a prober of the operator cannot look at it now.',
  );
  assert.equal(
    noProberReason(probingSeenBy(acme, { ...probing, isLive: false })),
    'no live prober: "own" has no agent; a prober of the operator cannot look at it now',
  );
  assert.equal(probingSeenBy({ kind: "all" }, probing), probing);
  const own = { ...probing, unable: [], proberName: "own", proberCustomer: "acme" };
  assert.deepEqual(probingSeenBy(acme, own), own);
});

test("a host names neither itself nor a host of another customer as its prober", () => {
  const customers = new Map([
    ["own", "acme"],
    ["ours", null],
    ["theirs", "other"],
  ]);
  const faults = (customer: string | null, ...probers: string[]) =>
    findProberFaults({ name: "x", customer, probers }, (name) => customers.get(name)).map(
      ({ name, message }) => `${name} ${message}`,
    );
  assert.deepEqual(faults("acme", "own", "ours", "absent"), []);
  assert.deepEqual(faults("acme", "x", "theirs"), [
    "x is the host itself; its own agent runs its checks without being named",
    "theirs is a host of another customer",
  ]);
  assert.deepEqual(faults(null, "ours", "own"), ["own is a host of another customer"]);
});

forEachDialect((_dialect, open) => {
  /** Hosts `web1` and `web2` with agents, and `printer`, which both may probe, with a host check and a service. */
  async function world() {
    const database: ConnectedDatabase = await open();
    const fixture = await ingestFixture(database, { hosts: 2 });
    const [first, second] = fixture.ids.map(({ hostId }) => hostId) as [number, number];
    const { db, dialect } = database;
    const seen = async (hostId: number, atMs: number) => {
      await db.updateTable("agent").set({ last_seen_at_ms: atMs }).where("host_id", "=", hostId).execute();
    };
    for (const hostId of [first, second]) {
      const agent = { id: `a${hostId}`, host_id: hostId, public_key_json: "{}", version: "1", enrolled_at_ms: 1 };
      const values = { ...agent, status_json: null, revoked_at_ms: null };
      await db.insertInto("agent").values(values).execute();
      await seen(hostId, fixture.clock.nowMs);
    }
    const printer = await database.transaction(async (tx) => {
      const probed = { ...plainHost, name: "printer", address: "192.0.2.7", probers: ["web1", "web2"] };
      const id = await createHost(tx, dialect, probed, fixture.clock.nowMs);
      const ofPrinter = { selector: { hosts: ["printer"] }, arguments: ["-H", "$HOSTADDRESS$"] };
      const service = CheckInput.parse({ ...ofPrinter, name: "http", command: "http" });
      await createCheck(tx, dialect, service, fixture.clock.nowMs);
      const host = CheckInput.parse({
        ...ofPrinter,
        name: "alive",
        command: "ping",
        target: "host",
        maxCheckAttempts: 2,
      });
      await createCheck(tx, dialect, host, fixture.clock.nowMs);
      return id;
    });
    let changes = 0;
    const { logger, now } = fixture;
    const onChanged = () => changes++;
    const watch = createProbersWatch({ database, leases: undefined, onChanged, logger, now });
    const source = createConfigurationSource(database, {
      findHeldChecks: async () => noHeldChecks,
      findTimePeriods: async () => [],
      findBackupJobs: async () => new Map(),
      findLogJobs: async () => new Map(),
    });
    const checksOf = async (hostId: number) => {
      source.forget();
      return (await source.find(hostId))?.configuration.checks ?? [];
    };
    const believed = (
      agentHostId: number,
      result: { hostId: number; serviceId: number | null },
      checkedAtMs: number = now(),
    ) =>
      believedResults(
        database,
        fixture.definitions,
        agentHostId,
        [{ ...result, returnCode: 2, output: "x", checkedAtMs, executionTimeSeconds: 0, latencySeconds: 0 }],
        now(),
      );
    const status = async (hostId: number, text: string | null) => {
      await db.updateTable("agent").set({ status_json: text }).where("host_id", "=", hostId).execute();
    };
    const parts = { database, first, second, printer, seen, status, watch, checksOf, believed };
    return { ...fixture, ...parts, changed: () => changes };
  }

  it("a host check makes no service, and several for one host are a conflict told at once", async () => {
    const { database, printer } = await world();
    const { db, dialect } = database;
    const services = await db.selectFrom("service").select("name").where("host_id", "=", printer).execute();
    assert.deepEqual(
      services.map(({ name }) => name),
      ["http"],
    );
    const another = CheckInput.parse({
      name: "also",
      command: "tcp",
      target: "host",
      selector: { hosts: ["printer"] },
    });
    await assert.rejects(
      database.transaction((tx) => createCheck(tx, dialect, another, 1)),
      /the host check of host "printer" comes from check "alive" and from check "also"/,
    );
  });

  it("the first live prober runs a host's checks with its macros; the second takes over and gives back", async () => {
    const { first, second, printer, seen, watch, checksOf, clock, changed } = await world();
    await watch.look();
    const checks = await checksOf(first);
    assert.deepEqual(
      checks.map(({ serviceName, hostName, arguments: words }) => [serviceName, hostName, words[1]]),
      [
        [null, "printer", "192.0.2.7"],
        ["http", "printer", "192.0.2.7"],
      ],
    );
    assert.deepEqual(await checksOf(second), []);
    clock.nowMs += 91_000;
    await seen(second, clock.nowMs);
    await watch.look();
    assert.deepEqual(
      (await checksOf(second)).map((check) => check.hostId),
      [printer, printer],
    );
    assert.deepEqual(await checksOf(first), []);
    await seen(first, clock.nowMs);
    await watch.look();
    assert.equal((await checksOf(first)).length, 2);
    assert.deepEqual(await checksOf(second), []);
    assert.equal(changed(), 3);
  });

  it("an agent whose policy does not let it probe, one that is revoked and one of another customer are passed over, with the reason", async () => {
    const { database, first, second, printer, status, watch, checksOf, clock } = await world();
    const { db } = database;
    const say = async () => {
      await watch.look();
      const probing = (await findProbing(database.db, database.dialect, [printer], clock.nowMs)).get(printer);
      return probing === undefined ? "" : probingInWords(probing);
    };
    await status(first, '{"mayProbe":false}');
    assert.match(await say(), /prober "web2", since .*; the policy of "web1" does not allow to probe\.$/);
    assert.deepEqual(await checksOf(first), []);
    await status(first, '{"mayProbe":true}');
    assert.match(await say(), /prober "web1"/);
    await db.updateTable("agent").set({ revoked_at_ms: 1 }).where("host_id", "=", first).execute();
    assert.match(await say(), /prober "web2", since .*; "web1" has no agent\.$/);
    assert.equal((await checksOf(second)).length, 2);
    await db.updateTable("host").set({ customer: "other" }).where("id", "=", second).execute();
    watch.forget();
    assert.equal(await say(), 'No live prober: "web1" has no agent; "web2" is of another customer.');
    assert.deepEqual(await checksOf(second), []);
    await db.deleteFrom("host").where("id", "=", first).execute();
    watch.forget();
    assert.match(await say(), /^No live prober: there is no host "web1"; /);
  });

  it("a customer whose host the operator probes sees that it is, and neither in the host nor in its services by which", async () => {
    const { database, second, printer, watch, clock, seen } = await world();
    const { db, dialect } = database;
    await db.updateTable("host").set({ customer: "acme" }).where("id", "=", printer).execute();
    watch.forget();
    await watch.look();
    const acme = { kind: "customer", customer: "acme" } as const;
    const told = async (scope: Scope) => {
      const host = await findHost(db, dialect, scope, printer, clock.nowMs);
      const query = { page: 1, perPage: 50, order: "ASC" } as const;
      const services = (await listServices(db, dialect, scope, query, clock.nowMs)).data;
      const service = services.find(({ hostId }) => hostId === printer);
      assert.deepEqual(await findService(db, dialect, scope, service?.id ?? 0, clock.nowMs), service);
      const { data } = await listHosts(db, dialect, scope, query, clock.nowMs);
      assert.deepEqual(
        data.find(({ id }) => id === printer),
        host,
      );
      return [host.prober?.hostName, host.prober?.isLive, host.probers, service?.proberName];
    };
    assert.deepEqual(await told(everything), ["web1", true, ["web1", "web2"], "web1"]);
    assert.deepEqual(await told(acme), [null, true, [], null]);
    await db.updateTable("host").set({ customer: "acme" }).where("id", "=", second).execute();
    clock.nowMs += 91_000;
    await seen(second, clock.nowMs);
    watch.forget();
    await watch.look();
    assert.deepEqual(await told(acme), ["web2", true, ["web2"], "web2"]);
  });

  it("results count from who probes, or did until a moment ago, and from nobody else", async () => {
    const { first, second, printer, seen, watch, clock, believed } = await world();
    await watch.look();
    const result = { hostId: printer, serviceId: null };
    assert.equal((await believed(first, result)).length, 1);
    assert.equal((await believed(second, result)).length, 0);
    assert.equal((await believed(first, { hostId: second, serviceId: 2 })).length, 0);
    assert.equal((await believed(first, { hostId: first, serviceId: null })).length, 0, "it has no host check");
    clock.nowMs += 91_000;
    await seen(second, clock.nowMs);
    await watch.look();
    assert.equal((await believed(second, result)).length, 1);
    assert.equal((await believed(first, result)).length, 1);
    clock.nowMs += 10_000;
    assert.equal((await believed(first, result, clock.nowMs - 10_000)).length, 1, "what it began before");
    assert.equal((await believed(first, result)).length, 0, "what it began after the other took over");
    clock.nowMs += 51_000;
    assert.equal((await believed(first, result)).length, 0);
  });

  it("a host check's results are SOFT first and HARD after the check's attempts", async () => {
    const { database, first, printer, watch, believed, storeBatches, clock } = await world();
    await watch.look();
    const states: unknown[] = [];
    for (let run = 0; run < 2; run++) {
      clock.nowMs += 30_000;
      const results = await believed(first, { hostId: printer, serviceId: null });
      await storeBatches([{ results, sender: "agent:a", batchId: null, describe: () => "null" }]);
      const row = await database.db
        .selectFrom("host_state")
        .selectAll()
        .where("host_id", "=", printer)
        .executeTakeFirst();
      states.push([row?.state, row?.is_hard, row?.attempt]);
    }
    assert.deepEqual(states, [
      [1, 0, 1],
      [1, 1, 2],
    ]);
  });
});
