import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceDefinitions } from "./device-definition.ts";

test("a device is called by its own name where that can be one and is only its own", () => {
  const device = (address: string, sysName: string | null) => ({
    address,
    sysName,
    sysObjectId: "1.3.6.1.4.1.9.1.1",
    sysDescr: "A switch",
  });
  const devices = [
    device("192.0.2.1", "switch1"),
    device("192.0.2.2", "router"),
    device("192.0.2.3", "router"),
    device("192.0.2.4", "a|b"),
    device("192.0.2.5", null),
  ];
  const hosts = deviceDefinitions(devices, { device: "switch" }, ["probe1"]);
  assert.deepEqual(
    hosts.map(({ name }) => name),
    ["switch1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"],
  );
  assert.deepEqual(hosts[0]?.spec, {
    address: "192.0.2.1",
    labels: { device: "switch" },
    probers: ["probe1"],
    notes: "A switch\nsysObjectID 1.3.6.1.4.1.9.1.1",
  });
});
