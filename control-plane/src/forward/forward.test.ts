import assert from "node:assert/strict";
import { it, test } from "node:test";
import { ForwardInput } from "@mycloud/protocol/forward";
import fc from "fast-check";
import { pino } from "pino";
import { recordObservations } from "../check-result/record-observations.ts";
import { createStoreBatches } from "../check-result/store-batches.ts";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { EnabledDefinitions, loadDefinitions, saveDefinition } from "../definition/index.ts";
import { createAddressGuard } from "../outgoing-request/index.ts";
import { createSealer } from "../sealing/index.ts";
import { type DrainDependencies, drainForward, newForwardMemory, retryDelayMs } from "./drain-forward.ts";
import { findFigures } from "./queue-store.ts";
import { createResultForwarder } from "./result-queue.ts";
import type { ForwardedResult } from "./target/forwarded-result.ts";
import { commandLine } from "./target/send-by-pipe.ts";
import { sendTo } from "./target/send-to.ts";

const sealer = createSealer(Buffer.alloc(32, 7));
const never = new AbortController().signal;

forEachDialect((_, open) => {
  /** A control plane with one host, two services, and these forwards. */
  async function start(...inputs: Partial<ForwardInput>[]) {
    const database = await open();
    const fixture = await ingestFixture(database, { servicesPerHost: 2, maxCheckAttempts: 2 });
    await database.transaction(async (tx) => {
      for (const [index, input] of inputs.entries()) {
        const target = { type: "command-pipe", path: "/nonexistent" };
        const whole = ForwardInput.parse({ name: `old-${index}`, target, ...input });
        await saveDefinition(tx, database.dialect, sealer, "Forward", null, whole, fixture.clock.nowMs);
      }
    });
    const cache = new EnabledDefinitions("Forward", sealer);
    const forwarder = createResultForwarder(cache, database.dialect);
    const storeBatches = createStoreBatches({ ...fixture, database, forwarder });
    const recording = { ...fixture, dialect: database.dialect };
    const [{ hostId, serviceIds: [first = 0, second = 0] = [] } = { hostId: 0 }] = fixture.ids;
    const sent: ForwardedResult[] = [];
    let failure: Error | null = null;
    const dependencies: DrainDependencies = {
      database,
      send: async (_target, results) => {
        if (failure !== null) throw failure;
        sent.push(...results);
        return { refused: 0, reason: null };
      },
      logger: pino({ level: "silent" }),
      now: fixture.now,
      random: () => 0,
    };
    const memory = newForwardMemory();
    return {
      sent,
      memory,
      clock: fixture.clock,
      fail(error: Error | null) {
        failure = error;
      },
      /** Nothing came of the first service until its time was up. */
      async fallSilent(service: 0 | 1) {
        const serviceId = service === 0 ? null : first;
        const table = serviceId === null ? "host_state" : "service_state";
        await database.db.updateTable(table).set({ overdue_at_ms: 1 }).execute();
        const silence = { hostId, serviceId, verdict: "stale" as const, output: "no result for 3 min" };
        await database.transaction((tx) =>
          recordObservations(tx, { ...recording, forwarder }, [], [silence], fixture.clock.nowMs),
        );
      },
      async store(...results: [0 | 1 | 2, number][]) {
        const ids = [null, first, second];
        await storeBatches([batchOf(results.map(([which, code]) => resultOf(hostId, ids[which] ?? null, code)))]);
      },
      async drain(more: Partial<DrainDependencies> = {}) {
        const [forward] = await loadDefinitions(database.db, "Forward", sealer);
        assert.ok(forward);
        await drainForward(forward, memory, { ...dependencies, ...more }, never);
      },
      figures: () => findFigures(database),
    };
  }

  const short = (results: readonly ForwardedResult[]) =>
    results.map(({ service, returnCode }) => [service, returnCode]);

  it("passes HARD results on in their order, and nothing that is SOFT, disabled or not chosen", async () => {
    const plane = await start(
      { selector: { services: ["s1"] } },
      { selector: { hosts: ["db*"] } },
      { isEnabled: false },
    );
    await plane.store([1, 0], [1, 2], [2, 2], [1, 2], [0, 1], [1, 0]);
    await plane.drain();
    assert.deepEqual(short(plane.sent), [
      ["s1", 0],
      ["s1", 2],
      ["s1", 0],
    ]);
    assert.equal(plane.sent[1]?.output, "code 2 | value=2");
    const figures = await plane.figures();
    assert.deepEqual(
      figures.map(({ sent, waiting }) => [sent, waiting]),
      [[3, 0]],
    );
  });

  it("passes every result on when asked to, those of hosts too", async () => {
    const plane = await start({ results: "all" });
    await plane.store([1, 0], [1, 2], [0, 1]);
    await plane.drain();
    assert.deepEqual(short(plane.sent), [
      ["s1", 0],
      ["s1", 2],
      [null, 1],
    ]);
  });

  it("passes on that nothing is known any more, as UNKNOWN and UNREACHABLE with the reason", async () => {
    const plane = await start({});
    await plane.store([1, 0], [0, 0]);
    await plane.fallSilent(1);
    await plane.fallSilent(0);
    await plane.drain();
    assert.deepEqual(
      plane.sent.slice(2).map(({ service, returnCode, output }) => [service, returnCode, output]),
      [
        ["s1", 3, "STALE - no result for 3 min"],
        [null, 2, "STALE - no result for 3 min"],
      ],
    );
  });

  it("keeps results while the receiver is away, says why, and tries again later and later", async () => {
    const plane = await start({});
    plane.fail(new Error("connection refused"));
    await plane.store([1, 0]);
    await plane.drain();
    plane.fail(null);
    await plane.drain();
    assert.deepEqual(plane.sent, [], "not before its time");
    const [waiting] = await plane.figures();
    assert.deepEqual([waiting?.waiting, waiting?.lastError], [1, "connection refused"]);
    await plane.store([2, 0]);
    plane.clock.nowMs += 2_001;
    await plane.drain();
    assert.deepEqual(short(plane.sent), [
      ["s1", 0],
      ["s2", 0],
    ]);
    const [after] = await plane.figures();
    assert.deepEqual([after?.waiting, after?.sent, after?.lastError], [0, 2, null]);
  });

  it("drops the oldest beyond its bound, and counts them", async () => {
    const plane = await start({ results: "all" });
    for (let code = 0; code < 4; code++) await plane.store([1, code]);
    await plane.drain({ maximumWaiting: 1 });
    assert.deepEqual(short(plane.sent), [["s1", 3]]);
    const [figures] = await plane.figures();
    assert.deepEqual([figures?.dropped, figures?.sent, figures?.waiting], [3, 1, 0]);
  });

  it("counts what the receiver refuses, and goes on", async () => {
    const plane = await start({});
    await plane.store([1, 0], [2, 0]);
    await plane.drain({ send: async () => ({ refused: 1, reason: "there is no host web1" }) });
    const [figures] = await plane.figures();
    assert.deepEqual([figures?.refused, figures?.sent, figures?.lastError], [1, 1, "there is no host web1"]);
  });
});

