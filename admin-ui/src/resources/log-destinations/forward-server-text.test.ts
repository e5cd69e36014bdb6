import assert from "node:assert/strict";
import { test } from "node:test";
import { LogDestinationInput } from "@mycloud/protocol/log-source";
import { forwardServerText, signInText } from "./forward-server-text.ts";

test("a server is named by its address, and how one signs in without what is secret", () => {
  const plain = LogDestinationInput.parse({ name: "a", host: "fluentd.example.org" });
  assert.equal(forwardServerText(plain), "fluentd.example.org:24224");
  assert.equal(signInText(plain), null);
  const guarded = LogDestinationInput.parse({
    name: "a",
    host: "2001:db8::1",
    port: 5,
    tls: {},
    secret: "hush",
    username: "us",
    password: "hush",
  });
  assert.equal(forwardServerText(guarded), "[2001:db8::1]:5, TLS");
  assert.equal(signInText(guarded), "shared key, user us");
});
