import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorBody } from "@mycloud/protocol/error";
import { createApiClient, fieldErrors } from "./api-client.ts";

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

test("a change that takes long is waited for, and losing sight of it is no failure", async () => {
  const asked: string[] = [];
  const answers = [
    Response.json({ id: 3 }, { status: 202, headers: { location: "/api/v1/applies" } }),
    Response.json({ data: [{ id: 1 }] }),
    new Response("", { status: 502 }),
    Response.json({ data: [] }),
  ];
  const client = createApiClient(
    async (input) => {
      asked.push(String(input));
      return answers.shift() ?? new Response("", { status: 500 });
    },
    async () => undefined,
  );
  assert.deepEqual(await client.send("PUT", "/checks/3", {}), { id: 3 });
  assert.deepEqual(asked, ["/api/v1/checks/3", "/api/v1/applies", "/api/v1/applies", "/api/v1/applies"]);
});
