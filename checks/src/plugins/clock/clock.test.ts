import assert from "node:assert/strict";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { describe, test } from "node:test";
import { runInTest } from "../run-in-test.ts";

const NTP_TO_UNIX_SECONDS = 2_208_988_800;

/** A time server whose clock is `aheadSeconds` ahead of ours; `change` spoils its answers. */
async function withServer<T>(
  aheadSeconds: number,
  work: (port: number) => Promise<T>,
  change: (answer: Buffer) => void = () => undefined,
): Promise<T> {
  const server: Socket = createSocket("udp4");
  server.on("message", (request: Buffer, from: RemoteInfo) => {
    const answer = Buffer.alloc(48);
    answer[0] = 0x24;
    answer[1] = 2;
    request.copy(answer, 24, 40, 48);
    const seconds = Date.now() / 1_000 + aheadSeconds;
    for (const start of [32, 40]) {
      answer.writeUInt32BE(Math.floor(seconds) + NTP_TO_UNIX_SECONDS, start);
      answer.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), start + 4);
    }
    change(answer);
    server.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  try {
    return await work(server.address().port);
  } finally {
    server.close();
  }
}

describe("clock against a time server", () => {
  const table: [number, string, number, RegExp][] = [
    [0, "", 0, /^CLOCK OK - this clock is .* 127.0.0.1 \(stratum 2\)$/],
    [5, "", 1, /^CLOCK WARNING - this clock is [45](\.\d+)? s behind 127.0.0.1 \(stratum 2\) \(warning above 1 s\)$/],
    [-60, "", 2, /^CLOCK CRITICAL - this clock is (60|59)(\.\d+)? s ahead of/],
    [5, "-o 5", 0, /OK/],
    [5, "-w 10 -c 20", 0, /OK/],
  ];
  for (const [ahead, line, returnCode, output] of table) {
    test(`a server ${ahead} s ahead with "${line}" is ${returnCode}`, async () => {
      const result = await withServer(ahead, (port) => runInTest("clock", `-H 127.0.0.1 -p ${port} ${line}`));
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
      assert.ok(Math.abs((result.perfdata[0]?.value ?? 99) - ahead) < 6);
    });
  }

  const spoiled: [string, (answer: Buffer) => void, RegExp][] = [
    ["says that it is not synchronised", (answer) => answer.writeUInt8(0xe4, 0), /its own clock is not synchronised/],
    ["refuses with a kiss code", (answer) => answer.fill("\0RATE", 1, 6) && answer.write("RATE", 12), /kiss code RATE/],
    ["is no time server", (answer) => answer.writeUInt8(0x23, 0), /is not a time server/],
  ];
  for (const [name, change, output] of spoiled) {
    test(`a server that ${name} is CRITICAL`, async () => {
      const result = await withServer(0, (port) => runInTest("clock", `-H 127.0.0.1 -p ${port}`), change);
      assert.match(result.output, output);
      assert.equal(result.returnCode, 2);
    });
  }

  test("an answer that does not carry our timestamp is not believed", async () => {
    const forge = (answer: Buffer) => answer.fill(0, 24, 32);
    const result = await withServer(0, (port) => runInTest("clock", `-H 127.0.0.1 -p ${port} -t 0.3 -q`), forge);
    assert.equal(result.output, "CLOCK UNKNOWN - time server 127.0.0.1 does not answer");
  });
});

describe("clock against the control plane", () => {
  for (const [offset, returnCode, output] of [
    [0.25, 0, "CLOCK OK - this clock is 0.25 s ahead of the control plane"],
    [-3, 1, "CLOCK WARNING - this clock is 3 s behind the control plane (warning above 1 s)"],
    [null, 3, "CLOCK UNKNOWN - the agent has not yet heard the control plane's time"],
  ] as const) {
    test(output, async () => {
      const status = { clockOffsetSeconds: offset } as never;
      const result = await runInTest("clock", "", { agent: status });
      assert.deepEqual([result.returnCode, result.output], [returnCode, output]);
    });
  }
});
