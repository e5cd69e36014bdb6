import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { it } from "node:test";
import { SnmpCredentialInput } from "@mycloud/protocol/snmp";
import { createConfigurationSource } from "../agent/configuration-source.ts";
import { ingestFixture } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { saveDefinition } from "../definition/index.ts";
import { noHeldChecks } from "../dependency/find-held-checks.ts";
import { saveAssignments } from "../prober/index.ts";
import { createSealer } from "../sealing/index.ts";
import { createSnmpDeviceFinder } from "./find-snmp-devices.ts";

forEachDialect((_dialect, open) => {
  it("the credential of a device goes to the agent that probes it now, sealed until then, and to nobody else", async () => {
    const database = await open();
    const { ids, clock } = await ingestFixture(database, { hosts: 3 });
    const [first, second, device] = ids.map(({ hostId }) => hostId) as [number, number, number];
    const sealer = createSealer(randomBytes(32));
    const credential = SnmpCredentialInput.parse({ name: "all", selector: {}, community: "let me in", port: 1161 });
    await database.transaction(async (tx) => {
      await saveDefinition(tx, database.dialect, sealer, "SnmpCredential", null, credential, clock.nowMs);
    });
    const stored = await database.db.selectFrom("definition").select("spec_json").execute();
    assert.doesNotMatch(JSON.stringify(stored), /let me in/);
    const source = createConfigurationSource(database, {
      findHeldChecks: async () => noHeldChecks,
      findTimePeriods: async () => [],
      findBackupJobs: async () => new Map(),
      findLogJobs: async () => new Map(),
      findSnmpDevices: createSnmpDeviceFinder(database, sealer),
    });
    const devicesOf = async (hostId: number) => {
      source.forget();
      const devices = (await source.find(hostId))?.configuration.snmpDevices ?? [];
      return devices.map((one) => [one.hostId, one.port, one.security.community]);
    };
    assert.deepEqual(await devicesOf(first), []);
    for (const [prober, other] of [
      [first, second],
      [second, first],
    ] as const) {
      await saveAssignments(database, [{ hostId: device, proberHostId: prober }], [], clock.nowMs);
      assert.deepEqual(await devicesOf(prober), [[device, 1161, "let me in"]]);
      assert.deepEqual(await devicesOf(other), []);
      assert.deepEqual(await devicesOf(device), []);
    }
  });
});
