import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { faultPoints, parsePlannedFault } from "./index.ts";

const program = `
  import { reachFaultPoint } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
  for (let i = 1; i <= 3; i++) {
    try {
      reachFaultPoint("durable-file/synced");
      reachFaultPoint("durable-file/written");
      process.stdout.write(String(i));
    } catch (error) {
      process.stdout.write(error.code);
    }
  }`;

function run(fault: string) {
  const { stdout, signal } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    env: { ...process.env, MYCLOUD_FAULT_POINT: fault },
    encoding: "utf8",
  });
  return { stdout, signal };
}

test("without a planned fault nothing happens", () => {
  assert.deepEqual(run(""), { stdout: "123", signal: null });
});

test("a process dies at the planned arrival, not before", () => {
  assert.deepEqual(run("durable-file/written"), { stdout: "", signal: "SIGKILL" });
  assert.deepEqual(run("durable-file/written:3"), { stdout: "12", signal: "SIGKILL" });
});

test("a disk can be full once", () => {
  assert.deepEqual(run("durable-file/written:2:enospc"), { stdout: "1ENOSPC3", signal: null });
});

test("a plan that names nothing is refused", () => {
  for (const text of ["durable-file", "durable-file/written:0", "durable-file/written:x", "durable-file/written:1:2"]) {
    assert.throws(() => parsePlannedFault(text), /MYCLOUD_FAULT_POINT/);
  }
});

test("every fault point can be planned", () => {
  for (const point of faultPoints) {
    assert.deepEqual(parsePlannedFault(`${point}:2`), { point, nth: 2, kind: "kill" });
  }
});
