import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "../logger/index.ts";
import { createDurableWrites } from "./write-durably.ts";

const logger = createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now });
const full = () => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

test("on a full disk room is made and the write tried at once, as long as there is something to let go", async () => {
  const writes = createDurableWrites(logger, new AbortController().signal);
  let tries = 0;
  let rooms = 0;
  const result = await writes.persist(
    async () => {
      tries++;
      if (tries < 4) throw full();
      return "written";
    },
    async () => {
      rooms++;
      assert.equal(writes.fault, "ENOSPC: no space left on device, write");
      return true;
    },
  );
  assert.deepEqual([result, tries, rooms, writes.fault], ["written", 4, 3, null]);
});

test("without anything to let go it is tried again later, until the shipper stops", async () => {
  const stopping = new AbortController();
  const writes = createDurableWrites(logger, stopping.signal);
  let tries = 0;
  const persisted = writes.persist(
    async () => {
      tries++;
      if (tries === 2) stopping.abort(new Error("stopped"));
      throw full();
    },
    async () => false,
  );
  await assert.rejects(persisted, /stopped/);
  assert.equal(tries, 2);
});

test("other faults make no room", async () => {
  const writes = createDurableWrites(logger, new AbortController().signal);
  let tries = 0;
  await writes.persist(
    async () => {
      tries++;
      if (tries === 1) throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
    },
    async () => assert.fail("nothing is dropped for that"),
  );
  assert.equal(tries, 2);
});
