import assert from "node:assert/strict";
import { test } from "node:test";
import { SnmpSecurity } from "@mycloud/protocol/snmp";
import { createProbedDevices } from "./probed-devices.ts";

test("a check gets the credential of its own host's device, for that device alone", async () => {
  const devices = createProbedDevices(() => 0);
  const security = SnmpSecurity.parse({ community: "c" });
  const device = { hostId: 7, hostName: "switch1", address: "192.0.2.1", port: 161, credential: "switches", security };
  devices.configure([device]);
  assert.equal(devices.contextOf(7).findDevice(undefined), device);
  assert.equal(devices.contextOf(7).findDevice("192.0.2.1"), device);
  assert.equal(devices.contextOf(7).findDevice("switch1"), device);
  for (const [hostId, asked] of [
    [7, "192.0.2.2"],
    [8, undefined],
    [8, "192.0.2.1"],
    [undefined, "192.0.2.1"],
    [undefined, undefined],
  ] as const) {
    assert.equal(devices.contextOf(hostId).findDevice(asked), undefined, `${hostId} ${asked}`);
  }
  devices.configure([]);
  assert.equal(devices.contextOf(7).findDevice(undefined), undefined);
  await devices.close();
});
