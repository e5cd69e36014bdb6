import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError } from "./command-error.ts";
import { reportError } from "./report-error.ts";

test("what is wrong with an input is said once", () => {
  const issues = [{ field: "query", message: "a parenthesis is not closed by ) (character 7)" }];
  const error = new CommandError("input", "query: a parenthesis is not closed by ) (character 7)", { issues });
  assert.equal(
    reportError(error, false, false).text,
    "mycloud: query: a parenthesis is not closed by ) (character 7)\n",
  );
});

test("issues that the message does not name, and the values that were given, stand below it", () => {
  const issues = [
    { field: "limit", value: '"abc"', message: "is no number" },
    { field: "spec.host", message: "is missing" },
  ];
  const error = new CommandError("input", "limit: is no number", { issues });
  assert.equal(
    reportError(error, false, false).text,
    'mycloud: limit: is no number\n  limit: is no number (is "abc")\n  spec.host: is missing\n',
  );
});
