import assert from "node:assert/strict";
import { test } from "node:test";
import { accept, offeredFields, offeredValues, partAt } from "./complete-query.ts";

/** `|` is the caret. */
function at(text: string) {
  return partAt(text.replace("|", ""), text.indexOf("|"));
}

test("what is being written is a word, or a field's value", () => {
  assert.deepEqual(at("ho|"), { kind: "word", text: "ho", from: 0, to: 2 });
  assert.deepEqual(at("refused -ho|"), { kind: "word", text: "ho", from: 9, to: 11 });
  assert.deepEqual(at("refused host:we| x"), { kind: "value", field: "host", text: "we", from: 13, to: 15 });
  assert.deepEqual(at("status>=50|0"), { kind: "value", field: "status", text: "50", from: 8, to: 11 });
  assert.deepEqual(at("(host:|)"), { kind: "value", field: "host", text: "", from: 6, to: 6 });
  assert.equal(at('"connection re|'), null);
});

test("fields and values that begin so are offered", () => {
  const word = at("s|");
  assert.ok(word?.kind === "word");
  assert.deepEqual(offeredFields(word, ["status", "path", "severity"]), [
    "service:",
    "source:",
    "severity:",
    "status:",
  ]);
  const value = at("severity>=e|");
  assert.ok(value?.kind === "value");
  assert.deepEqual(offeredValues(value, []), ["emerg", "err"]);
});

test("what was chosen takes the place of what was written", () => {
  const word = at("refused ho| x");
  const value = at("host:we|");
  assert.ok(word !== null && value !== null);
  assert.deepEqual(accept("refused ho x", word, "host:"), { query: "refused host: x", caret: 13 });
  assert.deepEqual(accept("host:we", value, "web1"), { query: "host:web1 ", caret: 10 });
  assert.deepEqual(accept("host:we", value, 'web "one"'), { query: 'host:"web \\"one\\"" ', caret: 19 });
});
