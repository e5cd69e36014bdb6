import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { copyRecordedHost, runInTest } from "../run-in-test.ts";

describe("memory", () => {
  test("counts page cache as free", async () => {
    const result = await runInTest("memory", "--ignore-cgroup");
    assert.equal(result.output, "MEMORY OK - 75.0% used: 5.7 GiB of 7.6 GiB, 1.9 GiB available");
  });

  test("judges the share of a tighter control group when that is higher", async () => {
    const result = await runInTest("memory", "");
    assert.equal(
      result.output,
      "MEMORY CRITICAL - 95.2% used (critical above 95%): 3.6 GiB of the cgroup's 3.8 GiB; machine 5.7 GiB of 7.6 GiB",
    );
  });

  test("does not count a control group without limit", async () => {
    using host = copyRecordedHost();
    writeFileSync(`${host.sysRoot}/fs/cgroup/system.slice/app.service/memory.max`, "max\n");
    assert.match(
      (await runInTest("memory", "-w 70", host)).output,
      /^MEMORY WARNING - 75.0% used \(warning above 70%\)/,
    );
  });

  test("reads the limit of cgroup version 1", async () => {
    using host = copyRecordedHost();
    const folder = `${host.sysRoot}/fs/cgroup/system.slice`;
    rmSync(folder, { recursive: true });
    const { mkdirSync } = await import("node:fs");
    mkdirSync(`${host.sysRoot}/fs/cgroup/memory/box`, { recursive: true });
    writeFileSync(`${host.procRoot}/self/cgroup`, "5:cpu,cpuacct:/box\n4:memory:/box\n");
    writeFileSync(`${host.sysRoot}/fs/cgroup/memory/box/memory.limit_in_bytes`, "1000000000\n");
    writeFileSync(`${host.sysRoot}/fs/cgroup/memory/box/memory.usage_in_bytes`, "920000000\n");
    assert.match(
      (await runInTest("memory", "", host)).output,
      /^MEMORY WARNING - 92.0% used .*of the cgroup's 954 MiB/,
    );
  });

  test("estimates what is available on kernels that do not say", async () => {
    using host = copyRecordedHost();
    writeFileSync(`${host.procRoot}/meminfo`, "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 100 kB\nCached: 300 kB\n");
    assert.match((await runInTest("memory", "--ignore-cgroup", host)).output, /50.0% used/);
  });
});
