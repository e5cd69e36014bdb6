import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SnmpValue } from "../../snmp/snmp-value.ts";
import { deviceLine } from "../../snmp/testing/device-line.ts";
import { counter, integer, startScriptedDevice, text } from "../../snmp/testing/scripted-device.ts";
import { runInTest } from "../run-in-test.ts";

const supplies = "1.3.6.1.2.1.43.11.1.1";
const supply = (index: number, kind: number, name: string, maximum: number, level: number) => ({
  [`${supplies}.4.1.${index}`]: integer(kind),
  [`${supplies}.6.1.${index}`]: text(name),
  [`${supplies}.8.1.${index}`]: integer(maximum),
  [`${supplies}.9.1.${index}`]: integer(level),
});
const errors = (...octets: number[]) => ({
  "1.3.6.1.2.1.25.3.5.1.2.1": { kind: "octets", value: Buffer.from(octets) } as SnmpValue,
});
const printer = {
  "1.3.6.1.2.1.25.3.5.1.1.1": integer(3),
  "1.3.6.1.2.1.43.10.2.1.4.1.1": counter(48_211),
  "1.3.6.1.2.1.43.16.5.1.2.1.1": text("Ready  "),
  ...errors(0),
  ...supply(1, 3, "Black Toner\0", 20_000, 15_000),
  ...supply(2, 4, "Waste", 100, 20),
  ...supply(3, 3, "Staples", -2, -3),
};

describe("snmp-printer", { concurrency: true }, () => {
  const table: [string, string, Parameters<typeof startScriptedDevice>[0], number, RegExp][] = [
    ["ready", "", printer, 0, /^SNMP_PRINTER OK - idle, least left: Black Toner 75%$/],
    ["jammed", "", { ...printer, ...errors(0b0000_0100) }, 2, /CRITICAL - jammed/],
    ["soon out of paper", "", { ...printer, ...errors(0b1000_0000, 0) }, 1, /WARNING - low paper/],
    ["overdue", "", { ...printer, ...errors(0, 0b0000_0010) }, 1, /overdue maintenance/],
    [
      "low on toner",
      "",
      { ...printer, ...supply(1, 3, "Black Toner", 20_000, 1_400) },
      1,
      /Black Toner 7% \(warning below 10%\)/,
    ],
    ["full of waste", "", { ...printer, ...supply(2, 4, "Waste", 100, 99) }, 2, /Waste 1% \(critical below 2%\)/],
    ["low, which is not asked", "--state-only", { ...printer, ...supply(1, 3, "Black Toner", 100, 1) }, 0, /OK/],
    ["no printer", "", {}, 3, /tells nothing of a printer/],
  ];
  for (const [what, line, objects, returnCode, output] of table) {
    test(`${what} is ${returnCode}`, async () => {
      await using device = await startScriptedDevice(objects);
      const result = await runInTest("snmp-printer", `${deviceLine(device.target)} ${line}`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }
});
