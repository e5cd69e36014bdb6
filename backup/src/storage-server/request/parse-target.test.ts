import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { faultOfRepositoryName } from "../repository/repository-name.ts";
import { BadRequestError, parseTarget } from "./index.ts";

const id = "0123456789abcdef".repeat(4);

const paths = [
  ["/a/", { kind: "repository", repository: "a", isCreation: false }],
  ["/a/?create=true", { kind: "repository", repository: "a", isCreation: true }],
  ["/a/b/c?create=true", { kind: "repository", repository: "a/b/c", isCreation: true }],
  ["/a/config", { kind: "object", repository: "a", object: { type: "config", name: "" } }],
  ["/a/data/", { kind: "list", repository: "a", type: "data" }],
  ["/a/holds", { kind: "list", repository: "a", type: "holds" }],
  ["/a/b/snapshots/", { kind: "list", repository: "a/b", type: "snapshots" }],
  [`/a/data/${id}`, { kind: "object", repository: "a", object: { type: "data", name: id } }],
  [`/A.b_c-1/locks/${id}`, { kind: "object", repository: "A.b_c-1", object: { type: "locks", name: id } }],
  ["/a/wanted", { kind: "wanted", repository: "a" }],
  ["/metrics", { kind: "metrics" }],
  ["/healthz", { kind: "healthz" }],
  ["/readyz", { kind: "readyz" }],
  ["/events", { kind: "events" }],
] as const;

test("paths of the protocol mean what restic means by them", () => {
  for (const [path, target] of paths) assert.deepEqual(parseTarget(path), target, path);
});

const refused = [
  ...["/", "", "a/", "//", "//a/", "/a//", "/a//data/", "*", "http://host/a/", "/../a/", "/a/../b/", "/./a/", "/a/./"],
  ...[
    "/%61/",
    "/a%2fb/",
    "/a/%2e%2e/b/",
    "/a/..%2f..%2fetc/passwd",
    "/..%5c/",
    "/a\\b/",
    "/a b/",
    "/a\0/",
    "/é/",
    "/a;b/",
    "/a+b/",
  ],
  ...[
    "/.hidden/",
    "/a/.tmp/",
    "/a/...",
    "/data/",
    "/config",
    "/wanted",
    "/a/data/b/",
    "/a/keys/config",
    "/locks/locks/",
  ],
  ...[
    `/data/${id}`,
    `/a/data/${id}/`,
    "/a/data/xyz",
    `/a/data/${id.toUpperCase()}`,
    `/a/data/${id}0`,
    `/a/data/01/${id}`,
  ],
  ...[
    "/a/config/",
    "/a/index/..",
    `/a/snapshots/../data/${id}`,
    "/metrics/",
    `/${"a".repeat(65)}/`,
    `/${"a/".repeat(600)}`,
  ],
  ...["/a/events/", "/a/metrics/x/"],
];

test("everything else is refused, whichever way it is written", () => {
  for (const path of refused) assert.throws(() => parseTarget(path), BadRequestError, JSON.stringify(path));
});

const hostilePart = fc.constantFrom(
  "..",
  ".",
  "%2e%2e",
  "%00",
  "data",
  "config",
  "keys",
  "a",
  "",
  "A.b",
  id,
  "~",
  "\\",
  "\0",
  " ",
);

test("no path, however hostile, names a repository outside the alphabet", () => {
  const anyPath = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.array(hostilePart, { maxLength: 8 }).map((parts) => `/${parts.join("/")}`),
  );
  fc.assert(
    fc.property(anyPath, (path) => {
      let target: ReturnType<typeof parseTarget>;
      try {
        target = parseTarget(path);
      } catch (error) {
        assert.ok(error instanceof BadRequestError);
        return;
      }
      if (!("repository" in target)) return;
      assert.equal(faultOfRepositoryName(target.repository), null);
      for (const segment of target.repository.split("/")) {
        assert.match(segment, /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a name and a type give back themselves", () => {
  const segment = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}$/);
  const name = fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((segments) => segments.join("/"))
    .filter((text) => faultOfRepositoryName(text) === null);
  const type = fc.constantFrom("data", "index", "keys", "locks", "snapshots", "holds");
  fc.assert(
    fc.property(name, type, (repository, kind) => {
      assert.deepEqual(parseTarget(`/${repository}/${kind}/${id}`), {
        kind: "object",
        repository,
        object: { type: kind, name: id },
      });
    }),
  );
});
