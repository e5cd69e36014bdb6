import assert from "node:assert/strict";
import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ViewRequest } from "@mycloud/protocol/snapshot-view";
import { type BackupPlace, inBackupPlace } from "../archiver/testing/backup-place.ts";
import type { Backend, FileHandle } from "../backend/index.ts";
import { DamagedError } from "../error/index.ts";
import { addHold } from "../hold/index.ts";
import { createSnapshotView, type SnapshotView } from "./create-snapshot-view.ts";

type Question = (typeof ViewRequest)["_input"];
const never = new AbortController().signal;

function viewOf({ repository }: BackupPlace): SnapshotView {
  return createSnapshotView(repository, { now: () => 1_000_000 });
}

const ask = (view: SnapshotView, request: Question, signal = never) => view.answer(ViewRequest.parse(request), signal);

async function bytes(view: SnapshotView, request: Question): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await ask(view, request)).body ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
}

const linesOf = async (view: SnapshotView, request: Question) =>
  (await bytes(view, request))
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** What a repository reads, in order, and a fault for some of it. */
function watched() {
  const loads: { handle: FileHandle; range: { offset: number; length: number } | undefined }[] = [];
  const state: { spoil: ((handle: FileHandle, bytes: Uint8Array) => void) | null } = { spoil: null };
  const wrap = (backend: Backend): Backend =>
    new Proxy(backend, {
      get(target, property) {
        if (property === "pathOf") return undefined;
        if (property !== "load") return Reflect.get(target, property).bind?.(target) ?? Reflect.get(target, property);
        const load: Backend["load"] = async (handle, range, signal) => {
          loads.push({ handle, range });
          const loaded = await target.load(handle, range, signal);
          state.spoil?.(handle, loaded);
          return loaded;
        };
        return load;
      },
    });
  return { loads, state, wrap };
}

/** Bytes that do not compress, the same each time. */
function noise(length: number): Buffer {
  let state = 42;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  };
  return Buffer.from(Uint8Array.from({ length }, next));
}

test("a range of a file reads only the blobs that have it", async () => {
  const { loads, wrap } = watched();
  await inBackupPlace(async (place) => {
    const content = noise(12_000_000);
    await writeFile(join(place.source, "large"), content);
    const { snapshotId } = await place.back();
    const view = viewOf(place);
    const file = { kind: "file", snapshotId: snapshotId ?? "", path: join(place.source, "large") } as const;
    await ask(view, { ...file, kind: "entry" });
    loads.length = 0;
    assert.ok(
      (await bytes(view, { ...file, offset: 9_000_000, length: 1000 })).equals(content.subarray(9_000_000, 9_001_000)),
    );
    const read = loads
      .filter(({ handle }) => handle.type === "data")
      .reduce((sum, { range }) => sum + (range?.length ?? 0), 0);
    assert.ok(read < 9_000_000, `${read} bytes were read`);
    assert.ok(loads.length <= 2);
  }, wrap);
});

test("a page of a folder reads the folders on its path and nothing else", async () => {
  const { loads, wrap } = watched();
  await inBackupPlace(async (place) => {
    for (const folder of ["one/deep", "two/deep"]) {
      await mkdir(join(place.source, folder), { recursive: true });
      await writeFile(join(place.source, folder, "file"), folder);
    }
    const { snapshotId } = await place.back();
    const view = viewOf(place);
    let trees = 0;
    const { repository } = place;
    const loadTree = repository.loadTree.bind(repository);
    repository.loadTree = (id, signal) => {
      trees++;
      return loadTree(id, signal);
    };
    const path = join(place.source, "one");
    const { head } = await ask(view, { kind: "folder", snapshotId: snapshotId ?? "", path });
    assert.ok(head.kind === "folder");
    assert.deepEqual(
      head.page.entries.map(({ name }) => name),
      ["deep"],
    );
    assert.equal(trees, path.split("/").length);
    assert.ok(loads.every(({ handle }) => handle.type !== "data" || trees > 0));
  }, wrap);
});

test("snapshots tell of their holds, those that have ended not", async () => {
  await inBackupPlace(async (place) => {
    await writeFile(join(place.source, "file"), "1");
    const first = (await place.back()).snapshotId ?? "";
    await writeFile(join(place.source, "file"), "22");
    const second = (await place.back()).snapshotId ?? "";
    const { backend } = place.repository;
    await addHold(backend, { snapshot: first, reason: "court", untilMs: null, createdAtMs: 5, createdBy: "ada" });
    await addHold(backend, { snapshot: second, reason: "over", untilMs: 999_999, createdAtMs: 5, createdBy: "ada" });
    const { head } = await ask(viewOf(place), { kind: "snapshots" });
    assert.ok(head.kind === "snapshots");
    assert.deepEqual(
      head.snapshots.map(({ id, hold, totalFiles }) => [id, hold, totalFiles]),
      [
        [first, { reason: "court", untilMs: null, createdAtMs: 5, createdBy: "ada" }, 1],
        [second, null, 1],
      ],
    );
  });
});

