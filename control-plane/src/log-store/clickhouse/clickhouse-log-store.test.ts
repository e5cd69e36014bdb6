import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { parseLogQuery } from "@mycloud/protocol/log-query";
import { pino } from "pino";
import { Registry } from "prom-client";
import { everything } from "../../scope/index.ts";
import type { LogStore } from "../log-store.ts";
import { type ClickHouseServer, newRecord, noonUs, startClickHouse, testLogStore } from "../testing/index.ts";
import { createClickHouseLogStore } from "./index.ts";

const isInstalled = existsSync("/usr/sbin/clickhouse-server") || existsSync("/usr/bin/clickhouse-server");
const skip = !isInstalled && process.env.CI === undefined ? "clickhouse-server is not installed" : false;

describe("with a ClickHouse server", { skip }, () => {
  let server: ClickHouseServer;
  let databases = 0;
  before(async () => {
    server = await startClickHouse();
  });
  after(async () => {
    await server.stop();
  });

  async function open(database: string, password = server.password): Promise<LogStore> {
    return await createClickHouseLogStore({
      location: { kind: "clickhouse", origin: server.origin, database, user: server.user, password },
      logger: pino({ level: "warn" }),
      registry: new Registry(),
    });
  }

  testLogStore("the store of logs in ClickHouse", async () => {
    databases += 1;
    const store = await open(`logs${databases}`);
    return { store, close: async () => await store.close() };
  });

  it("a wrong password is a clear error without the password", async () => {
    await assert.rejects(open("refused", "not-the-password"), (error: Error) => {
      assert.match(error.message, /Wrong password/);
      assert.ok(!error.message.includes("not-the-password"));
      return true;
    });
  });

  it("a server that dies refuses batches, says so, and has each chunk once when it is back", async () => {
    const store = await open("dying");
    const batch = (id: number) => ({
      chunk: { sender: "agent", id: String(id) },
      receivedAtMs: noonUs / 1000,
      records: Array.from({ length: 50 }, (_, index) => newRecord({ timeUs: noonUs + index, message: `batch ${id}` })),
    });
    const acknowledged = new Set<number>();
    let isDead = false;
    for (let id = 0; id < 12; id += 1) {
      const appended = store.append(batch(id)).then(
        () => acknowledged.add(id),
        () => undefined,
      );
      if (id === 6) {
        await server.kill();
        isDead = true;
      }
      await appended;
    }
    assert.ok(isDead && acknowledged.size >= 6 && acknowledged.size < 12);
    assert.notEqual((await store.status()).fault, null);
    await server.start();
    for (let id = 0; id < 12; id += 1) await store.append(batch(id));
    for (let id = 0; id < 12; id += 1) {
      const { count } = await store.count({
        fromUs: noonUs,
        toUs: noonUs + 1000,
        condition: parseLogQuery(`"batch ${id}"`),
        scope: everything,
        signal: AbortSignal.timeout(30_000),
        atMost: 1000,
      });
      assert.equal(count, 50, `chunk ${id}`);
    }
    assert.equal((await store.status()).fault, null);
    await store.close();
  });
});
