import assert from "node:assert/strict";
import { test } from "node:test";
import { lockServices, putAcknowledgement, removeAcknowledgement } from "../acknowledgement/store.ts";
import { batchOf, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { noteDowntimes } from "../downtime/index.ts";
import { everything } from "../scope/index.ts";
import { notificationFixture } from "./testing/notification-fixture.ts";

const refusal = (code: string, responseCode?: number) =>
  Object.assign(new Error("Can't send mail"), {
    code,
    ...(responseCode ? { responseCode, response: `${responseCode} no` } : {}),
  });

forEachDialect((_dialect, open) => {
  async function fixture(options = {}) {
    const made = await notificationFixture(await open(), options);
    const [host] = made.ids;
    const [service] = host?.serviceIds ?? [];
    assert.ok(host !== undefined && service !== undefined);
    return { ...made, hostId: host.hostId, serviceId: service };
  }

  test("a problem and its recovery are one thread", async () => {
    const { post, sendAll, server, hostId, serviceId, outcomes } = await fixture();
    await post(hostId, serviceId, 0);
    await post(hostId, serviceId, 2);
    await post(hostId, serviceId, 2);
    await post(hostId, serviceId, 1);
    await post(hostId, serviceId, 0);
    await sendAll();
    const [problem, worse, recovery] = server.sent;
    assert.equal(server.sent.length, 3);
    assert.match(String(problem?.messageId), /^<problem-\d+\.\d+-0\.thread1@monitor\.example\.org>$/);
    assert.deepEqual([problem?.references, problem?.inReplyTo], [undefined, undefined]);
    for (const later of [worse, recovery]) {
      assert.equal(later?.inReplyTo, problem?.messageId);
      assert.deepEqual(later?.references, [problem?.messageId]);
      assert.equal(later?.subject, `Re: ${problem?.subject}`);
    }
    assert.equal(problem?.subject, "[MyCloud] CRITICAL web1/s1: DISK - 97% used");
    assert.notEqual(worse?.messageId, recovery?.messageId);
    assert.match(String(recovery?.text), /^RECOVERED: web1\/s1 is OK/);
    assert.deepEqual(
      (await outcomes()).filter((line) => !line.startsWith("OK null")),
      ["CRITICAL notified", "WARNING notified", "OK notified"],
    );
  });

  test("a problem that began and ended in one transaction is told from beginning to end", async () => {
    const { messages, hostId, serviceId, storeBatches, clock } = await fixture();
    const results = [2, 0].map((code) => resultOf(hostId, serviceId, code, { checkedAtMs: clock.nowMs }));
    await storeBatches([batchOf(results)]);
    assert.deepEqual(await messages(), ["PROBLEM CRITICAL queued", "RECOVERY OK queued"]);
  });

  test("in downtime nobody is told; at its end whoever is still bad is told why it comes now, once", async () => {
    const { post, messages, outcomes, reevaluate, addDowntime, clock, hostId, serviceId, server, sendAll } =
      await fixture();
    await addDowntime(clock.nowMs, clock.nowMs + 60_000);
    await post(hostId, serviceId, 2);
    assert.deepEqual(await outcomes(), ["CRITICAL in-downtime"]);
    assert.equal(await reevaluate(), 0);
    clock.nowMs += 60_000;
    assert.equal(await reevaluate(), 1);
    assert.equal(await reevaluate(), 0);
    assert.deepEqual(await messages(), ["PROBLEM CRITICAL queued"]);
    assert.deepEqual(await outcomes(), ["CRITICAL notified"]);
    await sendAll();
    assert.match(String(server.sent[0]?.text), /held back until now: in downtime \d+ until .* \(carla: new disks\)/);
    await post(hostId, serviceId, 0);
    assert.equal((await messages()).at(-1), "RECOVERY OK queued");
  });

  test("a downtime's start and end are noted once, however many control planes look", async () => {
    const { addDowntime, clock, database, audit, changes, now } = await fixture();
    await addDowntime(clock.nowMs, clock.nowMs + 60_000);
    const look = () => noteDowntimes({ database, audit, changes, now });
    const twice = () => Promise.all([look(), look()]);
    await twice();
    clock.nowMs += 60_000;
    const ended = await twice();
    await look();
    assert.equal(ended[0] + ended[1], 1);
    const entries = await database.db.selectFrom("audit_entry").select("action").orderBy("id").execute();
    assert.deepEqual(
      entries.map((entry) => entry.action),
      ["downtime.start", "downtime.end"],
    );
  });

  test("services are quiet while their host is down, and told when it is up and they are still bad", async () => {
    const { post, outcomes, reevaluate, messages, hostId, serviceId } = await fixture();
    await post(hostId, null, 0);
    await post(hostId, serviceId, 0);
    await post(hostId, null, 1);
    await post(hostId, serviceId, 2);
    assert.deepEqual((await outcomes()).slice(-1), ["CRITICAL host-down"]);
    await post(hostId, null, 0);
    assert.equal(await reevaluate(), 0, "no result has come since the host is up");
    await post(hostId, serviceId, 2);
    assert.equal(await reevaluate(), 1);
    assert.deepEqual(await messages(), ["PROBLEM DOWN queued", "RECOVERY UP queued", "PROBLEM CRITICAL queued"]);
  });

  test("a service that sends nothing after its host came up is told after five minutes", async () => {
    const { post, reevaluate, clock, hostId, serviceId } = await fixture();
    await post(hostId, null, 1);
    await post(hostId, serviceId, 2);
    await post(hostId, null, 0);
    clock.nowMs += 299_000;
    assert.equal(await reevaluate(), 0);
    clock.nowMs += 1_000;
    assert.equal(await reevaluate(), 1);
  });

  test("an acknowledged problem that gets worse is quiet, and told when the acknowledgement is taken back", async () => {
    const { post, outcomes, reevaluate, database, now, hostId, serviceId } = await fixture();
    const { dialect } = database;
    await post(hostId, serviceId, 1);
    const locked = (
      work: (
        object: Awaited<ReturnType<typeof lockServices>>[number],
        tx: Parameters<typeof lockServices>[0],
      ) => Promise<unknown>,
    ) =>
      database.transaction(async (tx) => {
        const [object] = await lockServices(tx, dialect, everything, [serviceId]);
        assert.ok(object);
        await work(object, tx);
      });
    await locked((object, tx) =>
      putAcknowledgement(tx, object, { authorName: "carla", comment: "on it", isSticky: true }, now()),
    );
    await post(hostId, serviceId, 2);
    assert.equal(await reevaluate(), 0);
    assert.deepEqual(await outcomes(), ["WARNING notified", "CRITICAL acknowledged"]);
    await locked((object, tx) => removeAcknowledgement(tx, object, now()));
    assert.equal(await reevaluate(), 1);
    assert.deepEqual(await outcomes(), ["WARNING notified", "CRITICAL notified"]);
  });

  test("a mail server that is away keeps messages queued, and they go out when it is back", async () => {
    const { post, sendAll, server, messages, clock, hostId, serviceId, database } = await fixture();
    await post(hostId, serviceId, 2);
    server.state.fail = refusal("ESOCKET");
    await sendAll();
    await sendAll();
    assert.deepEqual(await messages(), ["PROBLEM CRITICAL queued"]);
    const row = await database.db.selectFrom("notification").selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([row.attempts, row.last_error], [1, "Can't send mail"]);
    assert.equal(row.next_attempt_at_ms, clock.nowMs + 15_000);
    server.state.fail = null;
    clock.nowMs += 15_000;
    await sendAll();
    assert.deepEqual(await messages(), ["PROBLEM CRITICAL sent"]);
  });

  test("a message refused for good is dead, with the mail server's words", async () => {
    const { post, sendAll, server, messages, hostId, serviceId, database } = await fixture();
    await post(hostId, serviceId, 2);
    server.state.fail = refusal("EENVELOPE", 550);
    await sendAll();
    assert.deepEqual(await messages(), ["PROBLEM CRITICAL dead"]);
    const row = await database.db.selectFrom("notification").selectAll().executeTakeFirstOrThrow();
    assert.equal(row.last_error, "550 no");
  });

  test("what cannot be sent for 48 hours is given up and says why", async () => {
    const { post, sendAll, server, messages, clock, hostId, serviceId, database } = await fixture();
    await post(hostId, serviceId, 2);
    server.state.fail = refusal("ESOCKET");
    await sendAll();
    clock.nowMs += 48 * 3_600_000;
    await sendAll();
    assert.deepEqual(await messages(), ["PROBLEM CRITICAL dead"]);
    const row = await database.db.selectFrom("notification").selectAll().executeTakeFirstOrThrow();
    assert.equal(row.last_error, "given up after 48 h: Can't send mail");
  });

  test("several senders send each message once, and one that was killed leaves its messages to the others", async () => {
    const { post, senderOf, server, queue, clock, messages, hostId, serviceId } = await fixture({ servicesPerHost: 1 });
    for (let round = 0; round < 15; round++) {
      await post(hostId, serviceId, 2);
      await post(hostId, serviceId, 0);
    }
    const abandoned = await queue.claim(["email"], "killed", 1, 60_000, clock.nowMs);
    assert.equal(abandoned.length, 1);
    const { signal } = new AbortController();
    await Promise.all([senderOf("a").sendDue(signal), senderOf("b").sendDue(signal)]);
    const count = (await messages()).length;
    assert.equal(server.sent.length, count - 2, "the end of its problem waits for it, and nothing else");
    clock.nowMs += 60_000;
    await senderOf("a").sendDue(signal);
    assert.equal(server.sent.length, count);
    assert.equal(new Set(server.sent.map((mail) => mail.messageId)).size, server.sent.length);
  });
});
