import assert from "node:assert/strict";
import { it } from "node:test";
import { createLogger } from "./create-logger.ts";

function recording(format: "json" | "text") {
  const lines: string[] = [];
  return { lines, logger: createLogger({ level: "debug", format, write: (line) => lines.push(line) }) };
}

it("text is one line that a person reads, an error's stack below it", () => {
  const { lines, logger } = recording("text");
  logger.info({ url: "http://x/", name: "two words", nothing: null }, "listening");
  assert.match(lines[0] ?? "", /^\d\d:\d\d:\d\d INFO {2}listening {2}url=http:\/\/x\/ {2}name="two words"\n$/);
  logger.error({ err: new Error("outer", { cause: new Error("inner") }) }, "failed");
  assert.match(lines[1] ?? "", /ERROR failed\n {4}Error: outer\n {8}at .*[\s\S]*\n {4}Error: inner/);
});

it("secrets are taken out by their names, however deep they usually lie", () => {
  const { lines, logger } = recording("json");
  const secret = "hunter2-hunter2";
  logger.info(
    {
      password: secret,
      body: { token: secret },
      request: { headers: { authorization: secret, cookie: secret } },
      a: { b: { secret } },
    },
    "x",
  );
  assert.ok(!lines.join("").includes(secret), lines.join(""));
});

it("an error is logged without properties that may hold a statement's values", () => {
  const { lines, logger } = recording("json");
  logger.error(
    { err: Object.assign(new Error("duplicate"), { code: "ER_DUP_ENTRY", sql: "insert hunter2" }) },
    "failed",
  );
  assert.ok(!lines.join("").includes("hunter2"));
  assert.match(lines.join(""), /ER_DUP_ENTRY/);
});
