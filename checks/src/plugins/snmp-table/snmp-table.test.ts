import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatPerfdata } from "../../plugin-api/perfdata.ts";
import { deviceLine } from "../../snmp/testing/device-line.ts";
import { integer, startScriptedDevice, text } from "../../snmp/testing/scripted-device.ts";
import { runInTest } from "../run-in-test.ts";

const disks = "1.3.6.1.4.1.6574.2.1.1";
const row = (index: number, name: string, state: string, celsius: number) => ({
  [`${disks}.2.${index}`]: text(name),
  [`${disks}.5.${index}`]: text(state),
  [`${disks}.6.${index}`]: integer(celsius),
});
const nas = {
  ...row(0, "Disk 1", "normal", 38),
  ...row(1, "Disk 2", "normal", 41),
  ...row(10, "Disk 3", "failing", 61),
};

describe("snmp-table", { concurrency: true }, () => {
  const names = `-n ${disks}.2`;
  const columns = `-o ${disks}.6=celsius -o ${disks}.5=state`;
  const table: [string, number, RegExp][] = [
    [`${names} ${columns}`, 0, /OK - 3 rows: Disk 1 celsius 38; Disk 1 state normal; Disk 2 celsius 41/],
    [`${names} ${columns} -w 50 -c 60`, 2, /CRITICAL - 3 rows: Disk 3 celsius 61 \(critical above 60\)$/],
    [`${names} ${columns} -r '' -r '^normal$'`, 2, /CRITICAL - 3 rows: Disk 3 state failing \(critical\)$/],
    [`${names} ${columns} -w 50 -s 'Disk [12]'`, 0, /2 rows/],
    [`${names} ${columns} -w 50 -S 3`, 0, /2 rows/],
    [`${names} ${columns} -s 'Disk 9'`, 3, /no such row/],
    [`${names} ${columns} -s 'Disk 9' -z 0`, 0, /no such row/],
    [`-o ${disks}.6 --rows 4:`, 2, /3 rows \(critical\): 0 1\.3\.6\.1\.4\.1\.6574\.2\.1\.1\.6 38/],
    [`-o ${disks}.5 -w 3`, 3, /normal is no number/],
    [`-o ${disks}.6 --maximum-rows 2`, 3, /more than 2 rows/],
    ["", 3, /-o\/--column OID is required/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line} is ${returnCode}`, async () => {
      await using device = await startScriptedDevice(nas);
      const result = await runInTest("snmp-table", `${deviceLine(device.target)} ${line}`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("perfdata is called by row and column", async () => {
    await using device = await startScriptedDevice(nas);
    const line = `${deviceLine(device.target)} ${names} -o ${disks}.6=celsius -c 60 -s '1$'`;
    assert.equal(formatPerfdata((await runInTest("snmp-table", line)).perfdata), "'Disk 1_celsius'=38;;60");
  });
});
