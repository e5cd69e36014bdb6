import assert from "node:assert/strict";
import { test } from "node:test";
import { proposedDefinition } from "./proposed-definition.ts";

test("a rule's contacts are named, and it keeps its present name", () => {
  assert.deepEqual(
    proposedDefinition(
      "NotificationRule",
      { name: "new", contactIds: [1, 7], states: ["DOWN"] },
      "old",
      new Map([[1, "dana"]]),
    ),
    { kind: "NotificationRule", name: "old", spec: { contacts: ["dana"], states: ["DOWN"] } },
  );
});

test("a contact is proposed without its user", () => {
  assert.deepEqual(proposedDefinition("Contact", { name: "a", userId: 3, email: null }, null, new Map()), {
    kind: "Contact",
    name: "a",
    spec: { email: null },
  });
});
