import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

describe("an explanation", () => {
  let app: TestApp;
  let nowMs = Date.now();
  before(async () => {
    app = await startTestApp({ now: () => nowMs });
  });
  after(() => app.stop());

  it("says what changed since the last OK, and which problem is the root", async () => {
    const host = (await app.call("POST", "/api/v1/hosts", { body: { name: "db1" } })).body;
    const create = async (name: string) =>
      (await app.call("POST", "/api/v1/services", { body: { hostId: host.id, name } })).body.id as number;
    const disk = await create("disk");
    await create("load");
    const send = async (service: string | null, returnCode: number, output: string) => {
      nowMs += 10_000;
      const result = { host: "db1", ...(service === null ? {} : { service }), returnCode, output, checkedAtMs: nowMs };
      const answer = await app.call("POST", "/api/v1/check-results", { body: [result] });
      assert.equal(answer.status, 200, answer.text);
    };
    await send(null, 0, "UP");
    await send("disk", 0, "OK - 10% used");
    await send("load", 0, "OK");
    await send("load", 1, "WARNING - load is 9");
    nowMs += 10_000;
    await app.call("PUT", `/api/v1/services/${disk}`, {
      body: { hostId: host.id, name: "disk", notes: "smaller now" },
    });
    await send(null, 1, "DOWN");
    await send("disk", 2, "CRITICAL - 99% used | used=99;80;90");

    const { body } = await app.call("GET", `/api/v1/services/${disk}/explanation`);
    assert.equal(body.commandLine, null);
    assert.equal(body.lastOk.output, "OK - 10% used");
    assert.equal(body.thresholds.length, 1);
    assert.equal(body.rootProblem.hostName, "db1");
    assert.equal(body.rootProblem.serviceId, null);
    const titles = body.changes.map((change: { title: string }) => change.title);
    assert.deepEqual(titles, ["OK to WARNING", "service.update db1/disk", "UP to DOWN"]);
    assert.ok(body.changes[1].author);
    assert.ok(body.notNotified.reason);
  });
});
