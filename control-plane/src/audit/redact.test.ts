import assert from "node:assert/strict";
import { it } from "node:test";
import { redactedJson } from "./redact.ts";

it("what is called a secret is replaced, at any depth; what only mentions one stays", () => {
  const json = redactedJson({
    name: "a",
    password: "x",
    deep: [{ apiToken: "y", token_hash: "z", tokenId: 5, isPasswordSet: true, secret: null }],
  });
  assert.equal(
    json,
    '{"name":"a","password":"[redacted]","deep":[{"apiToken":"[redacted]","token_hash":"[redacted]","tokenId":5,"isPasswordSet":true,"secret":null}]}',
  );
});

it("nothing is null, and what is huge is cut and still JSON", () => {
  assert.equal(redactedJson(undefined), null);
  const cut = redactedJson({ notes: "x".repeat(100_000) });
  assert.ok(cut !== null && cut.length < 70_000);
  assert.ok(JSON.parse(cut).truncated.startsWith('{"notes"'));
});
