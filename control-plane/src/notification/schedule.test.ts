import assert from "node:assert/strict";
import { test } from "node:test";
import { NotificationRuleInput } from "@mycloud/protocol/notification";
import { batchOf, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { insertRule } from "./rule-store.ts";
import { notificationFixture } from "./testing/notification-fixture.ts";

const minute = 60_000;

forEachDialect((_dialect, open) => {
  /** One service, and one rule in the place of the seeded one. */
  async function fixture(rule: object, options: Parameters<typeof notificationFixture>[1] = {}) {
    const made = await notificationFixture(await open(), options);
    const { database, clock, notifications } = made;
    const [host] = made.ids;
    const [serviceId] = host?.serviceIds ?? [];
    assert.ok(host !== undefined && serviceId !== undefined);
    await database.transaction(async (tx) => {
      await tx.deleteFrom("notification_rule").execute();
      const input = NotificationRuleInput.parse({ name: "test", contactIds: [1], ...rule });
      await insertRule(tx, database.dialect, input, clock.nowMs);
    });
    notifications.forget();
    const pass = async (minutes: number) => {
      clock.nowMs += minutes * minute;
      return await made.tellDue();
    };
    return { ...made, hostId: host.hostId, serviceId, pass };
  }

  test("a message that waits for its first delay is told once it has passed, with the reason why it comes now", async () => {
    const { post, pass, outcomes, messages, sendAll, server, hostId, serviceId } = await fixture({
      firstDelaySeconds: 300,
    });
    await post(hostId, serviceId, 2);
    assert.deepEqual(await outcomes(), ["CRITICAL first-delay"]);
    assert.equal(await pass(4), 0);
    assert.equal(await pass(1), 1);
    assert.deepEqual([await outcomes(), await messages()], [["CRITICAL notified"], ["PROBLEM CRITICAL queued"]]);
    await sendAll();
    assert.match(String(server.sent[0]?.text), /held back until now: rule "test" waits until/);
    assert.equal(await pass(60), 0, "there is nothing to repeat");
  });

  test("what recovers within the first delay is told to nobody", async () => {
    const { post, pass, outcomes, hostId, serviceId, database } = await fixture({ firstDelaySeconds: 300 });
    await post(hostId, serviceId, 2);
    await post(hostId, serviceId, 0);
    assert.equal(await pass(10), 0);
    assert.deepEqual(await outcomes(), ["CRITICAL first-delay", "OK problem-not-notified"]);
    assert.deepEqual(await database.db.selectFrom("notification_schedule").selectAll().execute(), []);
  });

  test("repeats go out on time, once with several control planes, stop under a downtime and go on after it", async () => {
    const { post, pass, tellDue, messages, addDowntime, clock, sendAll, server, hostId, serviceId } = await fixture({
      repeatIntervalSeconds: 600,
    });
    await post(hostId, serviceId, 2);
    clock.nowMs += 10 * minute;
    const told = await Promise.all([tellDue(), tellDue(), tellDue()]);
    assert.equal(
      told.reduce((sum, count) => sum + count),
      1,
    );
    await addDowntime(clock.nowMs, clock.nowMs + 30 * minute);
    assert.equal(await pass(10), 0);
    assert.equal(await pass(10), 0);
    assert.equal(await pass(11), 1);
    assert.equal((await messages()).length, 3);
    await sendAll();
    assert.match(String(server.sent[2]?.text), /it is message 3 about the problem/);
    assert.equal(server.sent[2]?.inReplyTo, server.sent[0]?.messageId);
    await post(hostId, serviceId, 0);
    assert.equal(await pass(60), 0, "a problem that is over is not repeated");
    assert.equal((await messages()).at(-1), "RECOVERY OK queued");
  });

  test("simultaneous problems are one message to each contact, and their recoveries another", async () => {
    const { ids, storeBatches, clock, pass, outcomes, sendAll, server, database } = await fixture(
      { groupWaitSeconds: 30 },
      { hosts: 4, servicesPerHost: 25 },
    );
    const all = (code: number) =>
      ids.flatMap(({ hostId, serviceIds }) =>
        serviceIds.map((id) => resultOf(hostId, id, code, { checkedAtMs: clock.nowMs, output: `disk ${id}` })),
      );
    await storeBatches([batchOf(all(2))]);
    assert.deepEqual(new Set(await outcomes()), new Set(["CRITICAL grouped"]));
    await pass(1);
    assert.deepEqual(new Set(await outcomes()), new Set(["CRITICAL notified"]));
    await sendAll();
    assert.equal(server.sent.length, 1);
    assert.match(String(server.sent[0]?.subject), /100 CRITICAL: web1\/s1 and 99 others/);
    assert.match(String(server.sent[0]?.text), /100 messages about 100 hosts and services in one/);
    const phases = await database.db.selectFrom("notification").select("phase").distinct().execute();
    assert.deepEqual(
      phases.map(({ phase }) => phase),
      ["sent"],
      "every message fares as the one that stands for it",
    );
    clock.nowMs += 1000;
    await storeBatches([batchOf(all(0))]);
    await pass(1);
    await pass(5);
    await sendAll();
    assert.equal(server.sent.length, 2);
    assert.match(String(server.sent[1]?.subject), /100 OK: /);
  });

  test("groups are made by what the rule says, and a group of one is an ordinary message", async () => {
    const { ids, post, pass, sendAll, server } = await fixture(
      { groupBy: ["host"], groupWaitSeconds: 30 },
      { hosts: 2, servicesPerHost: 2 },
    );
    const [web1, web2] = ids;
    assert.ok(web1 && web2);
    for (const serviceId of web1.serviceIds) await post(web1.hostId, serviceId, 2);
    await post(web2.hostId, web2.serviceIds[0] ?? 0, 1);
    await post(web2.hostId, web2.serviceIds[0] ?? 0, 2);
    await post(web2.hostId, web2.serviceIds[1] ?? 0, 1);
    await pass(1);
    await sendAll();
    const subjects = server.sent.map(({ subject }) => String(subject)).sort();
    assert.deepEqual(subjects, [
      "[MyCloud] 2 CRITICAL: web1/s1 and 1 other",
      "[MyCloud] CRITICAL web2/s1: DISK - 97% used",
    ]);
  });

  test("a problem that came and went while its group waited says so", async () => {
    const { post, pass, sendAll, server, hostId, serviceId } = await fixture({ groupWaitSeconds: 60 });
    await post(hostId, serviceId, 2);
    await post(hostId, serviceId, 0);
    await pass(2);
    await sendAll();
    assert.match(String(server.sent[0]?.text), /OK \(was a problem, is over\) {2}web1\/s1/);
    assert.equal(server.sent.length, 1);
  });

  test("a digest collects everything until its time", async () => {
    const { post, pass, outcomes, sendAll, server, hostId, serviceId, clock } = await fixture({
      digest: { cron: "0 * * * *" },
    });
    await post(hostId, serviceId, 2);
    assert.deepEqual(await outcomes(), ["CRITICAL digest"]);
    const untilHour = (3_600_000 - (clock.nowMs % 3_600_000)) / minute;
    await pass(untilHour - 1);
    await sendAll();
    assert.equal(server.sent.length, 0);
    await pass(1);
    await sendAll();
    assert.match(String(server.sent[0]?.subject), /Digest: 1 CRITICAL: web1\/s1/);
    assert.deepEqual(await outcomes(), ["CRITICAL notified"]);
  });

  test("in a storm a contact gets its limit and one summary that says how many more they were", async () => {
    const { ids, storeBatches, clock, pass, outcomes, sendAll, server } = await fixture(
      {},
      { hosts: 2, servicesPerHost: 50 },
    );
    const results = ids.flatMap(({ hostId, serviceIds }) =>
      serviceIds.map((id) => resultOf(hostId, id, 2, { checkedAtMs: clock.nowMs })),
    );
    await storeBatches([batchOf(results.slice(0, 60))]);
    await storeBatches([batchOf(results.slice(60))]);
    const told = await outcomes();
    assert.deepEqual(
      [told.filter((line) => line.endsWith("notified")).length, told.filter((line) => line.endsWith("storm")).length],
      [30, 70],
    );
    await sendAll();
    assert.equal(server.sent.length, 30);
    await pass(1);
    await sendAll();
    assert.equal(server.sent.length, 31);
    assert.equal(server.sent[30]?.subject, "[MyCloud] 70 notifications suppressed: 70 CRITICAL");
  });
});
