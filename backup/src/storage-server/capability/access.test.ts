import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTarget } from "../request/index.ts";
import { type AccessFacts, type Grant, refusalOfAccess, requiredVerb, type Verb } from "./index.ts";

const id = "ab".repeat(32);
const nothingWanted = { wantsPacks: false, isWanted: false } as const;

function isAllowed(
  method: string,
  path: string,
  verbs: readonly Verb[],
  facts: AccessFacts = nothingWanted,
  repository = "a",
): boolean {
  const target = parseTarget(path);
  const verb = requiredVerb(method, target);
  if (verb === "method") return false;
  const grant: Grant = { principal: "test", repository, verbs, quotaBytes: null };
  return refusalOfAccess(verb, target, grant, facts) === null;
}

/** For each route: who of read, append, delete, maintain may (in this order). */
const routes = [
  ["POST", "/a/?create=true", "-a--"],
  ["POST", "/a/", "----"],
  ["GET", "/a/", "----"],
  ["DELETE", "/a/", "---m"],
  ["PUT", "/a/config", "----"],
  ["HEAD", "/a/config", "r---"],
  ["GET", "/a/config", "r---"],
  ["POST", "/a/config", "-a--"],
  ["DELETE", "/a/config", "---m"],
  ["GET", "/a/wanted", "r---"],
  ["POST", "/a/wanted", "----"],
  ["GET", "/a/scrub", "----"],
  ["POST", "/a/scrub", "---m"],
  // Of everything, so not for whoever may see one repository.
  ["GET", "/status", "----"],
  ["DELETE", "/a/data/", "----"],
  ...["data", "index", "keys", "locks", "snapshots", "holds"].flatMap((type) => [
    ["GET", `/a/${type}/`, "r---"] as const,
    ["POST", `/a/${type}/`, "----"] as const,
    ["HEAD", `/a/${type}/${id}`, "r---"] as const,
    ["GET", `/a/${type}/${id}`, "r---"] as const,
    ["POST", `/a/${type}/${id}`, "-a--"] as const,
    ["PATCH", `/a/${type}/${id}`, "----"] as const,
  ]),
  ["DELETE", `/a/locks/${id}`, "-a--"],
  ["DELETE", `/a/data/${id}`, "--dm"],
  ["DELETE", `/a/index/${id}`, "--dm"],
  ["DELETE", `/a/snapshots/${id}`, "--dm"],
  ["DELETE", `/a/keys/${id}`, "---m"],
  ["DELETE", `/a/holds/${id}`, "---m"],
] as const;

test("each verb opens exactly its routes", () => {
  for (const [method, path, expected] of routes) {
    const opened = (["read", "append", "delete", "maintain"] as const)
      .map((verb) => (isAllowed(method, path, [verb]) ? verb[0] : "-"))
      .join("");
    assert.equal(opened, expected, `${method} ${path}`);
  }
});

test("a credential opens nothing of another repository", () => {
  const all = ["read", "append", "delete", "maintain"] as const;
  for (const [method, path] of routes) {
    assert.equal(isAllowed(method, path, all, nothingWanted, "b"), false, `${method} ${path}`);
    assert.equal(isAllowed(method, path, all, nothingWanted, "a/*"), false, `${method} ${path}`);
    assert.equal(isAllowed(method, path.replace("/a/", "/ab/"), all), false, `${method} ${path}`);
  }
  assert.equal(isAllowed("GET", "/a/b/config", all, nothingWanted, "a/*"), true);
  assert.equal(isAllowed("GET", "/a/config", all, nothingWanted, "*"), true);
});

test("events are for those who may read everything", () => {
  assert.equal(isAllowed("GET", "/events", ["read"], nothingWanted, "*"), true);
  assert.equal(isAllowed("GET", "/events", ["read"], nothingWanted, "a"), false);
  assert.equal(isAllowed("GET", "/events", ["append"], nothingWanted, "*"), false);
});

test("while packs are wanted, appending includes replacing exactly those and the indexes", () => {
  const wanting = { wantsPacks: true, isWanted: false };
  assert.equal(isAllowed("DELETE", `/a/data/${id}`, ["append"], { wantsPacks: true, isWanted: true }), true);
  assert.equal(isAllowed("DELETE", `/a/data/${id}`, ["append"], wanting), false);
  assert.equal(isAllowed("DELETE", `/a/index/${id}`, ["append"], wanting), true);
  assert.equal(isAllowed("DELETE", `/a/index/${id}`, ["append"]), false);
  assert.equal(isAllowed("DELETE", `/a/snapshots/${id}`, ["append"], { wantsPacks: true, isWanted: true }), false);
  assert.equal(isAllowed("DELETE", `/a/keys/${id}`, ["append"], { wantsPacks: true, isWanted: true }), false);
  assert.equal(isAllowed("DELETE", `/a/data/${id}`, ["read"], { wantsPacks: true, isWanted: true }), false);
});

test("a refusal names the verb that is missing", () => {
  const target = parseTarget(`/a/snapshots/${id}`);
  const grant: Grant = { principal: "test", repository: "a", verbs: ["read", "append"], quotaBytes: null };
  assert.match(refusalOfAccess("delete", target, grant, nothingWanted) ?? "", /append-only.*verb delete/);
  assert.match(
    refusalOfAccess("maintain", target, grant, nothingWanted) ?? "",
    /verb maintain; the credential has read, append/,
  );
});
