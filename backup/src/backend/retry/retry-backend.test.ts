import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { idOf } from "../../blob/index.ts";
import { ExistsError, NotAllowedError, UnavailableError } from "../../error/index.ts";
import type { Backend } from "../backend.ts";
import { defaultRetryPolicy, retryBackend } from "./retry-backend.ts";
import { retryWaitMs } from "./retry-policy.ts";

const bytes = Buffer.from("content");
const pack = { type: "data", name: idOf(bytes) } as const;

/** A backend whose calls do what the test says, and a clock that sleeping moves. */
function create(calls: Partial<Backend>, totalMs = 10_000) {
  const unused = async () => assert.fail("not asked for");
  const inner: Backend = {
    location: "test",
    isRemote: true,
    connections: 1,
    create: unused,
    save: unused,
    load: unused,
    stat: unused,
    list: unused,
    remove: unused,
    listWanted: unused,
    close: async () => {},
    ...calls,
  };
  let nowMs = 0;
  const told: string[] = [];
  const backend = retryBackend(inner, {
    totalMs,
    now: () => nowMs,
    random: () => 0.5,
    sleep: async (milliseconds) => {
      nowMs += milliseconds;
    },
    onRetry: ({ error }) => told.push(error.message),
  });
  return { backend, told, now: () => nowMs };
}

test("what fails for a reason that passes is repeated until it succeeds, and told once", async () => {
  let calls = 0;
  const { backend, told } = create({
    load: async () => {
      if (++calls < 5) throw new UnavailableError("busy");
      return new Uint8Array(bytes);
    },
  });
  assert.deepEqual(Buffer.from(await backend.load(pack)), bytes);
  assert.equal(calls, 5);
  assert.deepEqual(told, ["busy"]);
});

test("another reason is told again", async () => {
  const reasons = ["busy", "busy", "gone", "gone"];
  const { backend, told } = create({
    save: async () => {
      const reason = reasons.shift();
      if (reason !== undefined) throw new UnavailableError(reason);
    },
  });
  await backend.save(pack, bytes);
  assert.deepEqual(told, ["busy", "gone"]);
});

test("what cannot pass is not repeated", async () => {
  let calls = 0;
  const { backend } = create({
    save: async () => {
      calls++;
      throw new NotAllowedError("append-only");
    },
  });
  await assert.rejects(backend.save(pack, bytes), NotAllowedError);
  assert.equal(calls, 1);
});

test("after its time the last error is thrown, and not before", async () => {
  const { backend, now } = create({
    list: async () => {
      throw new UnavailableError("down");
    },
  });
  await assert.rejects(backend.list("data"), /down/);
  assert.equal(now(), 10_000);
});

test("a server that names a time is left alone for that long", async () => {
  let calls = 0;
  const { backend, now } = create({
    stat: async () => {
      if (++calls === 1) throw new UnavailableError("later", { retryAfterSeconds: 4 });
      return null;
    },
  });
  await backend.stat(pack);
  assert.ok(now() >= 4000 && now() <= 5000, String(now()));
});

test("a config whose answer was lost is ours when it has our content, and somebody else's otherwise", async () => {
  for (const [stored, isOurs] of [
    ["content", true],
    ["another", false],
  ] as const) {
    let calls = 0;
    const { backend } = create({
      save: async () => {
        if (++calls === 1) throw new UnavailableError("the answer was lost");
        throw new ExistsError("there is one");
      },
      load: async () => new Uint8Array(Buffer.from(stored)),
    });
    const saving = backend.save({ type: "config", name: "" }, bytes);
    if (isOurs) await saving;
    else await assert.rejects(saving, ExistsError);
  }
});

test("an abort ends the repeating with its reason", async () => {
  const stopping = new AbortController();
  const { backend } = create({
    remove: async () => {
      stopping.abort(new Error("stop"));
      throw new UnavailableError("down");
    },
  });
  await assert.rejects(backend.remove(pack, stopping.signal), /stop/);
});

test("waits grow, stay within bounds and end exactly when the time is over", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 0, max: defaultRetryPolicy.totalMs - 1 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, failingForMs, random) => {
        const waitMs = retryWaitMs(attempt, failingForMs, defaultRetryPolicy, random, null);
        assert.ok(waitMs !== null && waitMs > 0 && waitMs <= defaultRetryPolicy.maximumWaitMs);
        assert.ok(failingForMs + waitMs <= defaultRetryPolicy.totalMs);
      },
    ),
  );
  assert.equal(retryWaitMs(3, defaultRetryPolicy.totalMs, defaultRetryPolicy, 0, null), null);
});
