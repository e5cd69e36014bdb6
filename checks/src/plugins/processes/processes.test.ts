import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInTest } from "../run-in-test.ts";

describe("processes", () => {
  const table: [string, number, RegExp][] = [
    ["", 0, /^PROCESSES OK - 7 processes$/],
    ["-w 5 -c 10", 1, /7 processes \(warning above 5\)/],
    ["-C nginx -c 1:", 0, /^PROCESSES OK - 2 processes with command name 'nginx'$/],
    ["-C sshd -c 1:", 2, /^PROCESSES CRITICAL - 0 processes with command name 'sshd' \(critical below 1\)$/],
    ["-C 'tmux: server' -c 1:", 0, /1 process with command name 'tmux: server'/],
    ["-a 'worker process' -c 1:1", 0, /1 process with args/],
    ["--ereg-argument-array ^nginx:.*(master|worker) -c 2:2", 0, /2 processes with args matching/],
    ["-s Z -w 0", 1, /1 process with state Z \(warning above 0\)/],
    ["-s RZ", 0, /2 processes with state RZ/],
    ["-u 33 -c 2:2", 0, /2 processes with user 33/],
    ["-u root -c 4:4", 0, /4 processes with user root/],
    ["-u nobody-like-this", 3, /expected a name in \/etc\/passwd/],
    ["-p 812 -c 2:2", 0, /2 processes with parent 812/],
    ["-k -c 5:5", 0, /5 processes/],
    ["-r 100000 -c 1:1", 0, /1 process with RSS above 100000 KiB/],
    [
      "-m RSS -w 100000",
      1,
      /^PROCESSES WARNING - RSS of 1 of 7 processes \(warning above 100000\): nginx \(pid 813\) 195 MiB$/,
    ],
    [
      "-m CPU -C nginx -c 50",
      2,
      /CPU of 1 of 2 processes with command name 'nginx' \(critical above 50\): nginx \(pid 813\) 150%/,
    ],
    ["-m ELAPSED -C nginx -w 600", 1, /age of 2 of 2 .*: nginx \(pid 812\) 16 h 40 min/],
    ["-m VSZ -w 999999999", 0, /VSZ of 7 processes is within limits/],
    ["-m SIZE", 3, /expected one of PROCS, VSZ, RSS, CPU, ELAPSED/],
    ["-w 20:10", 3, /Range format incorrect/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line || "without options"} is ${returnCode}`, async () => {
      const result = await runInTest("processes", line);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("does not count itself when started by hand, but counts the agent it runs in", async () => {
    const here = { procRoot: "/proc", sysRoot: "/sys" };
    const inAgent = { ...here, agent: { startedAtMs: 0 } as never };
    const line = `-v -C ${(await import("node:fs")).readFileSync("/proc/self/comm", "utf8").trim()}`;
    const [byHand, counted] = [await runInTest("processes", line, here), await runInTest("processes", line, inAgent)];
    const isListed = (text: string): boolean => text.split("\n").some((one) => one.startsWith(`${process.pid} `));
    assert.deepEqual([isListed(byHand.longOutput), isListed(counted.longOutput)], [false, true]);
  });
});
