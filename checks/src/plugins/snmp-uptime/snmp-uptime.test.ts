import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deviceLine } from "../../snmp/testing/device-line.ts";
import { integer, startScriptedDevice, text, ticks } from "../../snmp/testing/scripted-device.ts";
import { runInTest } from "../run-in-test.ts";

const upTime = "1.3.6.1.2.1.1.3.0";
const boots = "1.3.6.1.6.3.10.2.1.2.0";
const engineTime = "1.3.6.1.6.3.10.2.1.3.0";
const name = { "1.3.6.1.2.1.1.5.0": text("switch1") };

async function look(before: Parameters<typeof startScriptedDevice>[0], after: object, line = "", elapsedMs = 60_000) {
  await using device = await startScriptedDevice({ ...name, ...before });
  const clock = { ms: 1_000_000 };
  const context = { memory: new Map<string, unknown>(), now: () => clock.ms };
  await runInTest("snmp-uptime", `${deviceLine(device.target)} ${line}`, context);
  for (const [oid, value] of Object.entries(after)) device.objects.set(oid, value);
  clock.ms += elapsedMs;
  return await runInTest("snmp-uptime", `${deviceLine(device.target)} ${line}`, context);
}

describe("snmp-uptime", { concurrency: true }, () => {
  const day = 8_640_000;
  const table: [string, Parameters<typeof look>, number, RegExp][] = [
    [
      "a device that goes on",
      [{ [upTime]: ticks(day) }, { [upTime]: ticks(day + 6_000) }],
      0,
      /OK - switch1 is up 1 d/,
    ],
    [
      "one that restarted",
      [{ [upTime]: ticks(day) }, { [upTime]: ticks(4_000) }],
      1,
      /began anew since the last look: switch1 is up 40 s/,
    ],
    ["one whose clock comes round", [{ [upTime]: ticks(4_294_966_000) }, { [upTime]: ticks(4_704) }], 0, /OK/],
    [
      "one that restarted just then",
      [{ [upTime]: ticks(4_294_966_000) }, { [upTime]: ticks(1_000_000) }],
      1,
      /began anew/,
    ],
    [
      "one that counts its starts",
      [
        { [upTime]: ticks(100), [boots]: integer(4) },
        { [upTime]: ticks(9_000), [boots]: integer(5) },
        "--restart critical",
      ],
      2,
      /began anew/,
    ],
    ["one up for two years", [{ [upTime]: ticks(100), [engineTime]: integer(42_949_673 + 1) }, {}], 0, /up 497 d/],
    [
      "one that is young",
      [{ [upTime]: ticks(4_000) }, { [upTime]: ticks(10_000) }, "-w 600:"],
      1,
      /up 1 min 40 s \(warning below 600 s\)/,
    ],
    ["no device", [{}, {}], 3, /does not tell its sysUpTime/],
  ];
  for (const [what, how, returnCode, output] of table) {
    test(`${what} is ${returnCode}`, async () => {
      const result = await look(...how);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }
});
