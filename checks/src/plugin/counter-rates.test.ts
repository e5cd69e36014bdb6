import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { measureGrowth } from "./counter-rates.ts";
import type { PluginContext } from "./plugin.ts";

function contextAt(clock: { ms: number }, memory = new Map<string, unknown>()): PluginContext {
  return { signal: new AbortController().signal, now: () => clock.ms, procRoot: "/proc", sysRoot: "/sys", memory };
}

describe("measureGrowth", { concurrency: true }, () => {
  test("compares with the last run, over the time since", async () => {
    const clock = { ms: 1_000_000 };
    const context = contextAt(clock);
    const values = [100];
    const read = () => new Map([["sda", [...values]]]);
    await measureGrowth(context, read);
    clock.ms += 60_000;
    values[0] = 700;
    const { growth, seconds } = await measureGrowth(context, read);
    assert.deepEqual([growth.get("sda"), seconds], [[600], 60]);
  });

  test("reads twice when there is no last run", async () => {
    let reads = 0;
    const { growth } = await measureGrowth(contextAt({ ms: 5 }), () => new Map([["cpu", [++reads * 10]]]));
    assert.deepEqual([reads, growth.get("cpu")], [2, [10]]);
  });

  test("reads twice when everything was reset by a restart", async () => {
    const clock = { ms: 0 };
    const context = contextAt(clock);
    let value = 1_000;
    await measureGrowth(context, () => new Map([["cpu", [value++]]]));
    clock.ms += 60_000;
    value = 5;
    const { growth } = await measureGrowth(context, () => new Map([["cpu", [value++]]]));
    assert.deepEqual(growth.get("cpu"), [1]);
  });

  test("reads twice when the clock was set back", async () => {
    const clock = { ms: 1_000_000 };
    const context = contextAt(clock);
    let reads = 0;
    const read = () => new Map([["cpu", [++reads]]]);
    await measureGrowth(context, read);
    clock.ms -= 500_000;
    await measureGrowth(context, read);
    assert.equal(reads, 4);
  });

  test("leaves out what is new and what was reset", async () => {
    const clock = { ms: 0 };
    const context = contextAt(clock);
    const samples = [
      new Map([
        ["sda", [5]],
        ["sdb", [900]],
      ]),
      new Map([
        ["sda", [5]],
        ["sdb", [900]],
      ]),
      new Map([
        ["sda", [6]],
        ["sdb", [3]],
        ["sdc", [1]],
      ]),
    ];
    await measureGrowth(context, () => samples.shift() ?? new Map());
    clock.ms += 10_000;
    const { growth } = await measureGrowth(context, () => samples.shift() ?? new Map());
    assert.deepEqual([...growth], [["sda", [1]]]);
  });

  test("counts a single field that stepped back as standing still", async () => {
    const clock = { ms: 0 };
    const context = contextAt(clock);
    const samples = [
      [100, 50],
      [100, 50],
      [180, 49],
    ];
    await measureGrowth(context, () => new Map([["cpu", samples.shift() ?? []]]));
    clock.ms += 10_000;
    const { growth } = await measureGrowth(context, () => new Map([["cpu", samples.shift() ?? []]]));
    assert.deepEqual(growth.get("cpu"), [80, 0]);
  });

  test("stops waiting for the second reading when told to", async () => {
    const context = { ...contextAt({ ms: 0 }), signal: AbortSignal.timeout(20) };
    await assert.rejects(
      measureGrowth(context, () => new Map()),
      { name: "AbortError" },
    );
  });
});
