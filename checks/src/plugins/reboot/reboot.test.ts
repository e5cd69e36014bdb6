import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { copyRecordedHost, runInTest } from "../run-in-test.ts";
import { compareKernelReleases, flavourOf } from "./kernel-version.ts";

describe("reboot", () => {
  async function check(line: string, files: Record<string, string>, laterMs = 0) {
    using host = copyRecordedHost();
    mkdirSync(`${host.folder}/boot`);
    for (const [name, text] of Object.entries(files)) writeFileSync(`${host.folder}/${name}`, text);
    const all = `--boot-dir ${host.folder}/boot --reboot-file ${host.folder}/reboot-required ${line}`;
    return await runInTest("reboot", all, { ...host, now: () => Date.now() + laterMs });
  }

  test("is OK when the newest kernel runs", async () => {
    const result = await check("", { "boot/vmlinuz-6.1.0-28-amd64": "", "boot/vmlinuz-6.1.0-9-amd64": "" });
    assert.equal(result.output, "REBOOT OK - no restart is due; kernel 6.1.0-28-amd64 runs");
  });

  test("names the newer kernel", async () => {
    const result = await check("", { "boot/vmlinuz-6.1.0-30-amd64": "" });
    assert.match(
      result.output,
      /^REBOOT WARNING - restart due for \d s: kernel 6.1.0-30-amd64 is installed, 6.1.0-28-amd64 runs$/,
    );
  });

  test("does not compare kernels of another flavour", async () => {
    assert.equal((await check("", { "boot/vmlinuz-6.1.0-30-rt-amd64": "" })).returnCode, 0);
  });

  test("names the packages that ask for it", async () => {
    const result = await check("", { "reboot-required": "", "reboot-required.pkgs": "libc6\nlinux-image\nlibc6\n" });
    assert.match(result.output, /: asked for by libc6, linux-image$/);
  });

  test("judges for how long it has been due", async () => {
    const files = { "reboot-required": "" };
    const day = 86_400_000;
    assert.equal((await check("-w 7d -c 30d", files)).returnCode, 0);
    assert.equal((await check("-w 7d -c 30d", files, 8 * day)).returnCode, 1);
    assert.match((await check("-w 7d -c 30d", files, 31 * day)).output, /^REBOOT CRITICAL - restart due for 31 d/);
  });
});

test("kernel releases are ordered by their numbers", () => {
  const releases = ["6.1.0-28-amd64", "6.1.0-9-amd64", "6.10.1", "5.15.0-100-generic"];
  assert.deepEqual(releases.sort(compareKernelReleases), [
    "5.15.0-100-generic",
    "6.1.0-9-amd64",
    "6.1.0-28-amd64",
    "6.10.1",
  ]);
  assert.deepEqual(["6.1.0-28-amd64", "6.1.0-30-rt-amd64", "6.10.1"].map(flavourOf), ["amd64", "rt-amd64", ""]);
});
