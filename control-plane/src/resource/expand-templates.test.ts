import assert from "node:assert/strict";
import { test } from "node:test";
import { expandTemplates } from "./expand-templates.ts";

const templates = new Map([
  [
    "base",
    { for: "Host" as const, uses: [], spec: { groups: ["all"], labels: { os: "linux", env: "stage" }, notes: "base" } },
  ],
  ["web", { for: "Host" as const, uses: ["base"], spec: { groups: ["+", "web"], labels: { role: "web" } } }],
  ["prod", { for: "Host" as const, uses: [], spec: { labels: { env: "prod" }, notes: "prod", maxCheckAttempts: 5 } }],
  ["circle", { for: "Host" as const, uses: ["circle"], spec: {} }],
  ["often", { for: "Check" as const, uses: [], spec: { command: "load", checkIntervalSeconds: 10 } }],
]);

test("own fields win, then the first template that sets one; maps are joined, lists with + add up", () => {
  const { items, issues } = expandTemplates(
    [{ kind: "Host", name: "web1", uses: ["prod", "web"], spec: { groups: ["+", "eu"], labels: { rack: "7" } } }],
    templates,
  );
  assert.deepEqual(issues, []);
  assert.deepEqual(items, [
    {
      kind: "Host",
      name: "web1",
      spec: {
        notes: "prod",
        maxCheckAttempts: 5,
        groups: ["all", "web", "eu"],
        labels: { os: "linux", env: "prod", role: "web", rack: "7" },
      },
    },
  ]);
});

test("what null names has its default again, unless null is one of its values; a key that is null is taken away", () => {
  const { items } = expandTemplates(
    [
      {
        kind: "Host",
        name: "a",
        uses: ["prod"],
        spec: { maxCheckAttempts: null, address: null, labels: { env: null, rack: "7" } },
      },
    ],
    templates,
  );
  assert.deepEqual(items, [{ kind: "Host", name: "a", spec: { notes: "prod", address: null, labels: { rack: "7" } } }]);
});

test("a definition that uses none is as it was, and a + without anything to add to is taken off", () => {
  const plain = { kind: "Host", name: "a", spec: { groups: ["+"] } };
  assert.deepEqual(expandTemplates([plain, 5, null], templates).items, [plain, 5, null]);
  const { items } = expandTemplates(
    [
      {
        kind: "Host",
        name: "a",
        uses: ["prod"],
        spec: { parents: ["+", "r"], notes: "", maxCheckAttempts: 1, labels: {} },
      },
    ],
    templates,
  );
  assert.deepEqual(items, [
    { kind: "Host", name: "a", spec: { parents: ["r"], notes: "", maxCheckAttempts: 1, labels: { env: "prod" } } },
  ]);
});

test("a template that is missing, for another kind or in a circle is a fault of its user", () => {
  const { issues } = expandTemplates([{ kind: "Host", name: "a", uses: ["none", "often", "circle"] }], templates);
  assert.deepEqual(
    issues.map(({ field, value, message }) => `${field} ${value} ${message}`),
    [
      'Host a: uses "none" there is no such template',
      'Host a: uses "often" this template is for a Check',
      'Host a: uses "circle" this template uses itself: circle -> circle',
    ],
  );
});
