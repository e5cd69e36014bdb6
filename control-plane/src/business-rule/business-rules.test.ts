import assert from "node:assert/strict";
import { it } from "node:test";
import { CheckInput } from "@mycloud/protocol/check";
import { DependencyInput } from "@mycloud/protocol/dependency";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import { createChangeBus } from "../change/index.ts";
import { createCheck } from "../check/store.ts";
import { createStoreBatches } from "../check-result/store-batches.ts";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { InputError } from "../error/index.ts";
import { createBusinessRules } from "./create-business-rules.ts";
import { refuseRuleCircles } from "./refuse-rule-circles.ts";

forEachDialect((_dialect, open) => {
  /** web1 to web3, each with s1 and s2, and rules on web1. */
  async function shop(rules: Record<string, string[]>, settings: Partial<CheckInput> = {}) {
    const database = await open();
    const fixture = await ingestFixture(database, { hosts: 3, servicesPerHost: 2, maxCheckAttempts: 2 });
    const { definitions, decider, newThreadKey, now, clock, ids, logger } = fixture;
    await database.db
      .updateTable("host")
      .set({ groups_json: '["web"]', labels_json: '{"shop":"1"}' })
      .where("name", "<>", "web3")
      .execute();
    await database.transaction(async (tx) => {
      for (const [name, commandArguments] of Object.entries(rules)) {
        const input = CheckInput.parse({
          name,
          command: "bp_rule",
          arguments: commandArguments,
          selector: { hosts: ["web1"] },
          maxCheckAttempts: 2,
          ...settings,
        });
        await createCheck(tx, database.dialect, input, now());
      }
    });
    definitions.forget();
    const changes = createChangeBus(logger);
    const store = createStoreBatches({ database, definitions, decider, changes, now, newThreadKey });
    let submitted = 0;
    const leases = { runLeased: async () => true, releaseAll: async () => {} };
    const { computeDue, findLeaves } = createBusinessRules({
      database,
      definitions,
      acceptCheckResults: async (batch) => {
        submitted += batch.results.length;
        return (await store([batch]))[0]!;
      },
      changes,
      leases,
      logger,
      now,
    });
    return {
      database,
      clock,
      computeDue,
      findLeaves,
      ids,
      submittedSince() {
        const count = submitted;
        submitted = 0;
        return count;
      },
      async send(name: string, returnCode: number, times = 2) {
        const [host = "", service] = name.split("/");
        const { hostId, serviceIds } = ids[Number(host.slice(3)) - 1]!;
        const serviceId = service === undefined ? null : serviceIds[Number(service.slice(1)) - 1]!;
        for (let sent = 0; sent < times; sent++) await store([batchOf([resultOf(hostId, serviceId, returnCode)])]);
      },
      async allFine() {
        for (const { hostId, serviceIds } of ids) {
          await store([
            batchOf([hostId].map((id) => resultOf(id, null, 0))),
            batchOf(serviceIds.map((id) => resultOf(hostId, id, 0))),
          ]);
        }
      },
      async state(name: string) {
        const row = await database.db
          .selectFrom("service")
          .innerJoin("service_state", "service_state.service_id", "service.id")
          .select(["state", "is_hard", "output", "service.id"])
          .where("name", "=", name)
          .executeTakeFirstOrThrow();
        return {
          text: `${["OK", "WARNING", "CRITICAL", "UNKNOWN"][row.state]}${row.is_hard === 1 ? "" : " SOFT"}`,
          output: row.output,
          id: row.id,
        };
      },
    };
  }

  it("a rule follows its leaves' HARD states, submits changes at once and attempts at its interval", async () => {
    const { allFine, computeDue, state, send, submittedSince, clock, findLeaves } = await shop({
      shop: [",s1 | web2,s1"],
    });
    await computeDue();
    assert.equal((await state("shop")).text, "UNKNOWN SOFT", "what was never checked is not green");
    await allFine();
    await computeDue();
    assert.deepEqual([(await state("shop")).text, (await state("shop")).output], ["OK", "OK - all 2 are fine"]);
    submittedSince();
    await send("web1/s1", 2);
    await computeDue();
    assert.equal(submittedSince(), 0, "still OK, and its interval has not passed");
    await send("web2/s1", 2, 1);
    await computeDue();
    assert.equal(submittedSince(), 0, "SOFT");
    await send("web2/s1", 2, 1);
    await computeDue();
    assert.equal((await state("shop")).text, "CRITICAL SOFT");
    assert.equal((await state("shop")).output, "CRITICAL - 2 of 2 are bad: web1/s1 CRITICAL, web2/s1 CRITICAL");
    await send("web2/s1", 2, 3);
    await computeDue();
    assert.equal((await state("shop")).text, "CRITICAL SOFT", "news of a leaf is no attempt");
    clock.nowMs += 31_000;
    await computeDue();
    assert.equal((await state("shop")).text, "CRITICAL");
    await send("web1/s1", 0);
    await computeDue();
    assert.equal((await state("shop")).text, "OK");
    assert.equal(findLeaves((await state("shop")).id).serviceIds.length, 2);
  });

  it("groups, labels, expressions and wildcards stand for what fits, the rule's own service aside", async () => {
    const { allFine, computeDue, state, send } = await shop({
      group: ["2 of: g:web,s1"],
      label: ["l:shop"],
      regex: ["r:web[12],r:s."],
      wildcard: ["web1,*"],
    });
    await allFine();
    await computeDue();
    await computeDue();
    for (const name of ["group", "label", "regex"]) assert.equal((await state(name)).text, "OK", name);
    await send("web2", 1);
    await send("web2/s1", 1);
    await computeDue();
    assert.match((await state("label")).output, /^CRITICAL - 1 of 2 are bad: web2 DOWN/);
    assert.match((await state("group")).output, /^WARNING - 1 of 2 are bad: web2\/s1 WARNING/);
    assert.match((await state("regex")).output, /^WARNING - 1 of 4 are bad/);
  });

  it("a template says it in its own words, and what does not exist is UNKNOWN by name", async () => {
    const { allFine, computeDue, state } = await shop({
      template: ["web1,s1", "$STATUS$ for $HOSTNAME$"],
      missing: ["web1,s1 & web9,http"],
    });
    await allFine();
    await computeDue();
    assert.equal((await state("template")).output, "OK for web1");
    assert.equal((await state("missing")).text, "UNKNOWN SOFT");
    assert.equal(
      (await state("missing")).output,
      'UNKNOWN - the business rule looks at service "web9,http", which there is none of',
    );
  });

  it("rules on rules are followed, and rules in a circle are refused", async () => {
    const { allFine, computeDue, state, send, database } = await shop({ inner: [",s1"], outer: [",inner & web2"] });
    await allFine();
    for (let round = 0; round < 2; round++) await computeDue();
    await database.transaction((tx) => refuseRuleCircles(tx, database.dialect));
    await send("web1/s1", 2);
    for (let round = 0; round < 3; round++) await computeDue();
    assert.equal((await state("inner")).text, "CRITICAL SOFT");
    assert.equal((await state("outer")).text, "OK");
    const other = await shop({ a: [",b"], b: [",c"], c: [",a"] });
    await assert.rejects(
      other.database.transaction((tx) => refuseRuleCircles(tx, other.database.dialect)),
      (error) => error instanceof InputError && /web1\/a -> web1\/b -> web1\/c -> web1\/a/.test(error.message),
    );
  });

  it("a rule is computed within its check period only, at once when that begins", async () => {
    const { database, send, allFine, state, computeDue, submittedSince, clock } = await shop(
      { site: ["web1,s1"] },
      { checkPeriod: "work", checkIntervalSeconds: 3_600 },
    );
    const work = TimePeriodInput.parse({ name: "work", weekly: { wednesday: ["09:00-17:00"] } });
    const row = {
      kind: "TimePeriod",
      name: "work",
      spec_json: JSON.stringify(work),
      created_at_ms: 0,
      updated_at_ms: 0,
    };
    await database.db.insertInto("definition").values(row).execute();
    clock.nowMs = Date.parse("2026-11-25T16:59:00Z");
    await allFine();
    await computeDue();
    assert.equal((await state("site")).text, "OK");
    clock.nowMs = Date.parse("2026-11-25T17:00:00Z");
    await send("web1/s1", 2);
    submittedSince();
    await computeDue();
    clock.nowMs = Date.parse("2026-12-02T08:59:59Z");
    await computeDue();
    assert.deepEqual([submittedSince(), (await state("site")).text], [0, "OK"]);
    clock.nowMs = Date.parse("2026-12-02T09:00:00Z");
    await computeDue();
    assert.equal((await state("site")).text, "CRITICAL SOFT");
  });

  it("a rule that a dependency holds is not computed until it is let go", async () => {
    const { database, send, allFine, state, computeDue, clock } = await shop({ site: ["web1,s1"] });
    const spec = DependencyInput.parse({
      name: "d",
      dependent: { services: ["site"] },
      masters: [{ host: "web2", service: "s2" }],
      executionFailureStates: ["CRITICAL"],
    });
    const row = { kind: "Dependency", name: "d", spec_json: JSON.stringify(spec), created_at_ms: 0, updated_at_ms: 0 };
    await database.db.insertInto("definition").values(row).execute();
    await allFine();
    await computeDue();
    await send("web2/s2", 2);
    await send("web1/s1", 2);
    clock.nowMs += 120_000;
    await computeDue();
    assert.equal((await state("site")).text, "OK");
    await send("web2/s2", 0);
    clock.nowMs += 2_000;
    await computeDue();
    assert.equal((await state("site")).text, "CRITICAL SOFT");
  });
});
