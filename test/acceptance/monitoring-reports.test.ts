// What was and why: availability, the timeline and explanations, as people ask for them.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { cleanupOfSuite, runMycloud, startServer, type TestServer } from "../support/index.ts";

describe("reports", () => {
  const cleanup = cleanupOfSuite();
  let server: TestServer;
  before(async () => {
    server = await startServer(cleanup);
    const results = [
      { host: "db1", returnCode: 0, output: "up" },
      { host: "db1", service: "disk", returnCode: 0, output: "OK - 10% used" },
      { host: "db1", service: "disk", returnCode: 2, output: "CRITICAL - full | used=99%;80;90" },
    ];
    for (const result of results) {
      await succeeds(["check-result", "submit"], `${JSON.stringify(result)}\n`);
    }
  });

  async function succeeds(words: readonly string[], stdin?: string): Promise<string> {
    const all = [...words, "--state-dir", server.stateDir];
    const { code, stdout, stderr } = await runMycloud(all, stdin === undefined ? {} : { stdin });
    assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
    return stdout;
  }

  it("explains a service in words and as JSON", async () => {
    const text = await succeeds(["explain", "db1/disk"]);
    assert.match(text, /state: +CRITICAL/);
    assert.match(text, /thresholds: +used is 99/);
    assert.match(text, /last OK: .*OK - 10% used/);
    const why = JSON.parse(await succeeds(["explain", "db1/disk", "--json"]));
    assert.equal(why.rootProblem, null);
    assert.ok(Array.isArray(why.changes));
    assert.match(await succeeds(["explain", "db1"]), /state: +UP/);
  });

  it("shows the timeline of a service, by kind", async () => {
    assert.match(await succeeds(["timeline", "db1/disk", "--kind", "state"]), /state +db1\/disk +- +.* to CRITICAL/);
    const { data } = JSON.parse(await succeeds(["timeline", "--json", "--limit", "1"]));
    assert.equal(data.length, 1);
    assert.match(await succeeds(["timeline", "db1", "--severity", "critical"]), /to CRITICAL/);
    assert.doesNotMatch(await succeeds(["timeline", "db1", "--severity", "warning,ok"]), /CRITICAL/);
  });

  it("reports availability as a table, as JSON and as CSV", async () => {
    assert.match(await succeeds(["availability", "--last", "1h"]), /db1 +disk +\d+\.\d{3}%/);
    const report = JSON.parse(await succeeds(["availability", "--service", "disk", "--json"]));
    assert.equal(report.total, 1);
    assert.ok(report.data[0].states.CRITICAL.durationMs > 0);
    assert.match(await succeeds(["availability", "--csv"]), /^host,service,.*\r\ndb1,,.*\r\ndb1,disk,/);
    // More objects than a page has.
    const many = Array.from({ length: 600 }, (_, index) => ({
      ...{ host: "db2", service: `s${String(index).padStart(3, "0")}`, returnCode: 0, output: "OK" },
    }));
    await server.api("POST", "/api/v1/check-results", { body: many });
    const range = `fromMs=${Date.now() - 60_000}&untilMs=${Date.now()}`;
    const { headers } = await server.api("GET", `/api/v1/availability.csv?${range}&host=db2&perPage=1`);
    assert.equal(headers.get("x-total-count"), "601");
    const lines = (await succeeds(["availability", "--host", "db2", "--csv"])).trimEnd().split("\r\n");
    assert.equal(lines.length, 602);
    assert.match(lines.at(-1) ?? "", /^db2,s599,/);
    const some = await succeeds(["availability", "--host", "db2", "--csv", "--limit", "2"]);
    assert.equal(some.trimEnd().split("\r\n").length, 3);
    const { code, stderr } = await runMycloud(["availability", "--last", "soon", "--state-dir", server.stateDir]);
    assert.equal(code, 64);
    assert.match(stderr, /--last is "soon"/);
  });
});
