import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { copyRecordedHost, runInTest } from "../run-in-test.ts";

/** Adds ticks to the cpu lines: user, nice, system, idle, iowait, irq, softirq, steal. */
function advance(procRoot: string, ticks: readonly number[]): void {
  const path = `${procRoot}/stat`;
  const lines = readFileSync(path, "utf8").split("\n");
  const advanced = lines.map((line) => {
    if (!line.startsWith("cpu")) return line;
    const [name, ...values] = line.split(/\s+/);
    return [name, ...values.map((value, index) => Number(value) + (ticks[index] ?? 0))].join(" ");
  });
  writeFileSync(path, advanced.join("\n"));
}

async function measure(ticks: readonly number[], line: string) {
  using host = copyRecordedHost();
  const clock = { ms: 1_000_000 };
  const context = { ...host, memory: new Map<string, unknown>(), now: () => clock.ms };
  await runInTest("cpu", "", context);
  advance(host.procRoot, ticks);
  clock.ms += 60_000;
  return await runInTest("cpu", line, context);
}

describe("cpu", { concurrency: true }, () => {
  test("counts everything but idle and iowait as used, over the time since the last run", async () => {
    const result = await measure([30, 0, 10, 40, 10, 0, 0, 10], "");
    assert.equal(result.output, "CPU OK - 50.0% used, 10.0% iowait, 10.0% steal on 2 CPUs");
    assert.equal(result.perfdata.find((one) => one.label === "user")?.value, 30);
  });

  test("names the threshold that was crossed", async () => {
    const result = await measure([96, 0, 0, 4, 0, 0, 0, 0], "");
    assert.match(result.output, /^CPU CRITICAL - 96.0% used \(critical above 95%\)/);
  });

  test("judges steal and iowait when asked", async () => {
    const result = await measure([10, 0, 0, 60, 20, 0, 0, 10], "--steal-warning 5 --iowait-critical 15");
    assert.match(
      result.output,
      /^CPU CRITICAL .*20.0% iowait \(critical above 15%\), 10.0% steal \(warning above 5%\)/,
    );
  });

  test("is idle when no tick has passed", async () => {
    assert.match((await measure([], "")).output, /^CPU OK - 0.0% used/);
  });
});
