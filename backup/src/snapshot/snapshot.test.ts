import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Backend, FileInfo } from "../backend/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import {
  groupSnapshots,
  listSnapshots,
  matchesFilter,
  newestSnapshot,
  parseSnapshot,
  resolveSnapshot,
  type SnapshotSource,
  type StoredSnapshot,
} from "./index.ts";

const tree = "00".repeat(32);
const idOfPrefix = (prefix: string) => prefix.padEnd(64, "0");

/** Snapshot files in memory: documents, or null for one that vanishes after it was listed; text for one that is damaged. */
function source(files: readonly (FileInfo & { readonly document: unknown })[]): SnapshotSource {
  const backend = { connections: 2, list: async () => files } as Partial<Backend> as Backend;
  return {
    backend,
    async loadUnpacked(_, id) {
      const document = files.find(({ name }) => name === id)?.document ?? null;
      if (document === null) throw new NotFoundError(id);
      if (typeof document === "string") throw new DamagedError(`snapshots/${id}`, document);
      return document;
    },
  };
}

function file(prefix: string, time: string, more: object = {}, sequence?: number) {
  const info = { name: idOfPrefix(prefix), sizeBytes: 1, document: { time, tree, paths: ["/home"], ...more } };
  return sequence === undefined ? info : { ...info, sequence };
}

describe("a list of snapshots", () => {
  test("is in the order of time, and of arrival where a server counts", async () => {
    const byTime = source([
      file("b", "2024-01-02T00:00:00Z"),
      file("a", "2024-01-03T00:00:00Z"),
      file("c", "2024-01-03T00:30:00+01:00"),
    ]);
    assert.deepEqual(
      (await listSnapshots(byTime)).map(({ id }) => id[0]),
      ["b", "c", "a"],
    );
    const byArrival = source([
      file("c", "2023-01-01T00:00:00Z", {}, 3),
      file("a", "2025-01-01T00:00:00Z", {}, 1),
      file("b", "2024-01-01T00:00:00Z", {}, 2),
      file("d", "2024-06-01T00:00:00Z"),
    ]);
    assert.deepEqual(
      (await listSnapshots(byArrival)).map(({ id }) => id[0]),
      ["d", "a", "b", "c"],
    );
  });

  test("leaves out what vanishes meanwhile, and says what is damaged", async () => {
    const files = [
      file("a", "2024-01-01T00:00:00Z"),
      { ...file("b", ""), document: null },
      { ...file("c", ""), document: "its MAC is wrong" },
    ];
    const damaged: string[] = [];
    const list = await listSnapshots(source(files), { onDamaged: (id) => damaged.push(id) });
    assert.deepEqual([list.length, damaged], [1, [idOfPrefix("c")]]);
    await assert.rejects(listSnapshots(source(files)), DamagedError);
  });
});

describe("a snapshot that a person means", () => {
  const files = [
    file("a1", "2024-01-01T00:00:00Z", { hostname: "web", tags: ["nightly", "db"] }, 1),
    file("a2", "2026-01-01T00:00:00Z", { hostname: "mail", paths: ["/etc", "/home"] }, 2),
    file("b3", "2023-01-01T00:00:00Z", { hostname: "web" }, 3),
  ];
  const found = async (text: string, filter = {}) =>
    (await resolveSnapshot(source(files), text, filter)).snapshot.id.slice(0, 2);

  test("is the one that arrived last, whatever its client's clock said", async () => {
    assert.equal(await found("latest"), "b3");
    assert.equal(newestSnapshot(await listSnapshots(source(files)))?.id, idOfPrefix("b3"));
  });

  test("is found by host, tags and paths", async () => {
    assert.equal(await found("latest", { hosts: ["mail"] }), "a2");
    assert.equal(await found("latest", { tags: [["db", "nightly"]] }), "a1");
    assert.equal(await found("latest", { paths: ["/home", "/etc"] }), "a2");
    await assert.rejects(found("latest", { hosts: ["none"] }), /there is no snapshot of host none/);
  });

  test("is found by its id or a beginning that fits no other", async () => {
    assert.equal(await found("b"), "b3");
    assert.equal(await found(idOfPrefix("a1")), "a1");
    await assert.rejects(found("a"), /2 ids begin so \(a1000000, a2000000\)/);
    await assert.rejects(found("c"), { code: "MYCLOUD_BACKUP_NOT_FOUND" });
    for (const wrong of ["", "newest", "A1", "../a", "b3/etc", ":/etc"]) {
      await assert.rejects(found(wrong), { code: "MYCLOUD_BACKUP_INPUT" }, wrong);
    }
  });

  test("may have a path behind it, which is bytes", async () => {
    const { snapshot, path } = await resolveSnapshot(source(files), "latest:/srv/é:x");
    assert.deepEqual([snapshot.id, path], [idOfPrefix("b3"), "/srv/\xc3\xa9:x"]);
    assert.equal((await resolveSnapshot(source(files), "b3")).path, "");
  });
});

describe("a snapshot file", () => {
  const document = {
    time: "2024-01-01T00:00:00Z",
    tree,
    paths: null,
    tags: null,
    parent: null,
    future: { a: 1 },
    summary: { odd: 1 },
  };

  test("keeps unknown fields and loses nulls", () => {
    assert.deepEqual(parseSnapshot(document, "ab"), { time: document.time, tree, paths: [], future: { a: 1 } });
  });

  test("that is none is refused with the reason", () => {
    for (const wrong of [{ time: "today" }, { tree: "../../x" }, { paths: "/" }, { uid: -1 }, { tags: [1] }]) {
      assert.throws(() => parseSnapshot({ ...document, ...wrong }, "ab"), /snapshots\/ab: is no snapshot/);
    }
    assert.throws(() => parseSnapshot(null, "ab"), DamagedError);
  });
});

test("groups are of one host, set of paths and set of tags, in whatever order those come", () => {
  const one = (id: string, more: Partial<StoredSnapshot>): StoredSnapshot => ({
    time: "2024-01-01T00:00:00Z",
    tree,
    id,
    sequence: null,
    paths: ["/b", "/a"],
    hostname: "h",
    ...more,
  });
  const list = [
    one("1", {}),
    one("2", { paths: ["/a", "/b"], tags: ["t"] }),
    one("3", { hostname: "g" }),
    one("4", { paths: ["/a"] }),
  ];
  const ids = (keys: readonly ("host" | "paths" | "tags")[]) =>
    groupSnapshots(list, keys).map(({ snapshots }) => snapshots.map(({ id }) => id).join(""));
  assert.deepEqual(ids(["host", "paths"]), ["3", "12", "4"]);
  assert.deepEqual(ids(["host", "paths", "tags"]), ["3", "2", "1", "4"]);
  assert.deepEqual(ids([]), ["1234"]);
  assert.deepEqual(groupSnapshots(list, ["paths"])[0]?.paths, ["/a", "/b"]);
});

test("a filter asks for one of the hosts, one of the lists of tags and all of the paths", () => {
  const snapshot = { time: "", tree, paths: ["/a", "/b"], hostname: "h", tags: ["x", "y"] };
  assert.ok(matchesFilter(snapshot, {}));
  assert.ok(matchesFilter(snapshot, { hosts: ["g", "h"], tags: [["z"], ["y", "x"]], paths: ["/b"] }));
  assert.ok(!matchesFilter(snapshot, { tags: [["x", "z"]] }));
  assert.ok(!matchesFilter(snapshot, { tags: [[""]] }));
  assert.ok(!matchesFilter(snapshot, { paths: ["/a", "/c"] }));
});
