import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { plugins } from "../plugins/registry.ts";
import { RECORDED_HOST } from "../plugins/run-in-test.ts";
import { checkCommand } from "./check-command.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;

function command(...argv: string[]) {
  return checkCommand(argv, {
    signal: new AbortController().signal,
    now: () => 1_700_000_000_000,
    procRoot: `${RECORDED_HOST}/proc`,
    sysRoot: `${RECORDED_HOST}/sys`,
    memory: new Map(),
  });
}

describe("mycloud check", () => {
  test("prints one line with perfdata and ends with the return code", async () => {
    assert.deepEqual(await command("uptime", "-w", "5d:"), {
      exitCode: 1,
      stdout: "UPTIME WARNING - up 4 d 4 h, booted 2023-11-10 18:13 UTC | uptime=360000s;432000:;;0\n",
    });
  });

  test("prints the same as JSON", async () => {
    const { exitCode, stdout } = await command("--json", "uptime").then(() => command("uptime", "--json"));
    assert.equal(exitCode, 0);
    assert.deepEqual(JSON.parse(stdout), {
      check: "uptime",
      state: "OK",
      returnCode: 0,
      output: "UPTIME OK - up 4 d 4 h, booted 2023-11-10 18:13 UTC",
      longOutput: "",
      perfdata: [{ label: "uptime", value: 360000, unit: "s", min: 0 }],
    });
  });

  test("prints mistakes as JSON too", async () => {
    const { exitCode, stdout } = await command("uptime", "--json", "--nope");
    assert.equal(exitCode, 3);
    assert.match(JSON.parse(stdout).output, /unknown option --nope/);
  });

  test("leaves --json and --help after a program to that program", async () => {
    assert.equal((await command("external", "/bin/echo", "--json", "--help")).stdout, "--json --help\n");
  });

  test("lists every check, as text and as JSON", async () => {
    const text = (await command("--list")).stdout;
    assert.deepEqual(
      text
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0]),
      [...plugins.keys()],
    );
    for (const argv of [
      ["--list", "--json"],
      ["--json", "--list"],
    ]) {
      assert.equal(JSON.parse((await command(...argv)).stdout).length, plugins.size);
    }
  });

  test("help ends with 0, a missing or unknown check with 3", async () => {
    assert.equal((await command("--help")).exitCode, 0);
    assert.equal((await command("disk", "-h")).exitCode, 0);
    assert.match((await command("swap", "--help")).stdout, /-w, --warning BYTES\|PERCENT%/);
    assert.equal((await command()).exitCode, 3);
    assert.match((await command("dosk")).stdout, /did you mean disk\?/);
  });

  test("as a program ends with the return code, also when nobody reads", async () => {
    const code = await new Promise((resolve) => {
      const child = execFile(process.execPath, [MAIN, "check", "load", "-w", "0", "-c", "9999"], (error) =>
        resolve(error?.code ?? 0),
      );
      child.stdout?.destroy();
    });
    assert.equal(code, 1);
  });

  test("as a program stops its children when it is told to stop", { timeout: 60_000 }, async () => {
    const { stdout, code } = await new Promise<{ stdout: string; code: unknown }>((resolve) => {
      const child = execFile(process.execPath, [MAIN, "check", "external", "/bin/sleep", "4714.5"], (error, text) => {
        resolve({ stdout: text, code: error?.code });
      });
      setTimeout(() => child.kill("SIGTERM"), 1_000);
    });
    assert.deepEqual([stdout, code], ["EXTERNAL UNKNOWN - stopped before it was done\n", 3]);
  });
});
