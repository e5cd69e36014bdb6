import assert from "node:assert/strict";
import { test } from "node:test";
import { LogInput, LogRedaction, LogSieve } from "@mycloud/protocol/log-source";
import { goalText, inputText, redactionText, sieveText } from "./log-source-text.ts";

test("what is read is told in a line", () => {
  const text = (input: object) => inputText(LogInput.parse(input));
  assert.equal(text({ type: "file", paths: ["/var/log/a", "/var/log/b*"] }), "/var/log/a, /var/log/b*");
  assert.equal(text({ type: "journal" }), "the journal");
  assert.equal(
    text({ type: "journal", units: ["ssh.service"], priority: "err" }),
    "the journal of ssh.service, err or worse",
  );
  assert.equal(text({ type: "command", command: "dmesg" }), "output of dmesg");
});

test("what is taken out and left out is told, and nothing when it is nothing", () => {
  assert.equal(redactionText(LogRedaction.parse({})), "secrets, card numbers");
  assert.equal(redactionText(LogRedaction.parse({ builtIn: [], custom: [{ pattern: "x" }] })), "1 own pattern");
  assert.equal(redactionText(LogRedaction.parse({ builtIn: [] })), null);
  assert.equal(sieveText(LogSieve.parse({})), null);
  assert.equal(
    sieveText(LogSieve.parse({ exclude: ["healthz"], sample: { oneIn: 10 }, maximumLinesPerSecond: 2000 })),
    "lines with healthz; of info and below all but one in 10; more than 2,000 a second",
  );
});

test("where records go is told, the control plane first", () => {
  assert.equal(goalText({ isSentToControlPlane: true, destinations: ["archive"] }), "here, archive");
  assert.equal(goalText({ isSentToControlPlane: false, destinations: [] }), "nowhere");
});
