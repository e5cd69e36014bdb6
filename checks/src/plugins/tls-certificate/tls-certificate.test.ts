import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { after, describe, test } from "node:test";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import {
  closedPort,
  type Listening,
  listening,
  TestAuthority,
  type TestCertificate,
} from "../../connection/test-servers.ts";
import { A_MINUTE_LATER, runInTest } from "../run-in-test.ts";

const authority = new TestAuthority();
after(() => authority[Symbol.dispose]());
const good = authority.issue("www.example.org", "DNS:www.example.org,IP:127.0.0.1", 90);
const short = authority.issue("www.example.org", "DNS:www.example.org,IP:127.0.0.1", 10);
const misnamed = authority.issue("other.example.org", "DNS:other.example.org", 90);

const serving = (certificate: TestCertificate): Promise<Listening> => listening(createTlsServer(certificate));

describe("tls-certificate", () => {
  const table: [string, TestCertificate, string, number, RegExp][] = [
    [
      "a good certificate",
      good,
      "",
      0,
      /^TLS_CERTIFICATE OK - 127.0.0.1 port \d+: certificate 'www.example.org' expires in 89 d 23 h \(.* UTC\); issued by 'TestAuthority'$/,
    ],
    ["few days left", short, "", 1, /^TLS_CERTIFICATE WARNING .* expires in 9 d 23 h/],
    ["fewer days left", short, "-w 30 -c 15", 2, /^TLS_CERTIFICATE CRITICAL .* expires in 9 d/],
    ["another name", misnamed, "", 2, /certificate does not fit: it is for other.example.org, not for 127.0.0.1/],
    ["another name that does not matter", misnamed, "--any-name", 0, /OK/],
    ["the name that was asked for", misnamed, "-n other.example.org", 0, /OK/],
  ];
  for (const [name, certificate, line, returnCode, output] of table) {
    test(`${name} is ${returnCode}`, async () => {
      await using server = await serving(certificate);
      const result = await runInTest(
        "tls-certificate",
        `-H 127.0.0.1 -p ${server.port} --ca-file ${certificate.caFile} ${line}`,
        A_MINUTE_LATER,
      );
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("an expired certificate and one of tomorrow are CRITICAL", async () => {
    await using server = await serving(good);
    const line = `-H 127.0.0.1 -p ${server.port} --ca-file ${good.caFile}`;
    const inDays = (days: number) => ({ now: () => Date.now() + days * 86_400_000 });
    assert.match(
      (await runInTest("tls-certificate", line, inDays(92))).output,
      /certificate 'www.example.org' expired 2 d ago/,
    );
    assert.match(
      (await runInTest("tls-certificate", line, inDays(-2))).output,
      /certificate 'www.example.org' is not valid before/,
    );
  });

  test("an authority that is not known here is CRITICAL, unless that is accepted", async () => {
    await using server = await serving(good);
    const line = `-H 127.0.0.1 -p ${server.port}`;
    assert.match(
      (await runInTest("tls-certificate", line, A_MINUTE_LATER)).output,
      /certificate is not trusted: the issuer 'TestAuthority' is unknown here/,
    );
    assert.equal((await runInTest("tls-certificate", `${line} --untrusted-ok`, A_MINUTE_LATER)).returnCode, 0);
  });

  test("perfdata has the days left and the least there must be", async () => {
    await using server = await serving(good);
    const { perfdata } = await runInTest(
      "tls-certificate",
      `-H 127.0.0.1 -p ${server.port} --ca-file ${good.caFile}`,
      A_MINUTE_LATER,
    );
    assert.deepEqual(perfdata, [{ label: "days_left", value: 89, unit: "", warn: "21:", crit: "7:" }]);
  });

  const dialogues: [string, string, (line: string) => string | undefined][] = [
    ["smtp", "220 mail ESMTP\r\n", (line) => (line.startsWith("EHLO") ? "250-mail\r\n250 STARTTLS\r\n" : "220 go\r\n")],
    ["imap", "* OK ready\r\n", () => "a OK begin\r\n"],
    ["pop3", "+OK ready\r\n", () => "+OK begin\r\n"],
    ["ftp", "220-Welcome\r\n220 ready\r\n", () => "234 go\r\n"],
  ];
  for (const [protocol, greeting, answer] of dialogues) {
    test(`speaks ${protocol} until TLS begins`, async () => {
      const upgrade = (socket: Socket): void => {
        socket.write(greeting);
        socket.on("data", function read(data) {
          const reply = answer(data.toString()) ?? "";
          const isStart = /STARTTLS|STLS|AUTH TLS/.test(data.toString());
          if (isStart) socket.removeListener("data", read);
          socket.write(reply, () => {
            if (isStart)
              new TLSSocket(socket, { isServer: true, cert: good.cert, key: good.key }).on("error", () => undefined);
          });
        });
      };
      await using server = await listening(createServer(upgrade));
      const result = await runInTest(
        "tls-certificate",
        `-H 127.0.0.1 -p ${server.port} -s ${protocol} --ca-file ${good.caFile}`,
        A_MINUTE_LATER,
      );
      assert.match(result.output, /^TLS_CERTIFICATE OK .* expires in 89 d/);
    });
  }

  test("a server that does not speak TLS, and one that is not there, are CRITICAL", async () => {
    await using server = await listening(createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    const result = await runInTest("tls-certificate", `-H 127.0.0.1 -p ${server.port}`, A_MINUTE_LATER);
    assert.match(result.output, /^TLS_CERTIFICATE CRITICAL - 127.0.0.1 port \d+: TLS handshake failed/);
    assert.match(
      (await runInTest("tls-certificate", `-H 127.0.0.1 -p ${await closedPort()}`, A_MINUTE_LATER)).output,
      /: connection refused$/,
    );
  });

  test("a server that says nothing times out, and says at what", async () => {
    await using server = await listening(createServer(() => undefined));
    const result = await runInTest("tls-certificate", `-H 127.0.0.1 -p ${server.port} -t 0.2`, A_MINUTE_LATER);
    assert.equal(result.output, "TLS_CERTIFICATE CRITICAL - timed out after 0.2 s waiting for the TLS handshake");
  });
});