test("no forward reaches into a network that is not named", async () => {
  const guard = createAddressGuard(["192.0.2.0/24"]);
  for (const target of [
    { type: "ws-arbiter" as const, url: "http://127.0.0.1:1/", username: "anonymous", password: null },
    { type: "nsca" as const, host: "169.254.169.254", port: 5667, method: 1 as const, password: null },
  ]) {
    await assert.rejects(sendTo(guard, target, [], never), /is not a public address; .*MYCLOUD_OUTGOING_NETWORKS/);
  }
});

test("the wait between attempts doubles up to five minutes", () => {
  assert.deepEqual(
    [1, 2, 3, 9, 20].map((failures) => retryDelayMs(failures, 0)),
    [2_000, 4_000, 8_000, 300_000, 300_000],
  );
  assert.equal(retryDelayMs(1, 1), 1_500);
});

test("a command is one line whatever the output, and none for names that would break it", () => {
  const result = {
    host: "web1",
    service: "disk",
    returnCode: 2,
    output: "a\\b\nc | d=1",
    checkedAtMs: 1_700_000_000_500,
  };
  assert.equal(String(commandLine(result)), "[1700000000] PROCESS_SERVICE_CHECK_RESULT;web1;disk;2;a\\\\b\\nc | d=1\n");
  assert.equal(
    String(commandLine({ ...result, service: null, returnCode: 1, output: "x" })),
    "[1700000000] PROCESS_HOST_CHECK_RESULT;web1;1;x\n",
  );
  assert.equal(commandLine({ ...result, service: "a;b" }), null);
  assert.equal(commandLine({ ...result, host: "a\nb" }), null);
  fc.assert(
    fc.property(fc.string({ maxLength: 6_000 }), (output) => {
      const line = commandLine({ ...result, output });
      assert.ok(line !== null && line.length <= 4_096 && line.indexOf(10) === line.length - 1);
    }),
  );
});
