import assert from "node:assert/strict";
import { it } from "node:test";
import { AcknowledgementInput, type AcknowledgementRequest } from "@mycloud/protocol/acknowledgement";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { carla } from "../external-command/testing/commands-fixture.ts";
import { notificationFixture } from "../notification/testing/notification-fixture.ts";
import { createAcknowledgements } from "./acknowledge.ts";
import { expireAcknowledgements } from "./expire-acknowledgements.ts";

/** A service that is in a state, and somebody who acknowledges it. */
async function fixtureOf(database: ConnectedDatabase) {
  const fixture = await notificationFixture(database);
  const { ids, audit, changes, now, clock } = fixture;
  const { hostId, serviceIds } = ids[0] ?? { hostId: 0, serviceIds: [] };
  const [serviceId = 0] = serviceIds;
  const acknowledgements = createAcknowledgements({ database, audit, changes, now, announce: async () => {} });
  const announced: string[] = [];
  return {
    ...fixture,
    announced,
    report: (returnCode: number) => fixture.post(hostId, serviceId, returnCode),
    acknowledge: (request: Partial<AcknowledgementRequest>) =>
      acknowledgements.acknowledge(
        carla,
        AcknowledgementInput.parse({ serviceIds: [serviceId], comment: "disk ordered", ...request }),
      ),
    async expire(seconds: number) {
      clock.nowMs += seconds * 1000;
      const announce = async (_tx: unknown, object: { shownState: string }, { userId }: { userId: number | null }) => {
        announced.push(`user ${userId}: ${object.shownState}`);
      };
      return await expireAcknowledgements({ database, audit, changes, announce, now });
    },
    async reasons() {
      const rows = await database.db.selectFrom("acknowledgement").select("end_reason").orderBy("id").execute();
      return rows.map((row) => row.end_reason);
    },
  };
}

forEachDialect((_, open) => {
  for (const [given, codes, reason] of [
    [{}, [1, 2, 1], null],
    [{ isSticky: false }, [1, 2], "state-changed"],
    [{ isUntilWorse: true }, [1, 2], "worse"],
    [{ isUntilWorse: true }, [1, 3], "worse"],
    [{ isUntilWorse: true }, [2, 1, 2], null],
    [{ isUntilWorse: true }, [2, 3, 1], null],
    [{ isUntilWorse: true }, [2, 1, 0], "recovered"],
  ] as const) {
    it(`given with ${JSON.stringify(given)} at the first of the codes ${codes} it ends ${reason ?? "not"}`, async () => {
      const { report, acknowledge, reasons } = await fixtureOf(await open());
      const [first, ...rest] = codes;
      await report(first);
      await acknowledge(given);
      for (const code of rest) await report(code);
      assert.deepEqual(await reasons(), [reason]);
    });
  }

  it("one that got worse is told of, one that got better is not", async () => {
    const { report, acknowledge, messages } = await fixtureOf(await open());
    await report(1);
    await acknowledge({ isUntilWorse: true });
    await report(2);
    assert.deepEqual(
      (await messages()).filter((message) => message.startsWith("PROBLEM")),
      ["PROBLEM WARNING queued", "PROBLEM CRITICAL queued"],
    );
  });

  it("ends at its time, once, and who gave it is told", async () => {
    const database = await open();
    const { report, acknowledge, expire, reasons, clock, announced } = await fixtureOf(database);
    await report(2);
    await acknowledge({ expiresAtMs: clock.nowMs + 60_000 });
    assert.equal(await expire(59), 0);
    assert.equal(await expire(1), 1);
    assert.equal(await expire(1), 0);
    assert.deepEqual(await reasons(), ["expired"]);
    assert.deepEqual(announced, ["user 7: CRITICAL"]);
    const state = await database.db.selectFrom("service_state").select("acknowledgement_id").executeTakeFirstOrThrow();
    assert.equal(state.acknowledgement_id, null);
  });

  it("a problem that came while it was acknowledged is told when the acknowledgement has expired", async () => {
    const { report, acknowledge, expire, reevaluate, messages, clock } = await fixtureOf(await open());
    await report(1);
    await acknowledge({ expiresAtMs: clock.nowMs + 60_000 });
    await report(2);
    await reevaluate();
    assert.deepEqual(await messages(), ["PROBLEM WARNING queued"]);
    await expire(60);
    await reevaluate();
    await reevaluate();
    assert.deepEqual(await messages(), ["PROBLEM WARNING queued", "PROBLEM CRITICAL queued"]);
  });

  it("one that ended before its time does not expire, and one after it is left alone", async () => {
    const { report, acknowledge, expire, reasons, clock } = await fixtureOf(await open());
    await report(2);
    await acknowledge({ expiresAtMs: clock.nowMs + 60_000 });
    await acknowledge({});
    await expire(120);
    assert.deepEqual(await reasons(), ["removed", null]);
  });

  it("leaves its comment behind when it is persistent", async () => {
    const database = await open();
    const { report, acknowledge } = await fixtureOf(database);
    await report(2);
    await acknowledge({ isPersistent: true });
    await acknowledge({});
    await report(0);
    const rows = await database.db.selectFrom("comment").select(["kind", "text"]).execute();
    assert.deepEqual(
      rows.map(({ kind, text }) => [kind, text]),
      [["acknowledgement", "disk ordered"]],
    );
  });
});
