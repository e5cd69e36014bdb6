import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Registry } from "prom-client";
import { testLogStore } from "../testing/index.ts";
import { createSqliteLogStore } from "./index.ts";

testLogStore("the embedded store of logs", async () => {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-logs-"));
  const logger = pino({ level: "warn" });
  const store = await createSqliteLogStore({ directory, logger, registry: new Registry() });
  return {
    store,
    async close() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});
