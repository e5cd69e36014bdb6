import assert from "node:assert/strict";
import { it } from "node:test";
import { CheckInput } from "@mycloud/protocol/check";
import { forEachDialect } from "../database/testing/dialects.ts";
import { createHost } from "../host/create-host.ts";
import { findPlannedHosts } from "./find-planned-hosts.ts";
import { findChecksAround } from "./find-synced-checks.ts";
import { createCheck, updateCheck } from "./store.ts";
import { syncServicesOfHosts } from "./sync-services.ts";

forEachDialect((_dialect, open) => {
  it("a saved host is looked at with the checks that can match it or have something on it, and not with all", async () => {
    const database = await open();
    const { dialect } = database;
    const inputOf = (name: string, selector: object, more: object = {}) =>
      CheckInput.parse({ name, command: "load", selector, ...more });
    const ids = await database.transaction(async (tx) => {
      const more = { displayName: null, address: null, customer: null, notes: "", maxCheckAttempts: 1 };
      const hostIds: number[] = [];
      for (const name of ["web1", "web2"]) {
        const host = { name, labels: {}, groups: [], freshnessSeconds: null, origin: "operator" as const, ...more };
        hostIds.push(await createHost(tx, dialect, host, 1));
      }
      for (const [name, selector] of [
        ["by name", { hosts: ["db1", "web1"] }],
        ["by pattern", { hosts: ["web*"] }],
        ["by exclusion", { hosts: ["!web2"] }],
        ["by label", { labels: { role: "web" } }],
        ["everywhere", {}],
        ["of another", { hosts: ["web2"] }],
      ] as const) {
        await createCheck(tx, dialect, inputOf(name, selector), 1);
      }
      const left = await createCheck(tx, dialect, inputOf("left behind", { hosts: ["web1"] }), 1);
      const pinging = inputOf("pings", { hosts: ["web1"] }, { target: "host" });
      await createCheck(tx, dialect, pinging, 1);
      return { hostIds, left };
    });
    const [web1] = await findPlannedHosts(database.db, dialect, ids.hostIds.slice(0, 1));
    assert.ok(web1 !== undefined);
    const namesAround = async (name: string) =>
      (await findChecksAround(database.db, dialect, [{ ...web1, name }])).map((check) => check.name).sort();
    const ofAny = ["by exclusion", "by label", "by pattern", "everywhere"];
    assert.deepEqual(await namesAround("web1"), ["by name", ...ofAny, "left behind", "pings"].sort());
    // Under another name it still has what it had: that is to go.
    assert.deepEqual(await namesAround("renamed"), ["by name", ...ofAny, "left behind", "pings"].sort());

    await database.db.updateTable("host").set({ name: "renamed" }).where("id", "=", web1.id).execute();
    await database.transaction((tx) => syncServicesOfHosts(tx, dialect, [web1.id], "refuse", 2));
    assert.deepEqual(await namesAround("renamed"), ofAny);
    const ofHost = database.db.selectFrom("service").select("name").where("host_id", "=", web1.id).orderBy("name");
    const services = (await ofHost.execute()).map((row) => row.name);
    assert.deepEqual(services, ["by exclusion", "everywhere"]);
    await database.transaction((tx) => updateCheck(tx, dialect, ids.left, inputOf("left behind", {}), 3));
    assert.ok((await namesAround("renamed")).includes("left behind"));
  });
});
