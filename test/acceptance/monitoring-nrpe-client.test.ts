import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { writeNrpePacket } from "../../checks/src/nrpe/index.ts";
import { runPlugin } from "../../checks/src/plugin/run-plugin.ts";
import { NRPE_PROGRAM, startNrpe } from "../peers/nrpe.ts";
import { requirePeer } from "../peers/peer.ts";
import { freePort } from "../support/index.ts";

function ask(port: number, ...args: readonly string[]) {
  return runPlugin("nrpe", ["-H", "127.0.0.1", "-p", String(port), ...args], {
    signal: new AbortController().signal,
    now: Date.now,
    procRoot: "/proc",
    sysRoot: "/sys",
    memory: new Map(),
  });
}

describe("the nrpe check asks Debian's daemon, which has no certificate", () => {
  test("in every protocol version, and gets output, long output and perfdata", async (t) => {
    if (!requirePeer(t, NRPE_PROGRAM, "nagios-nrpe-server")) return;
    const port = await freePort();
    const daemon = await startNrpe(port, [
      "command[warn]=/bin/sh -c 'echo \"WARN - half full | used=50%;40;90\"; echo more; exit 1'",
      "command[long]=/bin/sh -c 'head -c 3000 /dev/zero | tr \"\\0\" x'",
      "command[slow]=/bin/sleep 5",
    ]);
    t.after(daemon.stop);
    assert.match((await ask(port)).output, /^NRPE v4/);
    for (const version of [[], ["-3"], ["-2"]]) {
      const result = await ask(port, ...version, "-c", "warn");
      assert.deepEqual(
        [
          result.returnCode,
          result.output,
          result.longOutput,
          result.perfdata.map(({ label, value }) => [label, value]),
        ],
        [1, "WARN - half full", "more", [["used", 50]]],
        version.join(),
      );
    }
    assert.equal((await ask(port, "-c", "long")).output.length, 3_000);
    assert.match((await ask(port, "-c", "none")).output, /^NRPE: Command 'none' not defined$/);
    assert.match((await ask(port, "-c", "warn", "-a", "x")).output, /closed the connection without an answer/);
    assert.match((await ask(port, "-c", "slow", "-t", "0.5")).output, /^NRPE CRITICAL - timed out after 0.5 s/);
  });

  test("and is CRITICAL, or UNKNOWN when asked so, where nobody answers", async () => {
    const port = await freePort();
    assert.match((await ask(port)).output, /^NRPE CRITICAL - 127.0.0.1 port \d+: connection refused$/);
    assert.equal((await ask(port, "-u")).returnCode, 3);
    assert.match((await ask(port, "-c", "a!b")).output, /cannot carry an exclamation mark/);
  });

  test("and an answer that is none is CRITICAL", async (t) => {
    const query = writeNrpePacket({ version: 4, type: "response", resultCode: 0, text: Buffer.from("x") });
    query.writeUInt32BE(1, 4);
    const server = createServer((socket) => socket.on("error", () => undefined).end(query));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    assert.match((await ask(address.port, "-n")).output, /not an answer of NRPE: the packet's CRC is wrong/);
  });
});
