import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorBody } from "@mycloud/protocol/error";
import { fieldErrors } from "./api-client.ts";

const body = (issues: readonly { readonly field: string; readonly message: string }[]): ErrorBody["error"] => ({
  code: "MYCLOUD_INPUT",
  isRetryable: false,
  message: "2 faults",
  issues: [...issues],
});

test("faults that the server finds are put at the fields they belong to, however deep", () => {
  assert.deepEqual(
    fieldErrors(
      body([
        { field: "channels[0].url", message: "is no address" },
        { field: "escalations.1.contacts", message: "there is no Contact of this name" },
        { field: "name", message: "is taken" },
        { field: "name", message: "is odd" },
      ]),
    ),
    {
      channels: { 0: { url: "is no address" } },
      escalations: { 1: { contacts: "there is no Contact of this name" } },
      name: "is taken",
    },
  );
});

test("a fault of the whole input is the form's own", () => {
  assert.deepEqual(fieldErrors(body([{ field: "", message: "leads back to itself" }])), {
    root: { serverError: "leads back to itself" },
  });
  assert.equal(fieldErrors(body([])), undefined);
});
