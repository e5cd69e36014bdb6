import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SnmpValue } from "../../snmp/snmp-value.ts";
import { deviceLine } from "../../snmp/testing/device-line.ts";
import { integer, startScriptedDevice, text } from "../../snmp/testing/scripted-device.ts";
import { runInTest } from "../run-in-test.ts";
import { storageColumns } from "./storage-row.ts";

function store(index: number, type: number, name: string, unit: number, size: number, used: number) {
  const values: Readonly<Record<keyof typeof storageColumns, SnmpValue>> = {
    type: { kind: "oid", value: `1.3.6.1.2.1.25.2.1.${type}` },
    description: text(name),
    unit: integer(unit),
    size: integer(size),
    used: integer(used),
  };
  return Object.fromEntries(
    Object.entries(storageColumns).map(([name, column]) => [
      `${column}.${index}`,
      values[name as keyof typeof storageColumns],
    ]),
  );
}

describe("snmp-storage", { concurrency: true }, () => {
  const objects = {
    ...store(1, 2, "Physical memory", 1024, 8_000_000, 7_900_000),
    ...store(31, 4, "/", 4096, 1_000_000, 500_000),
    // 12 TiB in units of 4 KiB do not fit into 31 bits: they come as a negative number.
    ...store(32, 4, "/volume1", 4096, 3_221_225_472 - 2 ** 32, 2_952_790_016 - 2 ** 32),
    ...store(33, 4, "C:\\ Label:System  Serial Number 1234", 4096, 100, 10),
    ...store(35, 4, "/run", 4096, 100, 99),
    ...store(34, 5, "empty drive", 4096, 0, 0),
  };
  const table: [string, number, string | RegExp][] = [
    [
      "",
      1,
      "SNMP_STORAGE WARNING - /volume1 91.7% of 12 TiB used (warning above 90%); / 50% of 3.8 GiB used; C:\\ 10% of 400 KiB used",
    ],
    ["-n / -w 40", 1, /^SNMP_STORAGE WARNING - \/ 50% .* \(warning above 40%\)$/],
    ["-n C:\\", 0, /C:\\ 10%/],
    ["-T memory", 2, /Physical memory 98\.8%/],
    ["-n /volume9", 2, /no such storage: \/volume9/],
    ["-T network", 3, /no storage of type network/],
    ["-T tape", 3, /expected one of disk/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line} is ${returnCode}`, async () => {
      await using device = await startScriptedDevice(objects);
      const result = await runInTest("snmp-storage", `${deviceLine(device.target)} ${line}`);
      if (typeof output === "string") assert.equal(result.output, output);
      else assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }
});
