import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { copyRecordedHost, runInTest } from "../run-in-test.ts";

/** Runs the check, lets eth0 carry some traffic for ten seconds, and runs it again. */
async function measure(line: string, change: (folder: string, sysRoot: string) => void = () => undefined) {
  using host = copyRecordedHost();
  const clock = { ms: 5_000_000 };
  const context = { ...host, memory: new Map<string, unknown>(), now: () => clock.ms };
  await runInTest("interface", line, context);
  const folder = `${host.sysRoot}/class/net/eth0`;
  writeFileSync(`${folder}/statistics/rx_bytes`, "1062501000\n");
  writeFileSync(`${folder}/statistics/tx_bytes`, "12501000\n");
  change(folder, host.sysRoot);
  clock.ms += 10_000;
  return await runInTest("interface", line, context);
}

describe("interface", { concurrency: true }, () => {
  test("shows physical interfaces, and mentions one that is not plugged in", async () => {
    assert.equal(
      (await measure("")).output,
      "INTERFACE OK - eth0 up, in 850 Mbit/s, out 10 Mbit/s (85% of 1 Gbit/s); eth1 is down",
    );
  });

  const table: [string, number, RegExp][] = [
    ["-i eth0 -w 80% -c 95%", 1, /traffic is high/],
    ["-i eth0 -w 500 -c 800", 2, /traffic is critical/],
    ["-i eth0 -w 900", 0, /OK/],
    ["-i eth1", 2, /^INTERFACE CRITICAL - eth1 is down/],
    ["-i eth1 --down-ok", 0, /eth1 is down/],
    ["-i eth9", 2, /no such interface: eth9/],
    ["-i lo", 0, /lo up/],
    ["-i lo -w 80%", 3, /its speed is not known/],
    ["-w nonsense", 3, /Range format incorrect/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line} is ${returnCode}`, async () => {
      const result = await measure(line);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("judges errors and drops per second", async () => {
    const result = await measure("", (folder) => {
      writeFileSync(`${folder}/statistics/rx_errors`, "1050\n");
      writeFileSync(`${folder}/statistics/tx_dropped`, "21000\n");
    });
    assert.match(
      result.output,
      /^INTERFACE CRITICAL - .*, 5 errors\/s \(warning above 1\), 2000 drops\/s \(critical above 1000\)/,
    );
  });

  test("tells switched off from unplugged", async () => {
    const result = await measure("-i eth0", (folder) => writeFileSync(`${folder}/flags`, "0x1002\n"));
    assert.match(result.output, /^INTERFACE CRITICAL - eth0 is switched off/);
  });
});
