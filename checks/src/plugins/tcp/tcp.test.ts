import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { closedPort, listening, speaking, TestAuthority } from "../../connection/test-servers.ts";
import { A_MINUTE_LATER, runInTest } from "../run-in-test.ts";

describe("tcp", () => {
  const table: [string, number, RegExp][] = [
    ["", 0, /^TCP OK - 127.0.0.1 port \d+: response after [\d.]+ ms$/],
    ["-e hello", 0, /got "hello world"$/],
    ["-e hello -j", 0, /ms$/],
    ["-e bye -m 5", 1, /^TCP WARNING - .*, expected "bye", got "hello"$/],
    ["-E -s PING\\n -e +PONG", 0, /got "hello world \+PONG"/],
    ["-A -e hello -e +PONG -E -s PING\\n", 0, /OK/],
    ["-w 0:0 -c 5", 1, /response after [\d.]+ ms \(warning above 0 s\)/],
    ["-M nonsense", 3, /expected one of ok, warn, crit/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line || "a plain connection"} is ${returnCode}`, async () => {
      await using server = await speaking("hello world\r\n", () => "+PONG\r\n");
      const result = await runInTest("tcp", `-p ${server.port} ${line}`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("a refused connection is what -r says", async () => {
    const port = await closedPort();
    assert.match((await runInTest("tcp", `-p ${port}`)).output, /^TCP CRITICAL - .*: connection refused$/);
    assert.equal((await runInTest("tcp", `-p ${port} -r warn`)).returnCode, 1);
  });

  test("a service that closes without a word does not match", async () => {
    await using server = await listening(createServer((socket) => socket.end()));
    assert.match((await runInTest("tcp", `-p ${server.port} -e hello`)).output, /^TCP WARNING - .*, expected "hello"$/);
  });

  test("a service that says nothing times out, and leaves no connection", async () => {
    await using server = await speaking("");
    const result = await runInTest("tcp", `-p ${server.port} -e hello -t 0.2`);
    assert.match(result.output, /^TCP CRITICAL - timed out after 0.2 s waiting for the expected response/);
  });

  test("a service that never stops talking is read up to a limit", async () => {
    const chatter = createServer((socket) => {
      const timer = setInterval(() => socket.write("x".repeat(10_000)), 1);
      socket.on("close", () => clearInterval(timer));
    });
    await using server = await listening(chatter);
    assert.equal((await runInTest("tcp", `-p ${server.port} -e hello -t 5`)).returnCode, 1);
  });

  test("text outside ASCII is compared byte for byte", async () => {
    await using server = await speaking("Grüße\r\n");
    // The servers of these tests write UTF-8.
    assert.equal((await runInTest("tcp", `-p ${server.port} -e Grüße`)).returnCode, 0);
  });

  test("a Unix socket is connected to by its path", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mycloud-tcp-"));
    const server = createServer((socket) => socket.end("unix\n"));
    await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
    const result = await runInTest("tcp", `-H ${folder}/s -e unix`);
    server.close();
    rmSync(folder, { recursive: true });
    assert.match(result.output, /^TCP OK - \S+\/s: response/);
  });

  test("TLS and the certificate's days are judged with -S and -D", async () => {
    using authority = new TestAuthority();
    await using server = await listening(
      createTlsServer(authority.issue("a.example.org", "IP:127.0.0.1", 10), (socket) => socket.write("* OK\r\n")),
    );
    assert.equal((await runInTest("tcp", `-p ${server.port} -S -e '* OK'`)).returnCode, 0);
    const result = await runInTest("tcp", `-p ${server.port} -S -D 30,5`, A_MINUTE_LATER);
    assert.match(result.output, /^TCP WARNING - .*certificate 'a.example.org' expires in 9 d/);
  });
});
