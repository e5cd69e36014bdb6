import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runInTest } from "../run-in-test.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "mycloud-external-"));
after(() => rmSync(FOLDER, { recursive: true }));
let made = 0;

function script(text: string, mode = 0o755): string {
  made += 1;
  const path = join(FOLDER, `plugin-${made}`);
  writeFileSync(path, text.startsWith("#!") ? text : `#!/bin/sh\n${text}\n`);
  chmodSync(path, mode);
  return path;
}

/** Processes whose arguments hold a text, zombies left out (they have none). */
function findProcesses(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").includes(text);
      } catch {
        return false;
      }
    });
}

/** Children of this process that have ended but were not waited for. */
function findZombies(): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return state === "Z" && Number(parent) === process.pid;
    } catch {
      return false;
    }
  });
}

async function assertGone(text: string): Promise<void> {
  for (let tries = 0; tries < 40 && findProcesses(text).length > 0; tries += 1) await sleep(50);
  assert.deepEqual(findProcesses(text), []);
  assert.deepEqual(findZombies(), []);
}

describe("external passes on what a plugin says", () => {
  for (const code of [0, 1, 2, 3]) {
    test(`exit code ${code}`, async () => {
      const path = script(`echo "STATE is ${code} | a=1;2;3 'b c'=4ms"; echo more; exit ${code}`);
      const result = await runInTest("external", path);
      assert.equal(result.returnCode, code);
      assert.equal(result.output, `STATE is ${code}`);
      assert.equal(result.longOutput, "more");
      assert.deepEqual(
        result.perfdata.map(({ label, value, unit }) => [label, value, unit]),
        [
          ["a", 1, ""],
          ["b c", 4, "ms"],
        ],
      );
    });
  }

  test("arguments as they are, without a shell", async () => {
    const path = script('printf "%s," "$@"');
    const result = await runInTest("external", `-- ${path} '$HOME;ls *' -w --json -t`);
    assert.equal(result.output, "$HOME;ls *,-w,--json,-t,");
  });

  test("neither our MYCLOUD_ variables nor a foreign locale", async () => {
    process.env.MYCLOUD_TEST_SECRET = "secret";
    const result = await runInTest("external", script('echo "secret=$MYCLOUD_TEST_SECRET locale=$LC_ALL"'));
    delete process.env.MYCLOUD_TEST_SECRET;
    assert.equal(result.output, "secret= locale=C");
  });

  test("an exit code beyond 3 as UNKNOWN, and says so", async () => {
    const result = await runInTest("external", script("echo odd; exit 7"));
    assert.deepEqual([result.returnCode, result.output], [3, "odd"]);
    assert.match(result.longOutput, /exit code 7 is none of 0 to 3/);
  });

  test("errors beside output in the long output", async () => {
    assert.equal((await runInTest("external", script("echo fine; echo careful >&2"))).longOutput, "stderr: careful");
  });
});

describe("external is UNKNOWN with a sentence", () => {
  const table: [string, () => string, RegExp][] = [
    [
      "for only stderr, whatever the exit code",
      () => script("echo 'no such host' >&2; exit 2"),
      /printed only errors: no such host \(exit code 2\)$/,
    ],
    ["for no output", () => script("exit 0"), /printed nothing \(exit code 0\)$/],
    [
      "for a missing program",
      () => "/nonexistent/check_x",
      /cannot run \/nonexistent\/check_x: no such file or directory$/,
    ],
    [
      "for a missing name",
      () => "check_no_such_plugin",
      /there is no plugin "check_no_such_plugin" in \/usr\/lib\/nagios\/plugins/,
    ],
    ["for a folder", () => "/tmp", /cannot run \/tmp: it is not a file$/],
    [
      "for a missing interpreter",
      () => script("#!/no/such/interpreter\n"),
      /the interpreter its first line names does not exist$/,
    ],
    ["for a program killed by a signal", () => script("kill -9 $$"), /was killed by SIGKILL$/],
    ["for no program at all", () => "", /the program to run is missing/],
  ];
  for (const [name, line, output] of table) {
    test(name, async () => {
      const result = await runInTest("external", line());
      assert.equal(result.returnCode, 3);
      assert.match(result.output, output);
    });
  }

  test("for a file that nobody may execute", async () => {
    const result = await runInTest("external", script("echo no", 0o644));
    assert.match(result.output, /it is not executable for this user \(chmod \+x\?\)$/);
  });

  test("for a program that prints without end, which is killed", { timeout: 60_000 }, async () => {
    const result = await runInTest("external", `-t 15 ${script("exec yes flood-of-output")}`);
    assert.match(result.output, /printed without end and was killed$/);
    await assertGone("flood-of-output");
  });
});

describe("external keeps limits", () => {
  test("cuts long output and says so", async () => {
    const result = await runInTest(
      "external",
      `--max-output 1 ${script("echo first; head -c 100000 /dev/zero | tr '\\0' x")}`,
    );
    assert.equal(result.output, "first");
    assert.match(result.longOutput, /^x{1018}\n\(output cut after 1 KiB\)$/);
  });

  test("kills children with the plugin at the timeout", { timeout: 60_000 }, async () => {
    const path = script("sleep 4711.1 & sleep 4711.2; echo never");
    const result = await runInTest("external", `-t 0.3 ${path}`);
    assert.equal(result.output, "EXTERNAL CRITICAL - timed out after 0.3 s");
    await assertGone("sleep 4711.");
  });

  test("kills a plugin that ignores SIGTERM", { timeout: 60_000 }, async () => {
    const path = script("trap '' TERM; while :; do sleep 0.1; done");
    const started = Date.now();
    const result = await runInTest("external", `-t 0.3:unknown ${path}`);
    assert.equal(result.output, "EXTERNAL UNKNOWN - timed out after 0.3 s");
    assert.ok(Date.now() - started < 15_000);
    await assertGone(path);
  });

  test("does not wait for a child that keeps the output open, and leaves none behind", {
    timeout: 60_000,
  }, async () => {
    const started = Date.now();
    const result = await runInTest("external", script("sleep 4712.5 & echo done"));
    assert.deepEqual([result.returnCode, result.output], [0, "done"]);
    assert.ok(Date.now() - started < 15_000);
    await assertGone("sleep 4712.5");
  });

  test("stops when the caller stops", { timeout: 60_000 }, async () => {
    const path = script("sleep 4713.5");
    const result = await runInTest("external", path, { signal: AbortSignal.timeout(300) });
    assert.equal(result.output, "EXTERNAL UNKNOWN - stopped before it was done");
    await assertGone("sleep 4713.5");
  });

  test("runs fifty at a time and leaves nothing", { timeout: 60_000 }, async () => {
    const path = script("echo ok");
    const results = await Promise.all(Array.from({ length: 50 }, () => runInTest("external", path)));
    assert.ok(results.every((result) => result.output === "ok"));
    await assertGone(path);
  });
});
