import assert from "node:assert/strict";
import type { NetworkInterfaceInfo } from "node:os";
import { test } from "node:test";
import { chooseAddresses, findPassing } from "./addresses.ts";

const info = (address: string, internal = false): NetworkInterfaceInfo =>
  ({ address, internal, family: address.includes(":") ? "IPv6" : "IPv4" }) as NetworkInterfaceInfo;

test("loopback, link-local, multicast and passing addresses are not told; the others are, sorted and once", () => {
  const table = [
    "20010db8000000000000000000000010 02 40 00 80     eth0",
    "20010db80000000000000000000000ff 02 40 00 01     eth0",
    "20010db80000000000000000000000fe 02 40 00 20     eth0",
    "fe800000000000000000000000000001 02 40 20 80     eth0",
  ].join("\n");
  const interfaces = {
    lo: [info("127.0.0.1", true), info("::1", true)],
    eth0: [
      ...[info("2001:db8::10"), info("2001:db8::ff"), info("2001:db8::fe"), info("fe80::1"), info("192.0.2.9")],
      ...[info("192.0.2.10"), info("169.254.3.4"), info("192.0.2.9")],
    ],
    gone: undefined,
  };
  assert.deepEqual(chooseAddresses(interfaces, findPassing(table)), ["192.0.2.10", "192.0.2.9", "2001:db8::10"]);
});

test("a host of very many addresses tells 64 of them", () => {
  const many = Array.from({ length: 300 }, (_, index) => info(`10.0.${index >> 8}.${index & 255}`));
  assert.equal(chooseAddresses({ eth0: many }, new Set()).length, 64);
});
