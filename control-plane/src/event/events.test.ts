import assert from "node:assert/strict";
import { after, before, describe, it, mock } from "node:test";
import type { ConsoleEvent } from "@mycloud/protocol/event";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { collectEvents } from "./collect-events.ts";

describe("collected events", () => {
  before(() => mock.timers.enable({ apis: ["setTimeout"] }));
  after(() => mock.timers.reset());

  it("the first goes out at once, those of the next half second together", () => {
    const out: ConsoleEvent[] = [];
    const collector = collectEvents({ now: () => 1, emit: (event) => out.push(event) });
    collector.add("services", [1]);
    collector.add("services", [2, 3]);
    collector.add("services", [3, 4]);
    collector.add("hosts", null);
    assert.deepEqual(
      out.map(({ type, ids }) => [type, ids]),
      [
        ["services", [1]],
        ["hosts", null],
      ],
    );
    mock.timers.tick(500);
    assert.deepEqual(
      out.slice(2).map(({ type, ids }) => [type, ids]),
      [["services", [2, 3, 4]]],
    );
    mock.timers.tick(500);
    assert.equal(out.length, 3);
    collector.stop();
  });

  it("never more than two a second of a type, however many changes there are", () => {
    const out: ConsoleEvent[] = [];
    const collector = collectEvents({ now: () => 1, emit: (event) => out.push(event) });
    for (let step = 0; step < 1000; step++) {
      collector.add("services", [step]);
      mock.timers.tick(10);
    }
    assert.ok(out.length <= 21, String(out.length));
    assert.equal(new Set(out.flatMap(({ ids }) => ids ?? [])).size >= 950, true);
    collector.stop();
  });

  it("more than 500 ids are null", () => {
    const out: ConsoleEvent[] = [];
    const collector = collectEvents({ now: () => 1, emit: (event) => out.push(event) });
    const many = Array.from({ length: 501 }, (_, index) => index);
    collector.add("hosts", many);
    collector.add("hosts", many.slice(0, 300));
    collector.add("hosts", many.slice(200));
    mock.timers.tick(500);
    assert.deepEqual(
      out.map(({ ids }) => ids),
      [null, null],
    );
    collector.stop();
  });
});

describe("the stream of events", () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
  });
  after(() => testApp.stop());

  it("needs somebody who may read", async () => {
    assert.equal((await testApp.call("GET", "/api/v1/events", { token: null })).status, 401);
    const { body } = await testApp.call("POST", "/api/v1/api-tokens", { body: { name: "i", scopes: ["ingest"] } });
    assert.equal((await testApp.call("GET", "/api/v1/events", { token: body.token })).status, 403);
  });

  it("ends when the control plane stops", async () => {
    const stopped = await startTestApp();
    const answer = await fetch(`${stopped.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${stopped.operatorToken}` },
    });
    assert.equal(answer.status, 200);
    const startedAt = performance.now();
    await stopped.stop();
    await answer.text();
    assert.ok(performance.now() - startedAt < 20_000);
  });
});