test("damage is named, and is never an answer", async () => {
  const { state, wrap } = watched();
  await inBackupPlace(async (place) => {
    await mkdir(join(place.source, "folder"));
    await writeFile(join(place.source, "folder/good"), "good");
    const first = (await place.back()).snapshotId ?? "";
    await writeFile(join(place.source, "folder/bad"), noise(3_000_000));
    const second = (await place.back()).snapshotId ?? "";
    const packs = await place.repository.backend.list("data");
    const view = viewOf(place);
    const file = { kind: "file", snapshotId: second, path: join(place.source, "folder/bad") } as const;
    await ask(view, { ...file, kind: "entry" });
    // From here on each byte that is read of a pack is another.
    state.spoil = ({ type }, loaded) => {
      if (type === "data") for (let at = 0; at < loaded.length; at++) loaded[at] = (loaded[at] ?? 0) ^ 1;
    };
    const isNamed = (error: unknown) =>
      error instanceof DamagedError && packs.some(({ name }) => error.object === `data/${name}`);
    await assert.rejects(bytes(view, file), isNamed);
    for (const format of ["zip", "tar"] as const) {
      await assert.rejects(bytes(view, { kind: "archive", snapshotId: second, paths: [file.path], format }), isNamed);
    }
    await assert.rejects(
      ask(view, {
        kind: "text-diff",
        fromSnapshotId: first,
        fromPath: join(place.source, "folder/good"),
        toSnapshotId: first,
        toPath: join(place.source, "folder/good"),
      }),
      isNamed,
    );
    const fresh = viewOf(place);
    const old = { kind: "folder", snapshotId: first, path: join(place.source, "folder") } as const;
    state.spoil = null;
    assert.equal((await ask(fresh, old)).head.kind, "folder");
  }, wrap);
});

test("a search and a comparison go on beside a folder that cannot be read, and say so", async () => {
  await inBackupPlace(async (place) => {
    await mkdir(join(place.source, "lost"));
    await mkdir(join(place.source, "kept"));
    for (const folder of ["lost", "kept"]) await writeFile(join(place.source, folder, "file"), folder);
    const first = (await place.back()).snapshotId ?? "";
    for (const folder of ["lost", "kept"]) await appendFile(join(place.source, folder, "file"), "more");
    const second = (await place.back()).snapshotId ?? "";
    const { repository } = place;
    const lost = (await place.read((await treeOf(place, second)) ?? "")).get("lost")?.node.subtree;
    const loadTree = repository.loadTree.bind(repository);
    repository.loadTree = async (id, signal) => {
      if (id === lost) throw new DamagedError("data/lost", "its bytes have changed");
      return await loadTree(id, signal);
    };
    const view = viewOf(place);
    const at = join(place.source, "lost");
    const unreadable = [{ path: at, message: "data/lost: its bytes have changed" }];
    const found = await linesOf(view, { kind: "find", pattern: "file" });
    assert.deepEqual(found.at(-1), { end: { count: 3, isTruncated: false, unreadable } });
    const compared = await linesOf(view, { kind: "compare", fromSnapshotId: first, toSnapshotId: second });
    assert.deepEqual(
      compared.slice(0, -1).map(({ path }) => path),
      [join(place.source, "kept/file")],
    );
    assert.deepEqual(compared.at(-1), { end: { count: 1, isTruncated: false, unreadable } });
    const { head } = await ask(view, { kind: "history", path: join(at, "file") });
    assert.ok(head.kind === "history");
    assert.deepEqual([head.versions.length, head.unreadable], [1, unreadable]);
  });
});

async function treeOf({ repository }: BackupPlace, snapshotId: string): Promise<string | null> {
  const document = await repository.loadUnpacked("snapshots", snapshotId);
  return typeof document === "object" && document !== null && "tree" in document ? String(document.tree) : null;
}

test("an answer that nobody reads on ends its work", async () => {
  const { loads, wrap } = watched();
  await inBackupPlace(async (place) => {
    for (let at = 0; at < 16; at++) await writeFile(join(place.source, `file ${at}`), noise(400_000 + at));
    const { snapshotId } = await place.back();
    const view = viewOf(place);
    const archive = { kind: "archive" as const, snapshotId: snapshotId ?? "", paths: [place.source] };
    for (const format of ["zip", "tar"] as const) {
      const { body } = await ask(view, { ...archive, format });
      await body?.next();
      await body?.return(undefined);
      await sleep(50);
      const before = loads.length;
      await sleep(100);
      assert.equal(loads.length, before);
      const giving = new AbortController();
      const given = await ask(view, { ...archive, format }, giving.signal);
      await given.body?.next();
      giving.abort(new Error("enough"));
      await assert.rejects(async () => {
        for await (const piece of given.body ?? []) void piece;
      });
    }
    await rm(join(place.source, "file 0"));
  }, wrap);
});

test("two texts that have nothing in common are refused in time, and others are answered meanwhile", async () => {
  await inBackupPlace(async (place) => {
    const text = (seed: number) =>
      Array.from({ length: 60_000 }, (_, at) => `${Math.imul(at + seed, 2654435761) >>> 0}`).join("\n");
    await writeFile(join(place.source, "one"), text(1));
    await writeFile(join(place.source, "two"), text(7_654_321));
    const snapshotId = (await place.back()).snapshotId ?? "";
    const view = viewOf(place);
    const entry = { kind: "entry", snapshotId, path: join(place.source, "one") } as const;
    const startedAtMs = performance.now();
    const comparing = ask(view, {
      kind: "text-diff",
      fromSnapshotId: snapshotId,
      fromPath: entry.path,
      toSnapshotId: snapshotId,
      toPath: join(place.source, "two"),
    });
    let others = 0;
    const asking = (async () => {
      while (performance.now() - startedAtMs < 1000) {
        await ask(view, entry);
        others++;
      }
    })();
    const { head } = await comparing;
    await asking;
    assert.ok(head.kind === "text-diff");
    assert.match(head.diff.refusal ?? "", /too little in common/);
    assert.ok(performance.now() - startedAtMs < 15_000);
    assert.ok(others > 10);
  });
});
