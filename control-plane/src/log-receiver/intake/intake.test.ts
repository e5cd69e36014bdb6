import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { Registry } from "prom-client";
import { UnavailableError } from "../../error/index.ts";
import type { LogIdentity } from "../../log-sender/index.ts";
import { createLogReceiverMetrics } from "../metrics.ts";
import { RecordingLogStore } from "../testing/recording-log-store.ts";
import { createIntake, type Delivery } from "./intake.ts";

const identity: LogIdentity = {
  kind: "agent",
  key: "agent:1",
  name: "web1",
  hostId: 1,
  hostName: null,
  customer: null,
  maximumLinesPerSecond: null,
  maximumBytesPerDay: null,
};

function deliveryOf(chunk: string | null): Delivery {
  return { protocol: "forward", identity, chunk, receivedAtMs: 0, records: [], bytes: 1 };
}

/** An intake over a store in memory; `fates` says what became of what was held, in the order of holding. */
function startIntake() {
  const store = new RecordingLogStore();
  const fates: ("held" | "released" | "discarded")[] = [];
  const intake = createIntake({
    store,
    hold: async () => {
      const at = fates.push("held") - 1;
      const settle = (fate: "released" | "discarded") => {
        if (fates[at] === "held") fates[at] = fate;
      };
      return { release: () => settle("released"), discard: () => settle("discarded") };
    },
    metrics: createLogReceiverMetrics(new Registry()),
    logger: pino({ level: "silent" }),
    monotonicNow: () => 0,
  });
  return { store, fates, intake };
}

const never = new AbortController().signal;

test("records are kept for sending on before they are stored, and go out when they are", async () => {
  const { store, fates, intake } = startIntake();
  store.before = async () => assert.deepEqual(fates, ["held"]);
  await intake.storePatiently(deliveryOf("a"), never);
  assert.deepEqual(fates, ["released"]);
});

test("a chunk that comes again does not go out again", async () => {
  const { fates, intake } = startIntake();
  for (const store of [intake.store, intake.storePatiently]) await store(deliveryOf("a"), never);
  assert.deepEqual(fates, ["released", "discarded"]);
});

test("what was not stored does not go out", async () => {
  const { store, fates, intake } = startIntake();
  store.before = async () => {
    throw new Error("no");
  };
  await assert.rejects(intake.store(deliveryOf("a")), /no/);
  await assert.rejects(intake.storePatiently(deliveryOf(null), never), /no/);
  assert.deepEqual(fates, ["discarded", "discarded"]);
});

test("what was stored though the store said that it failed goes out when it comes again", async () => {
  const { store, fates, intake } = startIntake();
  const { append } = store;
  let failures = 2;
  store.append = async (batch) => {
    const stored = await append.call(store, batch);
    if (failures-- > 0) throw new UnavailableError("the connection was lost before the answer");
    return stored;
  };
  // Once within one delivery, once in one that follows.
  assert.equal((await intake.storePatiently(deliveryOf("a"), never)).isDuplicate, true);
  failures = 1;
  await assert.rejects(intake.store(deliveryOf("b")));
  assert.equal((await intake.store(deliveryOf("b"))).isDuplicate, true);
  assert.deepEqual(fates, ["released", "discarded", "released"]);
});

test("what is stored after its sender has gone goes out", async () => {
  const { store, fates, intake } = startIntake();
  const storing = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  store.before = async () => {
    going.resolve();
    await storing.promise;
  };
  const gone = new AbortController();
  const delivered = intake.storePatiently(deliveryOf("a"), gone.signal);
  await going.promise;
  gone.abort(new Error("it has gone"));
  await assert.rejects(delivered, /it has gone/);
  assert.deepEqual(fates, ["held"]);
  storing.resolve();
  await new Promise(setImmediate);
  assert.deepEqual(fates, ["released"]);
});

test("who goes while the store is being waited for leaves nothing that goes out", async () => {
  const { store, fates, intake } = startIntake();
  const gone = new AbortController();
  store.before = async () => {
    setImmediate(() => gone.abort());
    throw new UnavailableError("it is full");
  };
  await assert.rejects(intake.storePatiently(deliveryOf("a"), gone.signal));
  assert.deepEqual(fates, ["discarded"]);
});
