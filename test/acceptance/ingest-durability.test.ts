import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { assertRising, sendNumberedResults, storedNumbers } from "../numbered-results/index.ts";
import { createDatabase, dropDatabase, isMariadbInstalled, startMariadb } from "../peers/mariadb.ts";
import { startServer } from "../support/index.ts";

const isMariadbMissing = process.env.CI !== "true" && !isMariadbInstalled();
const kills = 4;

/** Kills the control plane at random instants under four senders; what was acknowledged must be there exactly once, in order. */
async function surviveKills(t: TestContext, env: Record<string, string>): Promise<void> {
  const server = await startServer(t, { env });
  const ending = new AbortController();
  const sending = ["a", "b", "c", "d"].map(async (host) => {
    const services = ["one", "two"];
    return { host, report: await sendNumberedResults(server.api, host, services, Math.random, ending.signal) };
  });
  for (let kill = 0; kill < kills; kill++) {
    await sleep(300 + 900 * Math.random());
    await server.kill("SIGKILL");
    await server.start();
  }
  await sleep(300);
  ending.abort();
  let acknowledged = 0;
  for (const { host, report } of await Promise.all(sending)) {
    const services = await server.api(
      "GET",
      `/api/v1/services?filter=${encodeURIComponent(JSON.stringify({ hostName: host }))}`,
    );
    for (const [name, count] of report.acknowledged) {
      acknowledged += count;
      const service = services.body.data.find((one: { name: string }) => one.name === name);
      if (service === undefined) {
        assert.equal(count, 0);
        continue;
      }
      const stored = await storedNumbers(server.api, service.id);
      assertRising(stored, `${host}/${name}`);
      assert.deepEqual(
        stored.map(({ number }) => number),
        Array.from({ length: count }, (_, index) => index + 1),
        `${host}/${name}`,
      );
      assert.equal(service.output, `OK - run ${count}`);
    }
  }
  await server.stop();
  assert.ok(acknowledged > 50, `only ${acknowledged} results were acknowledged`);
}

describe("ingest under kill -9", () => {
  it("loses and doubles nothing that was acknowledged, on SQLite", (t) => surviveKills(t, {}));

  it("loses and doubles nothing that was acknowledged, on MariaDB", {
    skip: isMariadbMissing ? "mariadbd is not installed" : false,
  }, async (t) => {
    const peer = await startMariadb();
    const name = `mycloud_kill_${process.pid}`;
    const url = await createDatabase(peer.url, name);
    // One action: those of a test run in the order of registration, and the server has to go before its database.
    t.after(async () => {
      await dropDatabase(peer.url, name);
      await peer.stop();
    });
    await surviveKills(t, { MYCLOUD_DATABASE_URL: url });
  });
});
