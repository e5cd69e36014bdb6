import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanSelector, formatLabel, hostSelectorText, parseLabel, serviceSelectorText } from "./selector-text.ts";

test("a selector reads as one line", () => {
  assert.equal(hostSelectorText({}), "every host");
  assert.equal(
    hostSelectorText({ groups: ["web"], labels: { env: ["prod", "stage"] }, hosts: ["!web9"] }),
    "group web · env = prod, stage · host !web9",
  );
  assert.equal(serviceSelectorText({}), "everything");
  assert.equal(serviceSelectorText({ groups: ["web"] }), "group web");
  assert.equal(serviceSelectorText({ services: [] }), "every host (hosts only)");
  assert.equal(serviceSelectorText({ services: ["*"] }), "every host (services only)");
  assert.equal(serviceSelectorText({ hosts: ["db1"], services: ["disk*", "load"] }), "service disk*, load on host db1");
  const anyOf = [
    { hosts: ["web1"], services: ["http"] },
    { hosts: ["db1"], services: ["mysql"] },
  ];
  assert.equal(serviceSelectorText({ anyOf }), "service http on host web1 or service mysql on host db1");
  assert.deepEqual(cleanSelector({ hosts: [], anyOf }), { anyOf });
});

test("empty lists are dropped, since they would match nothing", () => {
  assert.deepEqual(cleanSelector({ hosts: [], groups: [], labels: { "": "x", role: "" } }), {});
  assert.deepEqual(cleanSelector({ hosts: ["a"], labels: { role: "web" }, services: [] }), {
    hosts: ["a"],
    labels: { role: "web" },
    services: [],
  });
});

test("a label reads back as it is written", () => {
  assert.deepEqual(parseLabel("role=web"), ["role", "web"]);
  assert.deepEqual(parseLabel(" env = prod, stage "), ["env", ["prod", "stage"]]);
  assert.deepEqual(parseLabel("url=a=b"), ["url", "a=b"]);
  for (const text of ["role", "=web", "role=", "role=,"]) assert.equal(parseLabel(text), null, text);
  assert.equal(formatLabel("env", ["prod", "stage"]), "env=prod,stage");
});
