import assert from "node:assert/strict";
import { test } from "node:test";
import { questionOf } from "./simulation-question.ts";

const ask = (query: string) => questionOf(new URLSearchParams(query), 5);

test("a question is read from the address, and what does not fit is put right", () => {
  assert.equal(ask(""), null);
  assert.deepEqual(ask("host=web1"), { host: "web1", service: null, state: "DOWN", atMs: 5, hours: 24 });
  assert.deepEqual(ask("host=web1&service=disk&state=WARNING&at=1000&hours=2"), {
    host: "web1",
    service: "disk",
    state: "WARNING",
    atMs: 1000,
    hours: 2,
  });
  assert.equal(ask("host=web1&service=disk&state=DOWN")?.state, "CRITICAL");
  assert.equal(ask("host=web1&at=soon&hours=-1")?.hours, 24);
});
