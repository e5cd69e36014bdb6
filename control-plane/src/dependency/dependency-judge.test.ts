import assert from "node:assert/strict";
import { it } from "node:test";
import { CheckInput } from "@mycloud/protocol/check";
import { DependencyInput } from "@mycloud/protocol/dependency";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import type { z } from "zod";
import { createCheck } from "../check/store.ts";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { createDependencyJudge } from "./dependency-judge.ts";
import { findHeldChecks } from "./find-held-checks.ts";
import { createHeldChecksWatch } from "./watch-held-checks.ts";

forEachDialect((_dialect, open) => {
  async function fleet(
    dependencies: z.input<typeof DependencyInput>[],
    periods: z.input<typeof TimePeriodInput>[] = [],
  ) {
    const database = await open();
    const fixture = await ingestFixture(database, { hosts: 3, servicesPerHost: 3, maxCheckAttempts: 2 });
    const stored = [
      ...dependencies.map((input) => ({ kind: "Dependency", ...DependencyInput.parse(input) })),
      ...periods.map((input) => ({ kind: "TimePeriod", ...TimePeriodInput.parse(input) })),
    ];
    for (const { kind, name, ...spec } of stored) {
      const row = { kind, name, spec_json: JSON.stringify(spec), created_at_ms: 0, updated_at_ms: 0 };
      await database.db.insertInto("definition").values(row).execute();
    }
    const { definitions, ids, storeBatches, clock, now } = fixture;
    const idsOf = (name: string) => ids[Number(name.slice(3)) - 1]!;
    return {
      ...fixture,
      database,
      async send(name: string, returnCode: number, times = 1) {
        const [host = "", service] = name.split("/");
        const { hostId, serviceIds } = idsOf(host);
        const serviceId = service === undefined ? null : serviceIds[Number(service.slice(1)) - 1]!;
        for (let sent = 0; sent < times; sent++) {
          clock.nowMs += 1_000;
          await storeBatches([batchOf([resultOf(hostId, serviceId, returnCode)])]);
        }
      },
      async blocked(name: string, purpose: "execution" | "notification" = "notification") {
        const [host = "", serviceName = null] = name.split("/");
        const found = (await definitions.hostsByName(database.db, new Set([host]))).get(host)!;
        const judge = await createDependencyJudge({ executor: database.db, definitions, nowMs: now() });
        const blocking = await judge.findBlockingMaster({ host: found, serviceName }, purpose);
        return blocking === null ? null : blocking.message;
      },
      held: async () => {
        const hostIds = ids.map((one) => one.hostId);
        const found = await findHeldChecks(database.db, definitions, hostIds, now());
        return { services: [...found.serviceIds], hosts: [...found.hostIds] };
      },
      idsOf,
    };
  }

  it("a master blocks in the HARD states named, and in its last HARD state while it is SOFT", async () => {
    const { send, blocked } = await fleet([
      {
        name: "d",
        dependent: { hosts: ["web1"], services: ["s1"] },
        masters: [{ host: "web2", service: "s1" }],
        notificationFailureStates: ["CRITICAL"],
      },
    ]);
    await send("web2/s1", 0);
    assert.equal(await blocked("web1/s1"), null);
    await send("web2/s1", 2);
    assert.equal(await blocked("web1/s1"), null, "SOFT");
    await send("web2/s1", 2);
    assert.equal(await blocked("web1/s1"), 'depends on web2/s1, which is CRITICAL (dependency "d")');
    assert.equal(await blocked("web1/s1", "execution"), null);
    assert.equal(await blocked("web1/s2"), null);
    assert.equal(await blocked("web3/s1"), null);
    await send("web2/s1", 1);
    assert.equal(await blocked("web1/s1"), null, "WARNING is not named");
  });

  it("a master on the same host is each dependent's own, and blocks nothing of itself", async () => {
    const { send, blocked } = await fleet([
      {
        name: "agent",
        dependent: { services: ["*"] },
        masters: [{ service: "s1" }],
        notificationFailureStates: ["CRITICAL", "PENDING"],
      },
    ]);
    for (const name of ["web1", "web2", "web3"]) await send(`${name}/s1`, 0);
    await send("web1/s1", 2, 2);
    assert.match((await blocked("web1/s2")) ?? "", /web1\/s1, which is CRITICAL/);
    assert.equal(await blocked("web2/s2"), null);
    assert.equal(await blocked("web1/s1"), null);
  });

  it("a master that was never checked blocks where PENDING is named", async () => {
    const { blocked, send } = await fleet([
      {
        name: "d",
        dependent: { services: ["s2"] },
        masters: [{ service: "s1" }],
        notificationFailureStates: ["PENDING"],
      },
    ]);
    assert.match((await blocked("web1/s2")) ?? "", /which is PENDING/);
    await send("web1/s1", 0);
    assert.equal(await blocked("web1/s2"), null);
  });

  it("a transitive dependency also fails with the master's own, and others do not", async () => {
    const to = (name: string, from: string, master: string, isTransitive: boolean) => ({
      name,
      dependent: { hosts: ["web1"], services: [from] },
      masters: [{ host: "web1", service: master }],
      notificationFailureStates: ["CRITICAL" as const],
      isTransitive,
    });
    const { send, blocked } = await fleet([to("a", "s1", "s2", true), to("b", "s2", "s3", false)]);
    await send("web1/s3", 2, 2);
    assert.match((await blocked("web1/s1")) ?? "", /web1\/s3, which is CRITICAL/);
    const other = await fleet([to("a", "s1", "s2", false), to("b", "s2", "s3", false)]);
    await other.send("web1/s3", 2, 2);
    assert.equal(await other.blocked("web1/s1"), null);
  });

  it("a host's dependency keeps its services quiet as well, but does not hold their checks", async () => {
    const { send, blocked } = await fleet([
      {
        name: "switch",
        dependent: { hosts: ["web2"], services: [] },
        masters: [{ host: "web1" }],
        notificationFailureStates: ["DOWN"],
        executionFailureStates: ["DOWN"],
      },
    ]);
    await send("web1", 1);
    assert.match((await blocked("web2")) ?? "", /web1, which is DOWN/);
    assert.match((await blocked("web2/s1")) ?? "", /web1, which is DOWN/);
    assert.equal(await blocked("web2/s1", "execution"), null);
  });

  it("a dependency holds within its period only", async () => {
    const { send, blocked, clock } = await fleet(
      [
        {
          name: "d",
          dependent: { hosts: ["web1"] },
          masters: [{ host: "web2" }],
          notificationFailureStates: ["DOWN"],
          period: "work",
        },
      ],
      [{ name: "work", weekly: { wednesday: ["09:00-17:00"] } }],
    );
    clock.nowMs = Date.parse("2026-11-25T12:00:00Z");
    await send("web2", 1);
    assert.match((await blocked("web1")) ?? "", /web2, which is DOWN/);
    clock.nowMs = Date.parse("2026-11-25T18:00:00Z");
    assert.equal(await blocked("web1"), null);
  });

  it("checks are held while their master fails, and agents are told of the change alone", async () => {
    const { send, held, idsOf, database, definitions, now } = await fleet([
      {
        name: "d",
        dependent: { services: ["s2", "s3"] },
        masters: [{ service: "s1" }],
        executionFailureStates: ["CRITICAL"],
      },
    ]);
    let told = 0;
    const onChanged = () => void told++;
    const watch = createHeldChecksWatch({ database, definitions, onChanged, now });
    await watch();
    assert.deepEqual(await held(), { services: [], hosts: [] });
    await send("web2/s1", 2, 2);
    await watch();
    await watch();
    assert.equal(told, 1);
    assert.deepEqual(await held(), { services: idsOf("web2").serviceIds.slice(1), hosts: [] });
    await send("web2/s2", 0);
    await watch();
    assert.equal(told, 1);
    await send("web2/s1", 0);
    await watch();
    assert.equal(told, 2);
    assert.deepEqual(await held(), { services: [], hosts: [] });
  });

  it("a host check is held as a service's is, where the host itself depends", async () => {
    const { send, held, idsOf, database, definitions } = await fleet([
      {
        name: "switch",
        dependent: { hosts: ["web2", "web3"], services: [] },
        masters: [{ host: "web1" }],
        executionFailureStates: ["DOWN"],
      },
    ]);
    const check = CheckInput.parse({ name: "alive", command: "ping", target: "host", selector: { hosts: ["web2"] } });
    await database.transaction((tx) => createCheck(tx, database.dialect, check, 1));
    definitions.forget();
    assert.deepEqual(await held(), { services: [], hosts: [] });
    await send("web1", 1);
    assert.deepEqual(await held(), { services: [], hosts: [idsOf("web2").hostId] }, "web3 has no host check");
  });
});
