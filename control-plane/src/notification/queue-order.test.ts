import assert from "node:assert/strict";
import { test } from "node:test";
import { NotificationRuleInput } from "@mycloud/protocol/notification";
import { forEachDialect } from "../database/testing/dialects.ts";
import { insertRule } from "./rule-store.ts";
import { notificationFixture } from "./testing/notification-fixture.ts";

const minute = 60_000;

forEachDialect((_dialect, open) => {
  /** Two services, and one rule in the place of the seeded one. */
  async function fixture(rule: object) {
    const made = await notificationFixture(await open(), { servicesPerHost: 2 });
    const { database, clock, notifications, queue, post, tellDue } = made;
    const [host] = made.ids;
    const [s1 = 0, s2 = 0] = host?.serviceIds ?? [];
    assert.ok(host !== undefined);
    await database.transaction(async (tx) => {
      await tx.deleteFrom("notification_rule").execute();
      const input = NotificationRuleInput.parse({ name: "test", contactIds: [1], ...rule });
      await insertRule(tx, database.dialect, input, clock.nowMs);
    });
    notifications.forget();
    return {
      ...made,
      s1,
      s2,
      send: (serviceId: number, returnCode: number) => post(host.hostId, serviceId, returnCode),
      /** Lets a minute pass; answers the ids of what a sender may send now. */
      async claim(holder = "first") {
        clock.nowMs += minute;
        await tellDue();
        return (await queue.claim(["email"], holder, 20, 180_000, clock.nowMs)).map(({ id }) => id);
      },
      later: (id: number) => queue.retryLater("first", [id], "451 busy", clock.nowMs + 10 * minute, true),
      /** What became of each message, oldest first. */
      async types() {
        const rows = await database.db.selectFrom("notification").selectAll().orderBy("id").execute();
        return rows.map(({ id, type, phase }) => `${id} ${type} ${phase}`);
      },
    };
  }

  test("of one problem, one message is in hand at a time, whoever has it; when it is sent or refused, the next goes", async () => {
    const { send, claim, later, queue, clock, types, s1, s2 } = await fixture({});
    await send(s1, 2);
    assert.deepEqual(await claim(), [1]);
    await send(s2, 2);
    await send(s1, 3);
    await send(s1, 0);
    assert.deepEqual(await claim("second"), [2], "the other problem's alone");
    await later(1);
    assert.deepEqual(await claim("second"), []);
    clock.nowMs += 10 * minute;
    assert.deepEqual(await claim(), [2, 1], "what the second had in hand for too long as well");
    await queue.markSent("first", 1, clock.nowMs);
    assert.deepEqual(await claim("second"), [3]);
    await queue.markDead("second", 3, "550 no such mailbox");
    assert.deepEqual(await claim("second"), [4]);
    await queue.releaseClaims();
    assert.deepEqual(await claim("third"), [2, 4]);
    assert.deepEqual(await types(), ["1 PROBLEM sent", "2 PROBLEM queued", "3 PROBLEM dead", "4 RECOVERY queued"]);
  });

  test("what was told in a group and by itself keeps its order as well; nothing waits in a circle", async () => {
    const { send, claim, later, queue, clock, types, s1, s2 } = await fixture({ groupWaitSeconds: 30 });
    await send(s1, 2);
    assert.deepEqual(await claim(), [1]);
    await later(1);
    await send(s1, 0);
    await send(s2, 2);
    assert.deepEqual(await claim(), [], "the group has the end of what is being retried");
    assert.deepEqual(await types(), ["1 PROBLEM queued", "2 RECOVERY queued", "3 PROBLEM queued", "4 GROUP queued"]);
    clock.nowMs += 10 * minute;
    assert.deepEqual(await claim(), [1]);
    await queue.markSent("first", 1, clock.nowMs);
    assert.deepEqual(await claim(), [4]);
    await later(4);
    await send(s2, 0);
    assert.deepEqual(await claim(), [], "the group has the beginning of what is over");
    clock.nowMs += 10 * minute;
    assert.deepEqual(await claim(), [4]);
    await queue.markSent("first", 4, clock.nowMs);
    assert.deepEqual(await types(), [
      "1 PROBLEM sent",
      "2 RECOVERY sent",
      "3 PROBLEM sent",
      "4 GROUP sent",
      "5 RECOVERY queued",
    ]);
    assert.deepEqual(await claim(), [5]);
  });

  test("a message in the place of others that is given up after two days takes them with it", async () => {
    const { send, claim, queue, clock, types, s1, s2 } = await fixture({ groupWaitSeconds: 30 });
    await send(s1, 2);
    await send(s2, 2);
    assert.deepEqual(await claim(), [3]);
    clock.nowMs += 48 * 60 * minute;
    assert.equal(await queue.expire(clock.nowMs), 1);
    assert.deepEqual(await types(), ["1 PROBLEM dead", "2 PROBLEM dead", "3 GROUP dead"]);
    await send(s1, 0);
    assert.deepEqual(await claim(), [4]);
  });
});
