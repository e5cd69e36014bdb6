import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type PlannedHost,
  type PlannedPolicy,
  planRepositories,
  repositoryPath,
  type StoredRepository,
} from "./index.ts";

const home: PlannedPolicy = {
  id: 1,
  name: "home",
  selector: { labels: { role: "web" } },
  isEnabled: true,
  storage: null,
  keyMode: "managed",
  rpoSeconds: 3600,
  rtoSeconds: null,
};
const web1: PlannedHost = { id: 7, name: "web1", customer: "acme", labels: { role: "web" }, groups: [] };
const db1: PlannedHost = { id: 8, name: "db1", customer: null, labels: {}, groups: [] };
const stored: StoredRepository = {
  id: 3,
  hostId: 7,
  hostName: "web1",
  customer: "acme",
  policyId: 1,
  policyName: "home",
  storageName: "local",
  path: "acme/web1/home",
  keyMode: "managed",
  isAssigned: true,
  rpoSeconds: 3600,
  rtoSeconds: null,
};

test("a host that a policy matches gets a repository at customer, host and policy", () => {
  const { create, homeless } = planRepositories([home], [web1, db1], [], "local");
  assert.deepEqual(
    create.map(({ hostId, storageName, path }) => [hostId, storageName, path]),
    [[7, "local", "acme/web1/home"]],
  );
  assert.deepEqual(homeless, []);
});

test("what is as it should be is left alone, and a policy without a storage server is told", () => {
  assert.deepEqual(planRepositories([home], [web1], [stored], "local"), {
    create: [],
    assign: [],
    unassign: [],
    homeless: [],
  });
  assert.deepEqual(planRepositories([home], [web1], [], null).homeless, ["home"]);
});

test("a host or a policy that is gone, or disabled, leaves the repository unused", () => {
  assert.deepEqual(planRepositories([], [web1], [stored], "local").unassign, [3]);
  assert.deepEqual(planRepositories([{ ...home, isEnabled: false }], [web1], [stored], "local").unassign, [3]);
  assert.deepEqual(planRepositories([home], [{ ...web1, labels: {} }], [stored], "local").unassign, [3]);
});

test("a host of the same name and customer takes up what it left", () => {
  const orphan = { ...stored, hostId: null, isAssigned: false };
  const { create, assign } = planRepositories([home], [{ ...web1, id: 70 }], [orphan], "local");
  assert.deepEqual(create, []);
  assert.equal(assign[0]?.id, 3);
  assert.equal(assign[0]?.assignment.hostId, 70);
  const others = planRepositories([home], [{ ...web1, id: 70, customer: "other" }], [orphan], "local");
  assert.equal(others.create[0]?.path, "other/web1/home");
});

test("another key mode is another repository beside the first", () => {
  const { create, unassign } = planRepositories([{ ...home, keyMode: "private" }], [web1], [stored], "local");
  assert.deepEqual(
    create.map(({ path }) => path),
    ["acme/web1/home.2"],
  );
  assert.deepEqual(unassign, [3]);
});

test("names that are no part of an address get one of their own", () => {
  assert.equal(repositoryPath(null, "web1.example.org", "home"), "-/web1.example.org/home");
  const paths = ["data", "a b", "a_b", ".x", "ä", "x".repeat(200), "config"].map((name) =>
    repositoryPath(null, "h", name),
  );
  assert.equal(new Set(paths).size, paths.length);
  for (const path of paths) assert.match(path, /^-\/h\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/);
});
