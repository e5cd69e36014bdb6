import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { closedPort, listening, speaking, TestAuthority } from "../../connection/test-servers.ts";
import { A_MINUTE_LATER, runInTest } from "../run-in-test.ts";

const seen: IncomingMessage[] = [];

function serve(request: IncomingMessage, response: ServerResponse): void {
  seen.push(request);
  const [path = "", target = ""] = (request.url ?? "").split("?to=");
  const status = /^\/status\/(\d+)/.exec(path)?.[1];
  if (path === "/slow") {
    response.write("a bit");
    return;
  }
  if (path === "/hang") return;
  if (path === "/go") response.writeHead(302, { Location: decodeURIComponent(target) });
  else if (path === "/old") response.setHeader("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT");
  else if (status !== undefined) response.writeHead(Number(status));
  response.end(path === "/big" ? "x".repeat(3_000_000) : "first line\nAll is well | or not\n");
}

describe("http", () => {
  const table: [string, number, RegExp][] = [
    ["", 0, /^HTTP OK - http:\/\/127.0.0.1:\d+\/: HTTP\/1.1 200 OK, \d+ B in [\d.]+ ms$/],
    ["-u /status/404", 1, /^HTTP WARNING - .*: HTTP\/1.1 404 Not Found, request refused/],
    ["-u /status/503", 2, /503 Service Unavailable, server error/],
    ["-u /status/404 -e 404,410", 0, /OK/],
    ["-e 204", 2, /status is not one of "204"/],
    ["-s well", 0, /OK/],
    ["-s lost", 2, /^HTTP CRITICAL - .*, "lost" is not in the body/],
    ["-r 'is w.ll'", 0, /OK/],
    ["-r WELL", 2, /pattern "WELL" was not found/],
    ["-R WELL", 0, /OK/],
    ["-r line.All", 2, /not found/],
    ["-l -r line.All", 0, /OK/],
    ["-r well --invert-regex", 2, /pattern "well" was found/],
    ["-r (", 3, /expected a regular expression/],
    ["-d 'X-None: 1'", 2, /"X-None: 1" is not in the headers/],
    ["-m 5000", 1, /page is too small/],
    ["-m 1:5", 1, /page is too large/],
    ["-u /old -M 1d", 2, /last modified \d+ d/],
    ["-M 1d", 2, /does not say when it was last modified/],
    ["-w 0:0", 1, /warning above 0 s/],
    ["-N -s well", 2, /not in the body/],
    ["-u /big -s y", 2, /not in the body \(only the first 1 MiB were read\)/],
    ["-u /big --max-body 4000", 0, /2.9 MiB in/],
    ["-u /hang -t 0.2", 2, /timed out after 0.2 s waiting for the response \(http:/],
    ["-u /slow -t 0.2", 2, /timed out after 0.2 s waiting for the rest of the body/],
    ["-u '/with space'", 3, /write them as %20/],
    ["-k nonsense", 3, /expected NAME: VALUE/],
    ["-S9", 3, /expected 1, 1.1, 1.2 or 1.3/],
    ["-f sideways", 3, /expected one of ok, warning/],
    ["-u /go?to=/status/404 -f ok", 0, /302 Found/],
    ["-u /go?to=/status/404 -f critical", 2, /redirect to \/status\/404/],
    [
      "-u /go?to=/status/404 -f follow",
      1,
      /404 Not Found, request refused, .*after 1 redirect to http:\/\/127.0.0.1:\d+\/status\/404/,
    ],
    ["-u /go?to=/go%3Fto=/go -f follow --max-redirs 1", 1, /more than 1 redirects/],
    ["-u /go?to=ftp://example.org/ -f follow", 1, /redirect to "ftp:\/\/example.org\/", which cannot be followed/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line || "a plain request"} is ${returnCode}`, async () => {
      await using server = await listening(createServer(serve));
      const result = await runInTest("http", `-H 127.0.0.1 -p ${server.port} ${line}`);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("sends method, headers, body and credentials as asked", async () => {
    await using server = await listening(createServer(serve));
    const folder = mkdtempSync(join(tmpdir(), "mycloud-http-"));
    after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "auth"), "user:se:cret\n");
    await runInTest(
      "http",
      `-I 127.0.0.1 -H www.example.org -p ${server.port} -j PUT -P a=b -k 'X-A: 1' -k 'X-A: 2' -A me --authorization-file ${folder}/auth`,
    );
    const { method, headers } = seen.at(-1)!;
    assert.equal(method, "PUT");
    assert.equal(headers.host, `www.example.org:${server.port}`);
    assert.equal(headers["x-a"], "1, 2");
    assert.equal(headers["user-agent"], "me");
    assert.equal(headers["content-length"], "3");
    assert.equal(headers.authorization, `Basic ${Buffer.from("user:se:cret").toString("base64")}`);
  });

  test("does not take credentials to another site", async () => {
    await using other = await listening(createServer(serve));
    await using server = await listening(createServer(serve));
    const target = encodeURIComponent(`http://localhost:${other.port}/there`);
    await runInTest("http", `-H 127.0.0.1 -p ${server.port} -4 -a user:secret -f follow -u /go?to=${target}`);
    assert.equal(seen.at(-1)?.url, "/there");
    assert.equal(seen.at(-1)?.headers.authorization, undefined);
  });

  test("what is no HTTP server, and what is not there, is CRITICAL", async () => {
    await using server = await speaking("220 mail ESMTP\r\n");
    assert.match(
      (await runInTest("http", `-H 127.0.0.1 -p ${server.port}`)).output,
      /^HTTP CRITICAL - .*: invalid HTTP response/,
    );
    assert.match((await runInTest("http", `-H 127.0.0.1 -p ${await closedPort()}`)).output, /: connection refused$/);
    assert.match(
      (await runInTest("http", `-H 127.0.0.1 -p ${server.port} -S`)).output,
      /^HTTP CRITICAL - .*: TLS handshake failed/,
    );
  });
});

