import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { Backend } from "../backend/index.ts";
import { UnavailableError } from "../error/index.ts";
import { listSnapshots } from "../snapshot/index.ts";
import { inBackupPlace } from "./testing/backup-place.ts";

function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed + 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** A backend with some calls of its own. */
function overriding(backend: Backend, overrides: Partial<Backend>): Backend {
  return new Proxy(backend, {
    get(target, property) {
      const own = Reflect.get(overrides, property);
      if (own !== undefined) return own;
      const value = Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("a file that vanishes before it is read is named, and the snapshot is whole", async () => {
  await inBackupPlace(async ({ source, back, read }) => {
    writeFileSync(join(source, "a"), "a");
    writeFileSync(join(source, "b"), "b");
    mkdirSync(join(source, "c"));
    // So few files are read when the walk is over, and it comes to the directory last.
    const onItem = ({ isDirectory }: { isDirectory: boolean }) => {
      if (isDirectory) rmSync(join(source, "b"), { force: true });
    };
    const summary = await back({ onItem });
    assert.deepEqual([...(await read(summary.treeId)).keys()], ["a", "c"]);
    assert.equal(summary.errorCount, 1);
    assert.match(summary.itemErrors[0]?.message ?? "", /vanished/);
    assert.equal(summary.isIncomplete, false);
  });
});

test("a socket is recorded and counted", async () => {
  await inBackupPlace(async ({ source, back, read }) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(source, "s"), resolve));
    try {
      const summary = await back();
      assert.equal(summary.sockets, 1);
      assert.equal((await read(summary.treeId)).get("s")?.node.type, "socket");
      assert.equal(summary.isIncomplete, false);
    } finally {
      server.close();
    }
  });
});

test("an aborted backup makes no snapshot, and the next one does not send again what was stored", async () => {
  const saved: { type: string; bytes: number }[] = [];
  const controller = new AbortController();
  await inBackupPlace(
    async ({ source, back, repository }) => {
      mkdirSync(join(source, "d"));
      for (let i = 0; i < 40; i++) writeFileSync(join(source, `d/f${i}`), noise(1_000_000, i));
      const packSizeBytes = 4 * 1024 * 1024;
      await assert.rejects(back({ signal: controller.signal, packSizeBytes }), /enough/);
      assert.deepEqual(await listSnapshots(repository), []);
      assert.deepEqual(await repository.backend.list("locks"), []);
      const stored = saved.filter(({ type }) => type === "data").reduce((sum, { bytes }) => sum + bytes, 0);
      assert.ok(stored >= 3 * packSizeBytes, `${stored}`);
      assert.equal(saved.filter(({ type }) => type === "index").length, 1);
      const second = await back();
      assert.ok(
        second.figures.data_added <= 40_100_000 - stored + 200_000,
        `${second.figures.data_added} after ${stored}`,
      );
      assert.equal(second.figures.files_new, 40);
    },
    (backend) =>
      overriding(backend, {
        async save(handle, bytes, signal) {
          await backend.save(handle, bytes, signal);
          saved.push({ type: handle.type, bytes: bytes.length });
          if (saved.filter(({ type }) => type === "data").length === 3) controller.abort(new Error("enough"));
        },
      }),
  );
});

test("storage that fails ends the backup with its error, and no snapshot is made", async () => {
  await inBackupPlace(
    async ({ source, back, repository }) => {
      for (let i = 0; i < 100; i++) writeFileSync(join(source, `f${i}`), noise(500_000, i));
      await assert.rejects(back({ packSizeBytes: 2 * 1024 * 1024 }), UnavailableError);
      assert.deepEqual(await listSnapshots(repository), []);
    },
    (backend) => {
      let packs = 0;
      return overriding(backend, {
        save: (handle, bytes, signal) =>
          handle.type === "data" && ++packs > 2
            ? Promise.reject(new UnavailableError("the server is gone"))
            : backend.save(handle, bytes, signal),
      });
    },
  );
});

test("a tree 300 deep and a directory of 20,000 entries are carried", async () => {
  await inBackupPlace(async ({ source, back, read }) => {
    let deep = source;
    for (let i = 0; i < 300; i++) deep = join(deep, "d");
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, "bottom"), "bottom");
    mkdirSync(join(source, "wide"));
    for (let i = 0; i < 20_000; i++) writeFileSync(join(source, `wide/${i}`), "");
    const summary = await back();
    const entries = await read(summary.treeId);
    assert.equal(entries.size, 300 + 1 + 1 + 20_000);
    assert.equal(entries.get(`${"d/".repeat(300)}bottom`)?.content, "bottom");
    assert.equal((await back()).figures.files_unmodified, 20_001);
  });
});
