import assert from "node:assert/strict";
import { test } from "node:test";
import { withinHost } from "./within-host.ts";

test("a query is asked of one host as a whole, whatever it is joined by", () => {
  assert.equal(withinHost(7, "refused OR reset"), "hostId:7 (refused OR reset)");
  assert.equal(withinHost(7, "  "), "hostId:7");
  assert.equal(withinHost(null, "refused"), "refused");
});

test("a query that cannot be understood is left alone, and does not reach other hosts", () => {
  assert.equal(withinHost(7, "a) OR (b"), "a) OR (b");
});
