import assert from "node:assert/strict";
import { test } from "node:test";
import { withinHost } from "./within-host.ts";

test("a query is asked of one host as a whole, whatever it is joined by", () => {
  assert.equal(withinHost("web1.example.org", "refused OR reset"), "host:web1.example.org (refused OR reset)");
  assert.equal(withinHost("web1.example.org", "  "), "host:web1.example.org");
  assert.equal(withinHost(null, "refused"), "refused");
});

test("a query that cannot be understood is left alone, and does not reach other hosts", () => {
  assert.equal(withinHost("web1", "a) OR (b"), "a) OR (b");
});
