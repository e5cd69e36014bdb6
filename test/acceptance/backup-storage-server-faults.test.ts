import assert from "node:assert/strict";
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultPointName } from "@mycloud/backup/fault-point";
import { requireRestic } from "../peers/restic.ts";
import { startStorage, temporaryDirectory } from "../support/index.ts";
import { assertRestores, fill, restic, snapshotsOf } from "../support/stock-restic.ts";

/** Where the server dies, what makes it get there, and the which-th time. */
const faults: readonly (readonly [FaultPointName, number, "backup" | "prune"])[] = [
  ["storage/upload-created", 3, "backup"],
  ["storage/upload-written", 4, "backup"],
  ["storage/upload-synced", 3, "backup"],
  ["storage/upload-renamed", 2, "backup"],
  ["storage/upload-renamed", 4, "backup"],
  ["storage/upload-directory-synced", 3, "backup"],
  ["storage/order-written", 1, "backup"],
  ["storage/order-synced", 1, "backup"],
  ["storage/event-written", 1, "backup"],
  ["storage/trashed", 1, "prune"],
  ["storage/trashed", 3, "prune"],
  ["storage/trash-synced", 2, "prune"],
  ["storage/upload-renamed", 2, "prune"],
];

describe("a storage server that is killed", { timeout: 300_000, concurrency: 3 }, () => {
  let source = "";
  let template = "";
  before(async () => {
    source = await fill(join(await temporaryDirectory("source"), "tree"), 12, 400_000);
    const storage = await startStorage({ after: () => {} });
    const location = await storage.user("web1", "u", "read,append,delete,maintain");
    await restic({ location }, "init");
    await restic({ location }, "backup", join(source, "file 0"), join(source, "file 1"));
    await restic({ location }, "backup", join(source, "file 1"));
    await storage.process().stop();
    template = storage.stateDirectory;
  });

  for (const [point, nth, doing] of faults) {
    test(`at ${point} (${nth}) while a client is at its ${doing} loses nothing, and the client goes on`, async (t) => {
      if (!requireRestic(t)) return;
      const stateDirectory = await temporaryDirectory("killed");
      await cp(template, stateDirectory, { recursive: true });
      const env = { MYCLOUD_FAULT_POINT: `${point}:${nth}`, MYCLOUD_STORAGE_WEBHOOK: "http://127.0.0.1:9/" };
      const storage = await startStorage(t, { stateDirectory, env });
      const client = { location: `rest:http://u:u@127.0.0.1:${storage.port}/web1/` };
      const doomed = storage.process();
      const working =
        doing === "backup"
          ? restic(client, "backup", source)
          : restic(client, "forget", "--keep-last", "1", "--group-by", "", "--prune", "--max-unused", "0");
      const { signal } = await doomed.ended;
      assert.equal(signal, "SIGKILL");
      await storage.start();
      await working;
      assert.deepEqual(await readdir(join(stateDirectory, "tmp")), []);
      assert.equal((await snapshotsOf(client)).length, doing === "backup" ? 3 : 1);
      await restic(client, "check", "--read-data");
      if (doing === "backup") await assertRestores(client, source);
    });
  }
});

test("a server that is killed again and again at random times loses no snapshot that a client was told of", {
  timeout: 200_000,
}, async (t) => {
  if (!requireRestic(t)) return;
  const storage = await startStorage(t);
  const client = { location: await storage.user("web1", "u", "read,append,delete") };
  await restic(client, "init");
  const sources = await Promise.all(
    [0, 1].map(async (at) => fill(join(await temporaryDirectory("source"), `tree ${at}`), 30, 200_000)),
  );
  let isWorking = true;
  const killing = (async () => {
    for (let kills = 0; isWorking; kills++) {
      await sleep(200 + Math.random() * 2_500);
      storage.process().kill("SIGKILL");
      await storage.process().ended;
      await storage.start();
      if (kills > 20) throw new Error("the clients do not get on");
    }
  })();
  await Promise.all(sources.map((source, at) => restic(client, "backup", "--host", `h${at}`, source)));
  await restic(client, "forget", "--keep-last", "1", "--group-by", "host", "--prune");
  isWorking = false;
  await killing;
  assert.equal((await snapshotsOf(client)).length, 2);
  await restic(client, "check", "--read-data");
});
