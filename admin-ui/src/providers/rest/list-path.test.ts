import assert from "node:assert/strict";
import { test } from "node:test";
import { listPath } from "./list-path.ts";

test("a list is asked for by page, order and filter", () => {
  assert.equal(
    listPath("hosts", {
      pagination: { page: 2, perPage: 25 },
      sort: { field: "name", order: "DESC" },
      filter: { q: "web 1", state: ["DOWN"] },
    }),
    `/hosts?page=2&perPage=25&sort=name&order=DESC&filter=${encodeURIComponent('{"q":"web 1","state":["DOWN"]}').replaceAll("%20", "+")}`,
  );
});

test("empty filters are left out, while null is a question of its own", () => {
  assert.equal(listPath("hosts", { filter: { q: "", state: [], group: undefined } }), "/hosts");
  assert.equal(
    listPath("hosts", { filter: { customer: null } }),
    `/hosts?filter=${encodeURIComponent('{"customer":null}')}`,
  );
});
