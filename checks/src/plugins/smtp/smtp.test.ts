import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { TLSSocket } from "node:tls";
import { closedPort, listening, speaking, TestAuthority } from "../../connection/test-servers.ts";
import { A_MINUTE_LATER, runInTest } from "../run-in-test.ts";

const answer = (line: string): string => {
  if (/^(EHLO|LHLO) /.test(line)) return "250-mail.example.org\r\n250 SIZE 1000\r\n";
  return line === "NOPE" ? "500 what?\r\n" : "250 ok\r\n";
};

describe("smtp", () => {
  const table: [string, string, number, RegExp][] = [
    ["220 mail ESMTP\r\n", "", 0, /^SMTP OK - 127.0.0.1 port \d+: [\d.]+ ms response time$/],
    ["220-mail\r\n220 ready\r\n", "-e ready", 0, /OK/],
    ["421 too busy\r\n", "", 1, /^SMTP WARNING - .* greeting is "421 too busy", expected "220"/],
    ["220 mail\r\n", "-C NOOP -R 250", 0, /OK/],
    ["220 mail\r\n", "-C NOPE -R 250", 1, /"NOPE" was answered "500 what\?", expected "250"/],
    ["220 mail\r\n", "-f a@example.org -C 'RCPT TO:<b@example.org>' -R 250", 0, /OK/],
    ["220 mail\r\n", "-S", 1, /the server does not offer STARTTLS/],
    ["220 mail\r\n", "-w 0:0", 1, /warning above 0 s/],
    ["", "-t 0.2", 2, /timed out after 0.2 s waiting for the greeting/],
  ];
  for (const [greeting, line, returnCode, output] of table) {
    test(`${JSON.stringify(greeting)} with "${line}" is ${returnCode}`, async () => {
      await using server = await speaking(greeting, answer);
      const result = await runInTest("smtp", `-H 127.0.0.1 -p ${server.port} ${line}`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("goes over to TLS and judges the certificate", async () => {
    using authority = new TestAuthority();
    const certificate = authority.issue("mail.example.org", "IP:127.0.0.1", 10);
    const heard: string[] = [];
    const server = createServer((socket) => {
      socket.write("220 mail\r\n");
      socket.on("data", function plain(data) {
        const line = data.toString().trim();
        if (line !== "STARTTLS") return socket.write("250-mail\r\n250 STARTTLS\r\n");
        socket.removeListener("data", plain);
        return socket.write("220 go\r\n", () => {
          const secured = new TLSSocket(socket, { isServer: true, cert: certificate.cert, key: certificate.key });
          secured.on("error", () => undefined);
          secured.on("data", (text) => {
            heard.push(...text.toString().trim().split("\r\n"));
            secured.write("250 ok\r\n");
          });
        });
      });
    });
    await using running = await listening(server);
    const result = await runInTest(
      "smtp",
      `-H 127.0.0.1 -p ${running.port} -S -D 30,5 -F me.example.org -C NOOP -R 250`,
      A_MINUTE_LATER,
    );
    assert.match(result.output, /^SMTP WARNING - .*certificate 'mail.example.org' expires in 9 d/);
    assert.deepEqual(heard.slice(0, 2), ["EHLO me.example.org", "NOOP"]);
  });

  test("shows the dialogue when asked", async () => {
    await using server = await speaking("220 mail\r\n", answer);
    const result = await runInTest("smtp", `-v -F me -H 127.0.0.1 -p ${server.port}`);
    assert.deepEqual(result.longOutput.split("\n"), [
      "< 220 mail",
      "> EHLO me",
      "< 250-mail.example.org",
      "< 250 SIZE 1000",
    ]);
  });

  test("a refused connection is CRITICAL", async () => {
    assert.match(
      (await runInTest("smtp", `-H 127.0.0.1 -p ${await closedPort()}`)).output,
      /^SMTP CRITICAL - .*: connection refused$/,
    );
  });
});
