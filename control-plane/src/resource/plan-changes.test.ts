import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ResourceDefinition, resourceKinds } from "@mycloud/protocol/resource";
import fc from "fast-check";
import { definitionKey } from "./definition.ts";
import { parseDefinitions } from "./parse-definitions.ts";
import { planChanges } from "./plan-changes.ts";

const check = (name: string, spec: object = {}) =>
  ResourceDefinition.parse({ kind: "Check", name, spec: { command: "load", ...spec } });
const host = (name: string, spec: object = {}) => ResourceDefinition.parse({ kind: "Host", name, spec });
const rule = (contacts: string[]) =>
  ResourceDefinition.parse({ kind: "NotificationRule", name: "all", spec: { contacts } });

const actions = (changes: ReturnType<typeof planChanges>) => changes.map((change) => `${change.action} ${change.name}`);

describe("planChanges", () => {
  test("what is new is created, what differs is updated with its fields, what is equal is left alone", () => {
    const stored = [check("a"), check("b", { timeoutSeconds: 30 })];
    const changes = planChanges(stored, [check("a"), check("b", { timeoutSeconds: 10 }), host("web1")], []);
    assert.deepEqual(actions(changes), ["unchanged a", "update b", "create web1"]);
    assert.deepEqual(changes[1]?.fields, [{ field: "spec.timeoutSeconds", before: 30, after: 10 }]);
  });

  test("only pruned kinds are deleted", () => {
    const stored = [check("a"), host("web1")];
    assert.deepEqual(actions(planChanges(stored, [], [])), []);
    assert.deepEqual(actions(planChanges(stored, [], ["Check"])), ["delete a"]);
  });

  test("the order of a rule's contacts means nothing", () => {
    assert.deepEqual(actions(planChanges([rule(["bob", "anna"])], [rule(["anna", "bob", "anna"])], [])), [
      "unchanged all",
    ]);
  });
});

const anyDefinition = fc.oneof(
  fc
    .record({ name: fc.stringMatching(/^[a-z]{1,3}$/), timeoutSeconds: fc.integer({ min: 1, max: 60 }) })
    .map(({ name, timeoutSeconds }) => check(name, { timeoutSeconds })),
  fc
    .record({
      name: fc.stringMatching(/^[a-z]{1,3}$/),
      labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.string({ maxLength: 5 })),
    })
    .map(({ name, labels }) => host(name, { labels })),
);
const anyDefinitions = fc.uniqueArray(anyDefinition, { selector: definitionKey, maxLength: 12 });

describe("planChanges, for every two sets of definitions", () => {
  test("applying what is stored changes nothing", () => {
    fc.assert(
      fc.property(anyDefinitions, (stored) => {
        // As an export goes: through JSON and the parser.
        const { definitions, issues } = parseDefinitions(JSON.parse(JSON.stringify(stored)));
        assert.deepEqual(issues, []);
        const changes = planChanges(stored, definitions, [...resourceKinds]);
        assert.ok(changes.every((change) => change.action === "unchanged"));
      }),
    );
  });

  test("a plan with pruning leads from what is stored to what is wanted", () => {
    fc.assert(
      fc.property(anyDefinitions, anyDefinitions, (stored, wanted) => {
        const result = new Map(stored.map((definition) => [definitionKey(definition), definition]));
        for (const { before, after } of planChanges(stored, wanted, [...resourceKinds])) {
          if (after !== null) result.set(definitionKey(after), after);
          else if (before !== null) result.delete(definitionKey(before));
        }
        assert.deepEqual(
          result,
          new Map([...result].filter(([key]) => wanted.some((one) => definitionKey(one) === key))),
        );
        assert.deepEqual([...result.keys()].sort(), wanted.map(definitionKey).sort());
      }),
    );
  });
});

describe("parseDefinitions", () => {
  test("every fault of every item is told, each with the item's name", () => {
    const { issues } = parseDefinitions([
      { kind: "Check", name: "disk", spec: { command: "disk", timeoutSeconds: "30s", colour: "red" } },
      { kind: "Cheque", name: "x" },
      "nonsense",
      { kind: "Host", name: "web1" },
      { kind: "Host", name: "web1" },
    ]);
    assert.deepEqual(
      issues.map(({ field, value }) => [field, value]),
      [
        ["Check disk: spec.timeoutSeconds", '"30s"'],
        ["Check disk: spec", "an object"],
        ["Cheque x: kind", '"Cheque"'],
        ["resource 3: kind", "missing"],
        ["Host web1", undefined],
      ],
    );
  });
});
