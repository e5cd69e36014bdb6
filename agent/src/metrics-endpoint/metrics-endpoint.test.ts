import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { request as secureRequest } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createLogger } from "../logger/index.ts";
import type { Selection } from "../metrics-collector/index.ts";
import { readOrMakeCertificate } from "../nrpe/self-signed-certificate.ts";
import { type EndpointOptions, serveMetrics } from "./index.ts";
import { decide, takesGzip } from "./request.ts";

const leftovers: (() => unknown)[] = [];
after(async () => {
  for (const leftover of leftovers.splice(0)) await leftover();
});

async function serve(options: Partial<EndpointOptions> = {}) {
  const lines: string[] = [];
  const endpoint = await serveMetrics({
    address: { host: "127.0.0.1", port: 0 },
    tls: null,
    tokenFile: null,
    names: async () => ["cpu", "meminfo"],
    scrape: async ({ collect, exclude }: Selection) => `asked{collect="${collect}",exclude="${exclude}"} 1\n`,
    logger: createLogger({ level: "info", format: "text", write: (line) => lines.push(line), now: Date.now }),
    ...options,
  });
  leftovers.push(endpoint.stop);
  return { ...endpoint, lines };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  ca?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, headers, method, agent: false as const };
    const asked =
      ca === undefined ? request(options) : secureRequest({ ...options, ca, checkServerIdentity: () => undefined });
    asked.on("error", reject);
    asked.on("response", (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      );
    });
    asked.end();
  });
}