describe("http over TLS", () => {
  const authority = new TestAuthority();
  after(() => authority[Symbol.dispose]());
  const certificate = authority.issue("www.example.org", "DNS:www.example.org", 10);
  const table: [string, number, RegExp][] = [
    ["-S", 0, /^HTTP OK - https:\/\/www.example.org:\d+\/: HTTP\/1.1 200 OK/],
    ["-S1.2", 0, /OK/],
    ["-S -D --ca-file $CA", 0, /OK/],
    ["-S -D", 2, /certificate is not trusted: the issuer 'TestAuthority' is unknown here/],
    ["-C 30,5", 1, /^HTTP WARNING - www.example.org port \d+: certificate 'www.example.org' expires in 9 d/],
    ["-C 30,14", 2, /CRITICAL/],
    ["-C 5", 0, /OK/],
    ["-C 30,5 --continue-after-certificate -s well", 1, /200 OK, certificate 'www.example.org' expires in 9 d/],
    ["-C nonsense", 3, /expected a number/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line} is ${returnCode}`, async () => {
      await using server = await listening(createTlsServer(certificate, serve));
      const filled = line.replace("$CA", certificate.caFile);
      const result = await runInTest(
        "http",
        `-I 127.0.0.1 -H www.example.org -p ${server.port} ${filled}`,
        A_MINUTE_LATER,
      );
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("asks for the site's name in the handshake", async () => {
    const names: (string | false | null | undefined)[] = [];
    const server = createTlsServer(certificate, serve);
    server.on("secureConnection", (socket) => names.push(socket.servername));
    await using running = await listening(server);
    await runInTest("http", `-I 127.0.0.1 -H www.example.org -p ${running.port} -S`);
    assert.deepEqual(names, ["www.example.org"]);
  });
});
