import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type ExecutionContext, executePlugin } from "./execute-plugin.ts";
import type { Plugin } from "./plugin.ts";
import { report } from "./report.ts";
import { runPlugin } from "./run-plugin.ts";
import { StoppedWaiting } from "./stopped-waiting.ts";

function plugin(run: Plugin["run"]): Plugin {
  return {
    name: "probe",
    summary: "a probe",
    options: [{ letter: "w", name: "warning", value: "RANGE", description: "warn" }],
    examples: [{ arguments: "-w 1", description: "one" }],
    run,
  };
}

function context(more: Partial<ExecutionContext> = {}): ExecutionContext {
  return {
    signal: new AbortController().signal,
    now: Date.now,
    procRoot: "/proc",
    sysRoot: "/sys",
    memory: new Map(),
    ...more,
  };
}

const hangs = plugin(async (_options, { signal }) => {
  await sleep(60_000, undefined, { signal });
  return report("probe", 0, "woke up");
});

describe("executePlugin", () => {
  test("answers with the plugin's result", async () => {
    const result = await executePlugin(
      plugin(async () => report("probe", 1, "hm")),
      [],
      context(),
    );
    assert.deepEqual(result, { returnCode: 1, output: "PROBE WARNING - hm", longOutput: "", perfdata: [] });
  });

  test("is CRITICAL when the time is up", async () => {
    const result = await executePlugin(hangs, [], context({ timeoutSeconds: 0.05 }));
    assert.equal(result.output, "PROBE CRITICAL - timed out after 0.05 s");
    assert.equal(result.returnCode, 2);
  });

  test("lets -t decide time and state", async () => {
    const result = await executePlugin(hangs, ["-t", "0.02:unknown"], context({ timeoutSeconds: 60 }));
    assert.equal(result.output, "PROBE UNKNOWN - timed out after 0.02 s");
  });

  test("says what was waited for", async () => {
    const waits = plugin(async (_options, { signal }) => {
      await sleep(60_000, undefined, { signal }).catch(() => undefined);
      throw new StoppedWaiting("the greeting");
    });
    const result = await executePlugin(waits, [], context({ timeoutSeconds: 0.02 }));
    assert.equal(result.output, "PROBE CRITICAL - timed out after 0.02 s waiting for the greeting");
  });

  test("gives up on a plugin that does not heed the signal", { timeout: 60_000 }, async () => {
    let isDone = false;
    const deaf = plugin(async () => {
      while (!isDone) await sleep(50);
      return report("probe", 0, "late");
    });
    const result = await executePlugin(deaf, [], context({ timeoutSeconds: 0.02 }));
    isDone = true;
    assert.match(result.output, /timed out after 0.02 s/);
  });

  test("is UNKNOWN when the caller stops it, and stops the plugin", async () => {
    const controller = new AbortController();
    const running = executePlugin(hangs, [], context({ signal: controller.signal }));
    controller.abort();
    assert.equal((await running).output, "PROBE UNKNOWN - stopped before it was done");
  });

  test("does not start work for a caller that has stopped already", async () => {
    const result = await executePlugin(hangs, [], context({ signal: AbortSignal.abort() }));
    assert.equal(result.returnCode, 3);
  });

  test("turns an exception into UNKNOWN with its message", async () => {
    const throws = plugin(async () => {
      throw new Error("the disk is on fire\n| x=1");
    });
    assert.equal((await executePlugin(throws, [], context())).output, "PROBE UNKNOWN - the disk is on fire / x=1");
  });

  for (const [argv, message] of [
    [["--nope"], /unknown option --nope/],
    [["-t", "soon"], /-t\/--timeout is "soon"; expected a number/],
    [["-t", "0"], /a number of seconds above 0/],
    [["-t", "5:green"], /a state of ok, warning, critical or unknown/],
  ] as const) {
    test(`is UNKNOWN for ${argv.join(" ")}`, async () => {
      const result = await executePlugin(hangs, argv, context());
      assert.equal(result.returnCode, 3);
      assert.match(result.output, message);
      assert.equal(result.longOutput, "See mycloud check probe --help");
    });
  }

  test("answers --help with options, examples and exit codes", async () => {
    const { returnCode, output, longOutput } = await executePlugin(hangs, ["--help"], context());
    assert.equal(returnCode, 0);
    assert.match(
      `${output}\n${longOutput}`,
      /-w, --warning RANGE[\s\S]*mycloud check probe -w 1[\s\S]*Exit codes: 0 OK/,
    );
  });

  test("leaves no listener on the caller's signal", async () => {
    const { getEventListeners } = await import("node:events");
    const controller = new AbortController();
    await executePlugin(
      plugin(async () => report("probe", 0, "")),
      [],
      context({ signal: controller.signal }),
    );
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });
});

describe("runPlugin", () => {
  test("suggests the nearest name for an unknown check", async () => {
    const result = await runPlugin("laod", [], context());
    assert.deepEqual(
      [result.returnCode, result.output],
      [3, 'CHECK UNKNOWN - there is no check "laod"; did you mean load?'],
    );
  });
});
