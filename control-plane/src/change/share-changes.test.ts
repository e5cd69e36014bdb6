import assert from "node:assert/strict";
import { it } from "node:test";
import { pino } from "pino";
import { forEachDialect } from "../database/testing/dialects.ts";
import { createChangeBus } from "./create-change-bus.ts";
import { shareChanges } from "./share-changes.ts";

const logger = pino({ level: "silent" });

forEachDialect((_dialect, open) => {
  it("a control plane hears within two seconds of what another changed", async () => {
    const database = await open();
    const [here, there] = [createChangeBus(logger), createChangeBus(logger)];
    const stops = [here, there].map((changes) => shareChanges({ database, changes, logger }));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const heard = new Set<string>();
    const everything = new Promise<void>((resolve) => {
      there.subscribe((type) => {
        heard.add(type);
        if (heard.has("definitions") && heard.has("state-changes")) resolve();
      });
    });
    here.publish("definitions", [1]);
    here.publish("services", [1]);
    await database.db
      .insertInto("host")
      .values({
        name: "web1",
        labels_json: "{}",
        facts_json: "{}",
        groups_json: "[]",
        notes: "",
        origin: "operator",
        max_check_attempts: 1,
        created_at_ms: 1,
        updated_at_ms: 1,
      })
      .execute();
    const host = await database.db.selectFrom("host").select("id").executeTakeFirstOrThrow();
    await database.db
      .insertInto("state_change")
      .values({
        host_id: host.id,
        kind: "state",
        from_state: "UP",
        to_state: "DOWN",
        is_hard: 1,
        attempt: 1,
        output: "",
        at_ms: 1,
      })
      .execute();
    await everything;
    assert.ok(heard.has("services") && heard.has("overview"));
    for (const stop of stops) await stop();
  });
});

it("a listener that throws keeps nobody else from hearing", () => {
  const changes = createChangeBus(logger);
  const heard: unknown[] = [];
  changes.subscribe(() => {
    throw new Error("broken");
  });
  const end = changes.subscribe((type, ids) => heard.push([type, ids]));
  changes.publish("hosts", [1]);
  end();
  changes.publish("hosts", [2]);
  assert.deepEqual(heard, [["hosts", [1]]]);
});
