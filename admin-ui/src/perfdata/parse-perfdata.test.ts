import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePerfdata } from "./parse-perfdata.ts";

test("real plugins' perfdata is read", () => {
  assert.deepEqual(parsePerfdata("rta=0.377000ms;100.0;500.0;0.0 pl=0%;20;60;0"), [
    { label: "rta", value: 0.377, unit: "ms", warn: "100.0", crit: "500.0" },
    { label: "pl", value: 0, unit: "%", warn: "20", crit: "60" },
  ]);
  assert.deepEqual(parsePerfdata("/=49258954752B;;~:10 'it''s a b'=U;@1:2"), [
    { label: "/", value: 49_258_954_752, unit: "B", warn: null, crit: "~:10" },
    { label: "it's a b", value: null, unit: "", warn: "@1:2", crit: null },
  ]);
});

test("text that is not perfdata gives nothing", () => {
  assert.deepEqual(parsePerfdata("all is well, a=b"), []);
  assert.deepEqual(parsePerfdata(""), []);
});
