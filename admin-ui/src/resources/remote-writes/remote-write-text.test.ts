import assert from "node:assert/strict";
import { test } from "node:test";
import { signInText, waitingText } from "./remote-write-text.ts";

test("what waits is said in bytes that fit", () => {
  const texts = [0, 900, 1536, 20 * 1024, 3 * 1024 ** 3].map((waitingBytes) => waitingText({ waitingBytes }));
  assert.deepEqual(texts, ["nothing waits", "900 B wait", "1.5 KiB wait", "20 KiB wait", "3.0 GiB wait"]);
});

test("a token goes before a user", () => {
  assert.equal(signInText({ token: "********", username: "a" }), "a bearer token");
  assert.equal(signInText({ token: null, username: "a" }), "user a");
  assert.equal(signInText({ token: null, username: null }), null);
});
