import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "./difference-text.ts";

const common = { minimumAnswers: 1, answers: null, comment: "", owner: "" };

test("a difference keeps the records that stay, and marks those that go and come", () => {
  const lines = linesOf({
    name: "www.example.org.",
    type: "A",
    before: { ...common, ttlSeconds: null, records: [{ data: "192.0.2.1" }, { data: "192.0.2.2" }] },
    after: { ...common, ttlSeconds: null, records: [{ data: "192.0.2.2" }, { data: "192.0.2.3", weight: 2 }] },
  });
  assert.deepEqual(
    lines.map(({ mark, text }) => `${mark}${text}`),
    ["-www.example.org. A 192.0.2.1", " www.example.org. A 192.0.2.2", "+www.example.org. A 192.0.2.3, weight 2"],
  );
});

test("another TTL is another of every record, and words about the set are lines of their own", () => {
  const lines = linesOf({
    name: "a.",
    type: "TXT",
    before: { ...common, ttlSeconds: 60, records: [{ data: '"x"' }] },
    after: { ...common, ttlSeconds: 300, records: [{ data: '"x"' }], owner: "mail" },
  });
  assert.deepEqual(
    lines.map(({ mark, text }) => `${mark}${text}`),
    ['-a. 60 TXT "x"', '+a. 300 TXT "x"', "-a. TXT owner: ", "+a. TXT owner: mail"],
  );
});
