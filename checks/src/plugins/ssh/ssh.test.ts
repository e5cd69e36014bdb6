import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { closedPort, speaking } from "../../connection/test-servers.ts";
import { runInTest } from "../run-in-test.ts";

describe("ssh", () => {
  const table: [string, string, number, RegExp][] = [
    [
      "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
      "",
      0,
      /^SSH OK - 127.0.0.1 port \d+: OpenSSH_9.2p1 Debian-2 \(protocol 2.0\), [\d.]+ ms$/,
    ],
    ["Keep out\r\nSSH-2.0-dropbear_2022.83\r\n", "", 0, /dropbear_2022.83/],
    ["SSH-2.0-OpenSSH_9.2p1\r\n", "-r OpenSSH_9.3", 2, /software is OpenSSH_9.2p1, not OpenSSH_9.3/],
    ["SSH-1.5-old\r\n", "-P 2.0", 2, /protocol is 1.5, not 2.0/],
    ["220 mail ESMTP\r\n", "-t 0.2", 2, /timed out after 0.2 s waiting for the identification/],
    ["SSH-2.0-a|b\u0007\r\n", "", 0, /a\/b \(protocol/],
  ];
  for (const [banner, line, returnCode, output] of table) {
    test(`${JSON.stringify(banner)} with "${line}" is ${returnCode}`, async () => {
      await using server = await speaking(banner);
      const result = await runInTest("ssh", `-p ${server.port} ${line} 127.0.0.1`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("says who calls", async () => {
    const heard = Promise.withResolvers<string>();
    await using server = await speaking("SSH-2.0-x\r\n", (line) => {
      heard.resolve(line);
      return "";
    });
    await runInTest("ssh", `-H 127.0.0.1 -p ${server.port}`);
    assert.match(await heard.promise, /^SSH-2.0-MyCloud_check_\d/);
  });

  test("a refused connection is CRITICAL, a missing host a mistake", async () => {
    assert.match(
      (await runInTest("ssh", `-H 127.0.0.1 -p ${await closedPort()}`)).output,
      /^SSH CRITICAL - .*: connection refused$/,
    );
    assert.equal((await runInTest("ssh", "")).returnCode, 3);
  });
});
