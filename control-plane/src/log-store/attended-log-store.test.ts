import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pino } from "pino";
import { Registry } from "prom-client";
import { createAttendedLogStore } from "./attended-log-store.ts";
import { createLogStore } from "./create-log-store.ts";
import { LogStoreFaultError } from "./log-store-error.ts";

test("a store that cannot be opened says why, and serves as soon as it can", async () => {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-attended-"));
  const logger = pino({ level: "silent" });
  let isBroken = true;
  const store = createAttendedLogStore({
    kind: "sqlite",
    open: async () => {
      if (isBroken) throw new Error("the disk is on fire");
      return await createLogStore({ location: { kind: "sqlite", directory }, logger, registry: new Registry() });
    },
    logger,
    againMs: 5,
  });
  try {
    await store.start();
    const batch = { chunk: null, receivedAtMs: 1, records: [] };
    await assert.rejects(store.append(batch), (error) => {
      return error instanceof LogStoreFaultError && /the disk is on fire/.test(error.message);
    });
    assert.match((await store.status()).fault ?? "", /on fire/);
    isBroken = false;
    while ((await store.status()).fault !== null) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(await store.append(batch), { stored: 0, isDuplicate: false });
  } finally {
    await store.close();
    await rm(directory, { recursive: true });
  }
});
