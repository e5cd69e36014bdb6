import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deviceLine } from "../../snmp/testing/device-line.ts";
import { counter, integer, startScriptedDevice } from "../../snmp/testing/scripted-device.ts";
import { runInTest } from "../run-in-test.ts";

const loads = { "1.3.6.1.2.1.25.3.3.1.2.196608": integer(5), "1.3.6.1.2.1.25.3.3.1.2.196609": integer(96) };
const idle = { "1.3.6.1.4.1.2021.11.11.0": integer(12) };

describe("snmp-load", { concurrency: true }, () => {
  const table: [string, Parameters<typeof startScriptedDevice>[0], number, RegExp][] = [
    ["", { ...loads, ...idle }, 0, /OK - 50\.5% on 2 processors, the busiest 96%$/],
    ["-s", loads, 1, /WARNING - 50\.5% on 2 processors, the busiest 96% \(warning above 90%\)/],
    ["-w 10 -c 50", loads, 2, /critical above 50%/],
    ["", idle, 0, /OK - 88% on 1 processor/],
    ["", {}, 3, /tells neither hrProcessorLoad nor ssCpuIdle nor ssCpuRawIdle/],
  ];
  test("a device that only counts time is judged by what went by since the last run", async () => {
    const raw = (number: number) => `1.3.6.1.4.1.2021.11.${number}.0`;
    await using device = await startScriptedDevice({ [raw(53)]: counter(1_000), [raw(50)]: counter(5) });
    const clock = { ms: 1_000_000 };
    const context = { memory: new Map<string, unknown>(), now: () => clock.ms };
    await runInTest("snmp-load", deviceLine(device.target), context);
    clock.ms += 60_000;
    device.objects.set(raw(53), counter(1_100)).set(raw(50), counter(305));
    const { output } = await runInTest("snmp-load", deviceLine(device.target), context);
    assert.equal(output, "SNMP_LOAD OK - 75% on 1 processor, the busiest 75%");
  });

  for (const [line, objects = {}, returnCode, output] of table) {
    test(`${line} of a device with ${Object.keys(objects).length} figures is ${returnCode}`, async () => {
      await using device = await startScriptedDevice(objects);
      const result = await runInTest("snmp-load", `${deviceLine(device.target)} ${line}`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }
});
