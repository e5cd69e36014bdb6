import assert from "node:assert/strict";
import { test } from "node:test";
import { acknowledgementOf } from "./acknowledgement-of.ts";

function fieldsOf(values: Record<string, string>): FormData {
  const fields = new FormData();
  for (const [name, value] of Object.entries(values)) fields.set(name, value);
  return fields;
}

test("until recovery is sticky, until worse ends when it worsens, until changed is not sticky", () => {
  const flags = (until: string) => {
    const { isSticky, isUntilWorse } = acknowledgementOf(fieldsOf({ comment: "on it", until }), null);
    return [isSticky, isUntilWorse];
  };
  assert.deepEqual(flags("resolved"), [true, false]);
  assert.deepEqual(flags("worse"), [true, true]);
  assert.deepEqual(flags("changed"), [false, false]);
});

test("a box left empty is no, and a time is taken as given", () => {
  assert.deepEqual(acknowledgementOf(fieldsOf({ comment: " on it ", until: "resolved", isNotified: "on" }), 5), {
    comment: "on it",
    isSticky: true,
    isUntilWorse: false,
    expiresAtMs: 5,
    isNotified: true,
    isPersistent: false,
  });
});
