import assert from "node:assert/strict";
import { it } from "node:test";
import type { TimelineKind } from "@mycloud/protocol/timeline";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { everything, type Scope } from "../scope/index.ts";
import { parseCursor, readDensity, readTimeline } from "./read-timeline.ts";
import { findSubject } from "./routes.ts";

const second = 1000;

forEachDialect((_dialect, open) => {
  async function setUp() {
    const database = await open();
    const fixture = await ingestFixture(database, { hosts: 2, maxCheckAttempts: 1 });
    const { storeBatches, ids, clock, now, definitions } = fixture;
    const startMs = clock.nowMs;
    const { hostId, serviceIds } = ids[0] ?? assert.fail();
    const [serviceId = 0] = serviceIds;
    const results = [resultOf(hostId, serviceId, 0), resultOf(hostId, serviceId, 2)];
    for (const [index, result] of results.entries()) {
      clock.nowMs = startMs + (index + 1) * second;
      await storeBatches([batchOf([{ ...result, checkedAtMs: clock.nowMs }])]);
    }
    const { db } = database;
    await db
      .insertInto("downtime")
      .values({
        selector_json: '{"hosts":["web2"]}',
        start_at_ms: startMs,
        end_at_ms: startMs + 99_000,
        comment: "kernel",
        author_name: "Ann",
        created_at_ms: startMs + 3 * second,
        started_at_ms: startMs + 4 * second,
      })
      .execute();
    await db
      .insertInto("comment")
      .values({
        host_id: hostId,
        service_id: serviceId,
        author_name: "Bo",
        text: "hm",
        created_at_ms: startMs + 5 * second,
        expires_at_ms: null,
        acknowledgement_id: null,
      })
      .execute();
    await db
      .insertInto("audit_entry")
      .values({
        at_ms: startMs + 6 * second,
        actor_kind: "user",
        actor_id: "1",
        actor_name: "Cy",
        action: "host.update",
        resource_kind: "host",
        resource_id: String(hostId),
        resource_name: "web1",
        before_json: null,
        after_json: null,
        address: null,
      })
      .execute();
    await db
      .insertInto("agent_event")
      .values({ host_id: hostId, kind: "upgrade", from_version: "1.0", to_version: "1.1", at_ms: startMs + 6 * second })
      .execute();
    await db
      .insertInto("watch_outage")
      .values({ from_at_ms: startMs, until_at_ms: startMs + 8 * second })
      .execute();
    clock.nowMs = startMs + 10 * second;
    const all = {
      subject: { hosts: null, service: undefined },
      kinds: null,
      fromMs: 0,
      untilMs: clock.nowMs,
      after: null,
    };
    const read = (more: Partial<Parameters<typeof readTimeline>[2]> = {}, scope: Scope = everything) =>
      readTimeline(database, scope, { ...all, limit: 100, ...more });
    return { database, definitions, now, read, hostId, serviceId, otherHostId: ids[1]?.hostId ?? 0 };
  }

  it("merges what happened, newest first", async () => {
    const { read } = await setUp();
    const { data, nextCursor } = await read();
    assert.deepEqual(
      data.map(({ kind, title, author }) => [kind, title, author]),
      [
        ["outage", "monitoring was blind for 8 s", null],
        ["agent", "agent changed from 1.0 to 1.1", null],
        ["definition", "host.update web1", "Cy"],
        ["comment", "comment", "Bo"],
        ["downtime", "downtime began", "Ann"],
        ["downtime", "downtime planned", "Ann"],
        ["state", "OK to CRITICAL", null],
      ],
    );
    assert.equal(nextCursor, null);
  });

  it("gives the same, page by page, without losing or repeating any", async () => {
    const { read } = await setUp();
    const whole = (await read()).data.map(({ key }) => key);
    for (const limit of [1, 2, 3]) {
      const keys: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await read({ limit, after: cursor === null ? null : parseCursor(cursor) });
        keys.push(...page.data.map(({ key }) => key));
        cursor = page.nextCursor;
      } while (cursor !== null);
      assert.deepEqual(keys, whole);
    }
  });

  it("counts by kind and severity in parts of the range what the list has", async () => {
    const { read, database, definitions, hostId } = await setUp();
    const { data } = await read();
    const fromMs = Math.min(...data.map(({ atMs }) => atMs));
    const untilMs = Math.max(...data.map(({ atMs }) => atMs)) + 1;
    const question = { subject: { hosts: null, service: undefined }, kinds: null, fromMs, untilMs };
    const density = await readDensity(database, everything, question, 7);
    assert.equal(density.countedFromMs, null);
    const counted = density.lanes.map(({ kind, severity, counts }) => [
      kind,
      severity,
      counts.length,
      counts.reduce((sum, count) => sum + count),
    ]);
    assert.deepEqual(counted.toSorted(), [
      ["agent", null, 7, 1],
      ["comment", null, 7, 1],
      ["definition", null, 7, 1],
      ["downtime", null, 7, 2],
      ["outage", null, 7, 1],
      ["state", "critical", 7, 1],
    ]);
    assert.deepEqual(density.lanes.find(({ kind }) => kind === "outage")?.counts, [0, 0, 0, 0, 0, 0, 1]);
    const subject = await findSubject({ database, definitions }, everything, hostId, undefined);
    const severe = await readDensity(database, everything, { ...question, subject, severities: ["critical"] }, 2);
    assert.deepEqual(severe.lanes, [{ kind: "state", severity: "critical", counts: [1, 0] }]);
    assert.deepEqual((await read({ severities: ["ok", "warning"] })).data, []);
    assert.equal((await read({ severities: ["critical"] })).data.length, 1);
    const foreign: Scope = { kind: "customer", customer: "other" };
    const theirs = await readDensity(database, foreign, question, 7);
    assert.deepEqual(
      theirs.lanes.map(({ kind }) => kind),
      ["outage"],
    );
  });

  it("narrows to a host, a service, kinds and a customer", async () => {
    const { read, database, definitions, hostId, serviceId, otherHostId } = await setUp();
    const kindsOf = async (more: Parameters<typeof read>[0], scope?: Scope) =>
      (await read(more, scope)).data.map(({ kind }) => kind);
    const subject = (...ids: [number | undefined, number?]) =>
      findSubject({ database, definitions }, everything, ids[0], ids[1]);
    assert.deepEqual(await kindsOf({ subject: await subject(hostId) }), [
      "outage",
      "agent",
      "definition",
      "comment",
      "state",
    ]);
    assert.deepEqual(await kindsOf({ subject: await subject(otherHostId) }), ["outage", "downtime", "downtime"]);
    assert.deepEqual(await kindsOf({ subject: await subject(hostId, 0) }), ["outage", "agent", "definition"]);
    assert.deepEqual(await kindsOf({ subject: await subject(undefined, serviceId), kinds: ["state", "comment"] }), [
      "comment",
      "state",
    ]);
    const kinds: TimelineKind[] = ["definition"];
    assert.deepEqual(await kindsOf({ kinds }), ["definition"]);
    assert.deepEqual(await kindsOf({}, { kind: "customer", customer: "other" }), ["outage"]);
    const foreign: Scope = { kind: "customer", customer: "other" };
    await assert.rejects(findSubject({ database, definitions }, foreign, hostId, undefined), /there is no host/);
    await assert.rejects(findSubject({ database, definitions }, foreign, undefined, serviceId), /there is no service/);
  });
});
