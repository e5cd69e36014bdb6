import assert from "node:assert/strict";
import { it } from "node:test";
import { ResultWriter } from "../check-result/result-writer.ts";
import { ingestFixture } from "../check-result/testing/ingest-fixture.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { type AlertSender, createAlertIntake } from "./accept-alerts.ts";
import { noteAlerts } from "./alertmanager-clock.ts";
import { readAlerts } from "./read-alerts.ts";

const resolveTimeoutMs = 300_000;

async function fixture(database: ConnectedDatabase) {
  const ingest = await ingestFixture(database);
  const { definitions, changes, now, logger, storeBatches, clock } = ingest;
  const writer = new ResultWriter({ storeBatches, logger, maximumConcurrent: 1 });
  const mapping = {
    hostLabels: ["host"],
    defaultHost: "alerts",
    severities: new Map([["warning", 1]]),
    resolveTimeoutMs,
  };
  const intake = createAlertIntake({
    database,
    definitions,
    changes,
    acceptCheckResults: (batch) => writer.write(batch),
    mapping,
    onNew: async () => {},
    now,
  });
  const sender = { scope: { kind: "all" }, sender: "token:1", mayRegister: true } as const;
  return {
    clock,
    send: (labels: Record<string, string>, more: Partial<AlertSender> = {}) =>
      intake.accept(readAlerts([{ labels }], { nowMs: now(), resolveTimeoutMs }).alerts, { ...sender, ...more }),
    note: () => noteAlerts({ database, intake, resolveTimeoutMs, now }),
    async stateOf(service: string) {
      const row = await database.db
        .selectFrom("service_state")
        .innerJoin("service", "service.id", "service_state.service_id")
        .select("state")
        .where("name", "=", service)
        .executeTakeFirst();
      return row?.state;
    },
  };
}

forEachDialect((_dialect, open) => {
  it("an alert that is not sent again in time is over, but not for the time nobody listened", async () => {
    const { clock, send, note, stateOf } = await fixture(await open());
    await note();
    assert.deepEqual(await send({ alertname: "Slow", host: "web1" }), []);
    assert.equal(await stateOf("Slow"), 2);
    clock.nowMs += resolveTimeoutMs + 60_000;
    await note();
    assert.equal(await stateOf("Slow"), 2);
    for (let waitedMs = 0; waitedMs <= resolveTimeoutMs; waitedMs += 15_000) {
      clock.nowMs += 15_000;
      await note();
    }
    assert.equal(await stateOf("Slow"), 0);
  });

  it("a service is as bad as the worst of its alerts, and unknown ones are refused unless they may be created", async () => {
    const { send, stateOf } = await fixture(await open());
    await send({ alertname: "Disk", host: "web1", severity: "warning" });
    assert.equal(await stateOf("Disk"), 1);
    await send({ alertname: "Disk", host: "web1", severity: "critical" });
    assert.equal(await stateOf("Disk"), 2);
    const refused = await send({ alertname: "Other", host: "web1" }, { mayRegister: false });
    assert.match(refused[0]?.message ?? "", /host "web1" has no service "Other"/);
    assert.equal(await stateOf("Other"), undefined);
  });
});
