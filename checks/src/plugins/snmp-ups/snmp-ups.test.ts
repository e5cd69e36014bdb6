import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deviceLine } from "../../snmp/testing/device-line.ts";
import { gauge, integer, startScriptedDevice, text } from "../../snmp/testing/scripted-device.ts";
import { runInTest } from "../run-in-test.ts";

const ups = "1.3.6.1.2.1.33.1";
const mains = {
  [`${ups}.1.2.0`]: text("Example 3000"),
  [`${ups}.2.1.0`]: integer(2),
  [`${ups}.2.2.0`]: integer(0),
  [`${ups}.2.3.0`]: integer(42),
  [`${ups}.2.4.0`]: integer(100),
  [`${ups}.2.7.0`]: integer(24),
  [`${ups}.3.3.1.3.1`]: integer(231),
  [`${ups}.3.3.1.3.2`]: integer(229),
  [`${ups}.4.1.0`]: integer(3),
  [`${ups}.4.4.1.5.1`]: integer(31),
  [`${ups}.4.4.1.5.2`]: integer(38),
  [`${ups}.6.1.0`]: gauge(0),
};

describe("snmp-ups", { concurrency: true }, () => {
  const onBattery = {
    ...mains,
    [`${ups}.4.1.0`]: integer(5),
    [`${ups}.2.2.0`]: integer(130),
    [`${ups}.3.3.1.3.1`]: integer(0),
  };
  const alarmed = {
    ...mains,
    [`${ups}.6.1.0`]: gauge(1),
    [`${ups}.6.2.1.2.1`]: { kind: "oid", value: `${ups}.6.3.16` } as const,
  };
  const table: [string, string, Parameters<typeof startScriptedDevice>[0], number, RegExp][] = [
    ["on mains", "", mains, 0, /OK - on mains, battery normal, charge 100%, load 38%, lasts 42 min, battery at 24 °C$/],
    ["on battery", "", onBattery, 1, /WARNING - output from battery for 130 s, battery normal/],
    ["low", "", { ...onBattery, [`${ups}.2.1.0`]: integer(3) }, 2, /battery low/],
    ["nearly empty", "", { ...onBattery, [`${ups}.2.4.0`]: integer(12) }, 2, /charge 12% \(critical below 20%\)/],
    ["not for long", "--minutes-critical 60:", mains, 2, /lasts 42 min \(critical below 60 min\)/],
    ["alarmed", "", alarmed, 1, /1 alarms/],
    ["no such thing", "", {}, 3, /tells nothing of UPS-MIB/],
  ];
  for (const [what, line, objects, returnCode, output] of table) {
    test(`${what} is ${returnCode}`, async () => {
      await using device = await startScriptedDevice(objects);
      const result = await runInTest("snmp-ups", `${deviceLine(device.target)} ${line}`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
      if (what === "alarmed") assert.match(result.longOutput, /Example 3000\nalarm: fan failure/);
    });
  }
});
