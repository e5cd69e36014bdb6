import assert from "node:assert/strict";
import { test } from "node:test";
import { RemoteWriteInput } from "@mycloud/protocol/host-metrics";
import { z } from "zod";
import { inputIssuesOf } from "./input-issues.ts";

function issuesOf(schema: z.ZodType, input: unknown) {
  const { error } = schema.safeParse(input);
  assert.ok(error !== undefined);
  return inputIssuesOf(error, input);
}

test("a wrong key of a record is named with what is wrong with it", () => {
  const store = { name: "s", url: "http://store.example.org", externalLabels: { "my-label": "x" } };
  const [issue] = issuesOf(RemoteWriteInput, store);
  assert.equal(issue?.field, "externalLabels.my-label");
  assert.match(issue?.message ?? "", /^is no label name: letters/);
});

test("what was to be a number and is none is called that", () => {
  assert.deepEqual(issuesOf(z.object({ hostId: z.coerce.number() }), { hostId: "web1" }), [
    { field: "hostId", value: '"web1"', message: "is no number" },
  ]);
});
