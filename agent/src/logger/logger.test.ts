import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "./logger.ts";

function recording(format: "json" | "text", level: "debug" | "info" = "info") {
  const lines: string[] = [];
  const logger = createLogger({ level, format, write: (line) => lines.push(line), now: () => 1_700_000_000_000 });
  return { lines, logger };
}

test("an event is one JSON line in pino's shape", () => {
  const { lines, logger } = recording("json");
  logger.child({ hostId: 3 }).warn({ attempt: 2, err: new Error("no route") }, "delivery failed");
  const event = JSON.parse(lines[0] ?? "");
  assert.equal(event.level, 40);
  assert.equal(event.time, 1_700_000_000_000);
  assert.equal(event.msg, "delivery failed");
  assert.equal(event.hostId, 3);
  assert.deepEqual(event.err, { type: "Error", message: "no route" });
});

test("text is one readable line", () => {
  const { lines, logger } = recording("text");
  logger.info({ server: "http://x/", checks: 3 }, "connected");
  assert.deepEqual(lines, ["22:13:20 INFO  connected  server=http://x/  checks=3\n"]);
});

test("events below the level are not written", () => {
  const { lines, logger } = recording("json");
  logger.debug({}, "detail");
  assert.deepEqual(lines, []);
});

test("secrets are removed by name, inside text and at any depth", () => {
  const { lines, logger } = recording("json");
  logger.info({ enrolmentToken: "s3cr3t", request: { headers: { authorization: "s3cr3t" } } }, "a");
  logger.info({ err: new Error("Bearer s3cr3t refused"), list: ["eyJhbGciOi.eyJpc3M.s3cr3t"] }, "b");
  assert.ok(!lines.join("").includes("s3cr3t"), lines.join(""));
});
