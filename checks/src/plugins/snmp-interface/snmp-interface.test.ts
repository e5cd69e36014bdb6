import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SnmpValue } from "../../snmp/snmp-value.ts";
import { standardNames } from "../../snmp/standard-names.ts";
import { deviceLine } from "../../snmp/testing/device-line.ts";
import {
  counter,
  counter64,
  gauge,
  integer,
  type ScriptedDevice,
  startScriptedDevice,
  text,
  ticks,
} from "../../snmp/testing/scripted-device.ts";
import { runInTest } from "../run-in-test.ts";

const upTime = "1.3.6.1.2.1.1.3.0";
const oid = (name: string, index: number) => `${standardNames[name]}.${index}`;

function port(
  index: number,
  name: string,
  changes: Readonly<Record<string, SnmpValue>> = {},
): Record<string, SnmpValue> {
  const columns: Record<string, SnmpValue> = {
    ifName: text(name),
    ifDescr: text(`Port ${index}`),
    ifAlias: text(index === 1 ? "uplink" : ""),
    ifType: integer(6),
    ifConnectorPresent: integer(1),
    ifAdminStatus: integer(1),
    ifOperStatus: integer(1),
    ifHighSpeed: gauge(1_000),
    ifSpeed: gauge(1_000_000_000),
    ifHCInOctets: counter64(18_446_744_070_000_000_000n),
    ifHCOutOctets: counter64(5_000_000n),
    ifInOctets: counter(4_000_000_000),
    ifOutOctets: counter(5_000_000),
    ifInErrors: counter(0),
    ifOutErrors: counter(0),
    ifInDiscards: counter(0),
    ifOutDiscards: counter(0),
    ifCounterDiscontinuityTime: ticks(0),
    ...changes,
  };
  return Object.fromEntries(Object.entries(columns).map(([column, value]) => [oid(column, index), value]));
}

const device = {
  [upTime]: ticks(4_294_967_000),
  ...port(1, "Gi0/1"),
  ...port(2, "Gi0/2", { ifOperStatus: integer(2) }),
  ...port(3, "Gi0/3", { ifAdminStatus: integer(2) }),
  ...port(4, "lo", { ifType: integer(24), ifConnectorPresent: integer(2) }),
};
/** What only devices without counters of 64 bits have. */
const without64 = (objects: Readonly<Record<string, SnmpValue>>) =>
  Object.fromEntries(Object.entries(objects).filter(([name]) => !/1\.3\.6\.1\.2\.1\.31\.1\.1\.1\.(6|10)\./.test(name)));

/** Runs the check, lets ten seconds go by on the device, and runs it again. */
async function measure(
  line: string,
  change: (device: ScriptedDevice) => void = () => undefined,
  objects: Readonly<Record<string, SnmpValue>> = device,
) {
  await using scripted = await startScriptedDevice(objects);
  const clock = { ms: 5_000_000 };
  const context = { memory: new Map<string, unknown>(), now: () => clock.ms };
  const whole = `${deviceLine(scripted.target)} ${line}`;
  await runInTest("snmp-interface", whole, context);
  const asked = scripted.requests.length;
  // Ten seconds later sysUpTime has come round to 0, as it does after 497 days, and so have the counters of 32 bits.
  scripted.objects.set(upTime, ticks(704));
  if (scripted.objects.has(oid("ifHCInOctets", 1))) {
    scripted.objects.set(oid("ifHCInOctets", 1), counter64(18_446_744_070_000_000_000n + 1_062_500_000n));
    scripted.objects.set(oid("ifHCOutOctets", 1), counter64(5_000_000n + 12_500_000n));
  }
  scripted.objects.set(oid("ifInOctets", 1), counter((4_000_000_000 + 1_062_500_000) % 2 ** 32));
  scripted.objects.set(oid("ifOutOctets", 1), counter(17_500_000));
  change(scripted);
  clock.ms += 10_000;
  const result = await runInTest("snmp-interface", whole, context);
  return { result, questions: scripted.requests.length - asked };
}

describe("snmp-interface", { concurrency: true }, () => {
  test("shows ports that are switched on, and mentions one that nothing is plugged into", async () => {
    const { result } = await measure("");
    assert.equal(
      result.output,
      "SNMP_INTERFACE OK - Gi0/1 up, in 850 Mbit/s, out 10 Mbit/s (85% of 1 Gbit/s); Gi0/2 is down",
    );
    assert.equal(result.perfdata.length, 4);
  });

  test("a named interface costs one question, whatever the device has", async () => {
    const { result, questions } = await measure("-i uplink");
    assert.match(result.output, /^SNMP_INTERFACE OK - Gi0\/1 up/);
    assert.equal(questions, 1);
  });

  const table: [string, number, RegExp][] = [
    ["-i Gi0/1 -w 80% -c 95%", 1, /traffic is high/],
    ["-i 1 -w 500 -c 800", 2, /traffic is critical/],
    ["-i Gi0/2", 2, /Gi0\/2 is down/],
    ["-i Gi0/2 --down-ok", 0, /Gi0\/2 is down/],
    ["-i Gi0/3", 2, /Gi0\/3 is switched off/],
    ["-i Gi0/9", 2, /no such interface: Gi0\/9/],
    ["-w nonsense", 3, /Range format incorrect/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line} is ${returnCode}`, async () => {
      const { result } = await measure(line);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("counters of 32 bits are followed through coming round", async () => {
    const { result } = await measure("-i Gi0/1", undefined, without64(device));
    assert.match(result.output, /in 850 Mbit\/s, out 10 Mbit\/s/);
  });

  test("errors and discards are judged per second", async () => {
    const { result } = await measure("-i Gi0/1", ({ objects }) => {
      objects.set(oid("ifInErrors", 1), counter(50));
      objects.set(oid("ifOutDiscards", 1), counter(20_000));
    });
    assert.match(
      result.output,
      /CRITICAL .* 5 errors\/s \(warning above 1\), 2000 discards\/s \(critical above 1000\)/,
    );
  });

  const anew: [string, (device: ScriptedDevice) => void][] = [
    ["the device restarted", ({ objects }) => objects.set(upTime, ticks(99_000))],
    ["its counters were cleared", ({ objects }) => objects.set(oid("ifCounterDiscontinuityTime", 1), ticks(500))],
    ["a counter of 64 bits is lower than before", ({ objects }) => objects.set(oid("ifHCInOctets", 1), counter64(7n))],
  ];
  for (const [what, change] of anew) {
    test(`no rate is made up when ${what}`, async () => {
      const { result } = await measure("-i Gi0/1 -w 1", change);
      assert.equal(result.output, "SNMP_INTERFACE OK - Gi0/1 up, counters began anew");
      assert.deepEqual(result.perfdata, []);
    });
  }
});
