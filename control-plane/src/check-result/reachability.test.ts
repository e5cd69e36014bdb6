import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { watchFreshness } from "../freshness/watch-freshness.ts";
import { hostSettingsOf } from "../host/host-settings.ts";
import { batchOf, ingestFixture, resultOf } from "./testing/ingest-fixture.ts";

forEachDialect((_dialect, open) => {
  /** web1 <- web2 <- web3: each reached through the one before; web4 through web1 and web5. */
  async function chain() {
    const database = await open();
    const fixture = await ingestFixture(database, { hosts: 5 });
    const { definitions, decider, newThreadKey, changes, logger, now, clock, storeBatches } = fixture;
    const parents: Record<string, string[]> = { web2: ["web1"], web3: ["web2"], web4: ["web1", "web5"] };
    for (const [name, of] of Object.entries(parents)) {
      const json = JSON.stringify(hostSettingsOf({ parents: of }));
      await database.db.updateTable("host").set({ settings_json: json }).where("name", "=", name).execute();
    }
    definitions.forget();
    const ids = new Map(
      (await database.db.selectFrom("host").select(["id", "name"]).execute()).map((h) => [h.name, h.id]),
    );
    const recording = { dialect: database.dialect, definitions, decider, newThreadKey };
    const watch = () => watchFreshness({ database, recording, changes, logger, now }, new AbortController().signal);
    return {
      database,
      clock,
      watch,
      async send(name: string, returnCode: number, isPassive = false) {
        clock.nowMs += 1_000;
        await storeBatches([batchOf([resultOf(ids.get(name)!, null, returnCode, { isPassive })])]);
      },
      async states() {
        const rows = await database.db
          .selectFrom("host")
          .innerJoin("host_state", "host_state.host_id", "host.id")
          .select(["name", "state", "is_hard"])
          .orderBy("name")
          .execute();
        return rows.map((row) => `${["UP", "DOWN", "UNREACHABLE"][row.state]}${row.is_hard === 1 ? "" : " SOFT"}`);
      },
      async history(name: string) {
        const rows = await database.db
          .selectFrom("state_change")
          .select(["from_state", "to_state", "is_hard"])
          .where("host_id", "=", ids.get(name)!)
          .orderBy("id")
          .execute();
        return rows.map((row) => `${row.from_state} > ${row.to_state}${row.is_hard === 1 ? "" : " SOFT"}`);
      },
      async enrol(name: string, overdueAtMs: number) {
        await database.db
          .insertInto("agent")
          .values({
            id: name,
            host_id: ids.get(name)!,
            public_key_json: "{}",
            version: "1",
            enrolled_at_ms: 0,
            revoked_at_ms: null,
            last_seen_at_ms: null,
            started_at_ms: null,
            clock_offset_ms: null,
            status_json: null,
          })
          .execute();
        await database.db
          .updateTable("host_state")
          .set({ overdue_at_ms: overdueAtMs, has_been_checked: 1 })
          .where("host_id", "=", ids.get(name)!)
          .execute();
        definitions.forget();
      },
    };
  }

  it("a host found DOWN behind one that is not UP is UNREACHABLE, and so is what is behind it", async () => {
    const { send, states } = await chain();
    for (let attempt = 0; attempt < 3; attempt++) await send("web1", 2);
    for (const name of ["web2", "web3", "web4"]) await send(name, 2);
    assert.deepEqual(await states(), ["DOWN", "UNREACHABLE SOFT", "UNREACHABLE SOFT", "DOWN SOFT", "UP"]);
  });

  it("children that are DOWN are renamed when the last parent goes down", async () => {
    const { send, states, history } = await chain();
    for (let attempt = 0; attempt < 3; attempt++) {
      await send("web2", 2);
      await send("web4", 2);
    }
    await send("web1", 2);
    assert.deepEqual(await states(), ["DOWN SOFT", "UNREACHABLE", "UP", "DOWN", "UP"]);
    assert.deepEqual((await history("web2")).slice(-2), ["DOWN > DOWN", "DOWN > UNREACHABLE"]);
    await send("web5", 2);
    assert.deepEqual((await states())[3], "UNREACHABLE");
  });

  it("a host that somebody reports DOWN stays DOWN, as in nagios", async () => {
    const { send, states } = await chain();
    await send("web1", 1, true);
    await send("web2", 1, true);
    assert.deepEqual((await states()).slice(0, 2), ["DOWN", "DOWN"]);
    await send("web2", 2, true);
    assert.deepEqual((await states())[1], "UNREACHABLE");
  });

  it("agents behind a host that fell silent with it are UNREACHABLE and never DOWN", async () => {
    const { enrol, watch, clock, history } = await chain();
    await watch();
    // The child's deadline comes first; its parent is late by then.
    await enrol("web2", clock.nowMs + 20_000);
    await enrol("web1", clock.nowMs + 30_000);
    for (let seconds = 0; seconds < 120; seconds += 5) {
      clock.nowMs += 5_000;
      await watch();
    }
    assert.deepEqual(await history("web1"), ["UP > DOWN"]);
    assert.deepEqual(await history("web2"), ["UP > UNREACHABLE"]);
  });

  it("an agent gets the time of a keepalive after its parent came back, and is DOWN without one", async () => {
    const { enrol, send, watch, clock, states } = await chain();
    await watch();
    await enrol("web2", clock.nowMs + 3_000);
    for (let attempt = 0; attempt < 3; attempt++) await send("web1", 2);
    clock.nowMs += 5_000;
    await watch();
    assert.deepEqual((await states()).slice(0, 2), ["DOWN", "UNREACHABLE"]);
    await send("web1", 0);
    await watch();
    assert.deepEqual((await states()).slice(0, 2), ["UP", "UNREACHABLE"]);
    for (let seconds = 0; seconds < 100; seconds += 5) {
      clock.nowMs += 5_000;
      await watch();
    }
    assert.deepEqual((await states()).slice(0, 2), ["UP", "DOWN"]);
  });

  it("a name that no longer fits, because parents were edited, is mended", async () => {
    const { send, states, watch, database } = await chain();
    for (let attempt = 0; attempt < 3; attempt++) await send("web1", 2);
    await send("web3", 2);
    assert.equal((await states())[2], "DOWN SOFT");
    await database.db.updateTable("host_state").set({ state: 1, is_passive: 0 }).execute();
    await watch();
    assert.deepEqual(await states(), ["DOWN", "UNREACHABLE", "UNREACHABLE SOFT", "UNREACHABLE", "DOWN"]);
  });
});