test("a scrape is answered in text format, compressed for those who take that, and HEAD without a body", async () => {
  const { port } = await serve();
  const plain = await ask(port, "/metrics");
  assert.deepEqual([plain.status, plain.body.toString()], [200, 'asked{collect="",exclude=""} 1\n']);
  assert.equal(plain.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  const packed = await ask(port, "/metrics", { "Accept-Encoding": "deflate, gzip;q=0.5" });
  assert.equal(packed.headers["content-encoding"], "gzip");
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  const head = await ask(port, "/metrics", {}, "HEAD");
  assert.deepEqual([head.status, head.body.length], [200, 0]);
  const landing = await ask(port, "/");
  assert.match(landing.body.toString(), /href="\/metrics"/);
});

test("collectors are chosen in the query, and names that are not known are refused", async () => {
  const { port } = await serve();
  const body = async (path: string) => (await ask(port, path)).body.toString();
  assert.equal(
    await body("/metrics?collect[]=cpu&collect%5B%5D=meminfo"),
    'asked{collect="cpu,meminfo",exclude=""} 1\n',
  );
  assert.equal(await body("/metrics?exclude[]=cpu&other=1"), 'asked{collect="",exclude="cpu"} 1\n');
  const table: [string, number, RegExp][] = [
    ["/metrics?collect[]=nope", 400, /no collector is named "nope"/],
    ["/metrics?collect[]=cpu&exclude[]=meminfo", 400, /do not go together/],
    [`/metrics?${"collect[]=cpu&".repeat(201)}`, 400, /too many names/],
    ["/metrics/", 404, /try \/metrics/],
    ["/../etc/passwd", 404, /not found/],
    ["http://example.org/metrics", 404, /not found/],
  ];
  for (const [path, status, words] of table) {
    const answer = await ask(port, path);
    assert.equal(answer.status, status, path);
    assert.match(answer.body.toString(), words);
  }
  const post = await ask(port, "/metrics", { "Content-Length": "0" }, "POST");
  assert.deepEqual([post.status, post.headers.allow], [405, "GET, HEAD"]);
});

test("with a token file only those with one of its tokens are told, and a new token counts at once", async () => {
  const tokenFile = join(testDirectory(), "tokens");
  writeFileSync(tokenFile, "first-token\nsecond-token\n\nshort\n");
  const { port, lines } = await serve({ tokenFile });
  const status = async (authorization?: string) =>
    (await ask(port, "/metrics", authorization === undefined ? {} : { Authorization: authorization })).status;
  assert.deepEqual(
    await Promise.all(
      ["Bearer first-token", "bearer second-token", "Bearer short", "Bearer ", "Basic first-token"].map(status),
    ),
    [200, 200, 401, 401, 401],
  );
  assert.equal((await ask(port, "/metrics")).headers["www-authenticate"], 'Bearer realm="metrics"');
  assert.equal((await ask(port, "/")).status, 200);
  writeFileSync(tokenFile, "third-token-of-another-length\n");
  assert.deepEqual(
    [await status("Bearer third-token-of-another-length"), await status("Bearer first-token")],
    [200, 401],
  );
  rmSync(tokenFile);
  // What was right stays right, and the log says once that the file is gone.
  assert.deepEqual([await status("Bearer third-token-of-another-length"), await status()], [200, 401]);
  assert.equal(lines.filter((line) => line.includes("cannot be read")).length, 1);
  writeFileSync(tokenFile, "\n");
  assert.equal(await status("Bearer third-token-of-another-length"), 401);
  await assert.rejects(serve({ tokenFile }), /has no token of at least 8 characters/);
  rmSync(tokenFile);
  await assert.rejects(serve({ tokenFile }), /ENOENT/);
});

test("metrics are told over HTTPS", async () => {
  const directory = testDirectory();
  const { cert, key } = await readOrMakeCertificate(join(directory, "own.pem"), "web1", Date.now());
  const tls = { certificateFile: join(directory, "cert.pem"), keyFile: join(directory, "key.pem") };
  writeFileSync(tls.certificateFile, cert);
  writeFileSync(tls.keyFile, key);
  const { port } = await serve({ tls });
  const answer = await ask(port, "/metrics", {}, "GET", String(cert));
  assert.equal(answer.status, 200);
  await assert.rejects(ask(port, "/metrics"), /socket hang up|ECONNRESET/);
  await assert.rejects(serve({ tls: { ...tls, keyFile: join(directory, "none") } }), /ENOENT/);
});

test("so many scrapes go on at a time, and what fails is an error that says nothing of us", async () => {
  const { promise: held, resolve: letGo } = Promise.withResolvers<string>();
  const { port } = await serve({ scrape: () => held });
  const running = Array.from({ length: 4 }, () => ask(port, "/metrics"));
  // Those before it are under way when this one is refused; until then it waits with them.
  const refused = await Promise.any(Array.from({ length: 3 }, () => ask(port, "/metrics")));
  assert.deepEqual([refused.status, refused.headers["retry-after"]], [503, "1"]);
  letGo("a 1\n");
  await Promise.all(running);
  assert.equal((await ask(port, "/metrics")).status, 200);
  const broken = await serve({ scrape: () => Promise.reject(new Error("the secret path")) });
  const failed = await ask(broken.port, "/metrics");
  assert.deepEqual([failed.status, failed.body.includes("secret")], [500, false]);
});

test("what is not HTTP, or too much of it, costs a connection and nothing else", async () => {
  const { port } = await serve();
  const raw = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      let answer = "";
      socket.on("data", (data) => {
        answer += data;
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(answer));
      socket.write(text);
    });
  for (const text of [
    "\0\x01garbage\r\n\r\n",
    "GET /metrics HTTP/9.9\r\n\r\n",
    `GET /${"x".repeat(20_000)} HTTP/1.1\r\n\r\n`,
  ]) {
    assert.match(await raw(text), /^HTTP\/1\.1 4\d\d |^$/);
  }
  assert.equal((await ask(port, "/metrics")).status, 200);
});

test("no request makes the decision throw or lets somebody in without a token", () => {
  const target = fc.oneof(
    fc.string(),
    fc.string().map((text) => `/metrics?${text}`),
  );
  fc.assert(
    fc.property(fc.string(), target, fc.option(fc.string(), { nil: undefined }), (method, path, authorization) => {
      const decision = decide({ method, target: path, authorization }, (token) => token === "the-token");
      assert.notEqual(decision.kind === "scrape" && !(authorization ?? "").includes("the-token"), true);
    }),
    { numRuns: 300 },
  );
});

test("gzip is sent to those who take it", () => {
  for (const [header, takes] of [
    [undefined, false],
    ["", false],
    ["gzip", true],
    ["GZIP", true],
    ["br, gzip;q=0", false],
    ["br;q=1.0, gzip; q=0.2", true],
    ["*", true],
    ["identity", false],
  ] as const) {
    assert.equal(takesGzip(header), takes, String(header));
  }
});
