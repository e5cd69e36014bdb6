// `mycloud up` on MariaDB: the same, with the database elsewhere.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createDatabase, dropDatabase, startMariadb } from "../peers/mariadb.ts";
import { requirePeer } from "../peers/peer.ts";
import { startUp, waitFor } from "../support/index.ts";

test("MYCLOUD_DATABASE_URL keeps everything in MariaDB, and the host is watched all the same", async (t) => {
  if (!requirePeer(t, "/usr/sbin/mariadbd", "mariadb-server")) return;
  const peer = await startMariadb();
  const name = `up_${process.pid}`;
  const url = await createDatabase(peer.url, name);
  const ups: Awaited<ReturnType<typeof startUp>>[] = [];
  t.after(async () => {
    for (const up of ups) await up.process.stop();
    await dropDatabase(peer.url, name);
    await peer.stop();
  });
  const up = await startUp(t, { env: { MYCLOUD_DATABASE_URL: url } });
  ups.push(up);
  await waitFor(
    async () => (await up.api("GET", "/api/v1/hosts")).body.data[0]?.state === "UP",
    60_000,
    "the own host to be UP",
  );
  assert.ok(!existsSync(join(up.stateDir, "mycloud.sqlite")));
});
