import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { startTestApp } from "../testing/index.ts";
import { createMetricsServer } from "./metrics-server.ts";
import { planQueries } from "./range-query.ts";

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const query = { query: "up", startMs: 1_000, endMs: 61_000, stepMs: 500 };
const { signal } = new AbortController();
const answerOf =
  (body: unknown): RequestListener =>
  (_request, response) =>
    response.end(JSON.stringify(body));
const matrix = (values: unknown) => ({
  status: "success",
  data: { resultType: "matrix", result: [{ metric: { label: "a" }, values }] },
});

test("a range is asked for in seconds, with user and password, and answered in milliseconds without NaN", async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url, request.headers.authorization);
    answerOf(
      matrix([
        [1, "2.5"],
        [1.5, "NaN"],
        [2, "+Inf"],
        [2.5, "-1e3"],
      ]),
    )(request, response);
  });
  const directory = mkdtempSync(join(tmpdir(), "mycloud-password-"));
  closing.push(() => rmSync(directory, { recursive: true }));
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, "first\n");
  const server = createMetricsServer({ url: `${url.replace("//", "//reader@")}/select/0/`, passwordFile });
  const [series] = await server.queryRange(query, signal);
  assert.deepEqual(series, {
    labels: { label: "a" },
    values: [
      [1000, 2.5],
      [2500, -1000],
    ],
  });
  const { pathname, searchParams } = new URL(asked[0] ?? "", url);
  assert.equal(pathname, "/select/0/api/v1/query_range");
  assert.deepEqual(
    ["query", "start", "end", "step"].map((name) => searchParams.get(name)),
    ["up", "1.000", "61.000", "0.500"],
  );
  writeFileSync(passwordFile, "second\n");
  await server.queryRange(query, signal);
  assert.deepEqual(
    [asked[1], asked[3]].map((text) => Buffer.from(text?.slice(6) ?? "", "base64").toString()),
    ["reader:first", "reader:second"],
  );
});

test("what is wrong is said as the server said it, or that it said nothing", async () => {
  const tooMuch = matrix(Array.from({ length: 1000 }, (_, index) => [index, "1"]));
  for (const [listener, expected] of [
    [answerOf({ status: "error", errorType: "bad_data", error: "parse error: unexpected" }), /: parse error: unexp/],
    [(_request, response) => response.writeHead(401).end("Unauthorized\n"), /: HTTP 401, Unauthorized$/],
    [answerOf(tooMuch), /its answer is longer than 5000 bytes/],
    [answerOf({ status: "success", data: { resultType: "vector", result: [] } }), /HTTP 200/],
    [() => undefined, /it did not answer within 0.3 s/],
  ] satisfies [RequestListener, RegExp][]) {
    const url = await serve(listener);
    const server = createMetricsServer({ url, passwordFile: null, timeoutMs: 300, maximumAnswerBytes: 5_000 });
    await assert.rejects(server.queryRange(query, signal), expected);
  }
});

test("windows are the chart's own buckets, and half the distance of results where there are none", () => {
  const service = { id: 1, name: 'a "b"', hostId: 1, hostName: "web1", intervalMs: 60_000 };
  const asked = { service, label: undefined, fromMs: 1_000_000, untilMs: 2_000_000, gapMs: 180_000 };
  const bucketed = planQueries({ ...asked, plan: { source: 60, bucketMs: 300_000 } }, "ms");
  assert.equal(
    bucketed.mean.query,
    'avg by (label) (avg_over_time(mycloud_perfdata_value{host="web1",service="a \\"b\\""}[300000ms]))',
  );
  assert.deepEqual([bucketed.mean.startMs, bucketed.mean.endMs, bucketed.mean.stepMs], [1_199_999, 2_099_999, 300_000]);
  assert.equal(bucketed.toAtMs(1_199_999), 900_000);
  const plain = planQueries({ ...asked, plan: { source: "raw", bucketMs: 0 } }, "s");
  assert.deepEqual([plain.mean.stepMs, plain.extremes], [30_000, undefined]);
  const year = { ...asked, fromMs: 0, untilMs: 365 * 86_400_000, plan: { source: "raw", bucketMs: 0 } } as const;
  const { startMs, endMs, stepMs } = planQueries(year, "s").mean;
  assert.ok((endMs - startMs) / stepMs <= 10_000);
});

test("a chart whose server does not answer is an error that says so", async () => {
  const settings = { metricsUrl: "http://127.0.0.1:9" };
  const app = await startTestApp({ settings });
  try {
    const scopes = ["ingest", "ingest:register"];
    const { token } = (await app.call("POST", "/api/v1/api-tokens", { body: { name: "in", scopes } })).body;
    const body = [{ host: "web1", service: "http", returnCode: 0, output: "fine | time=1s" }];
    assert.equal((await app.call("POST", "/api/v1/check-results", { token, body })).body.accepted, 1);
    const [service] = (await app.call("GET", "/api/v1/services")).body.data;
    const chart = await app.call("GET", `/api/v1/services/${service.id}/perfdata?fromMs=1&untilMs=3600000`);
    assert.equal(chart.status, 503);
    assert.match(chart.body.error.message, /^the metrics server at http:\/\/127.0.0.1:9 cannot be read: /);
  } finally {
    await app.stop();
  }
});
