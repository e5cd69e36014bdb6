import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { idOf } from "../../blob/index.ts";
import { DamagedError, ExistsError, NotFoundError } from "../../error/index.ts";
import { type Backend, type FileHandle, fileTypes } from "../index.ts";

/** A fresh place for a repository, and how to get rid of it. */
export interface BackendUnderTest {
  readonly backend: Backend;
  /** Bytes a test may damage a stored file with, as a disk does; null where no test can. */
  damage?(handle: FileHandle, change: (bytes: Buffer) => Buffer): Promise<void>;
  close(): Promise<void>;
}

function holdOf(snapshot: string): Buffer {
  const hold = { snapshot, reason: "test", untilMs: null, createdAtMs: 1, createdBy: "test" };
  return Buffer.from(`${JSON.stringify(hold)}\n`);
}

/** What every backend does, run against each of them. */
export function describeBackend(name: string, open: () => Promise<BackendUnderTest>): void {
  describe(name, () => {
    let under: BackendUnderTest;
    let backend: Backend;
    before(async () => {
      under = await open();
      backend = under.backend;
      await backend.create();
    });
    after(async () => {
      await backend.close();
      await under.close();
    });

    async function store(type: FileHandle["type"], bytes: Uint8Array): Promise<FileHandle> {
      const handle = { type, name: idOf(bytes) };
      await backend.save(handle, bytes);
      return handle;
    }

    test("a place can be made again", async () => {
      await backend.create();
    });

    test("what was saved is listed, stated and loaded, for every type", async () => {
      for (const type of fileTypes) {
        if (type === "config") continue;
        // A hold is named by what it holds, and a server reads it.
        const name = idOf(randomBytes(10));
        const bytes = type === "holds" ? holdOf(name) : randomBytes(1000);
        const handle = type === "holds" ? ({ type, name } as const) : await store(type, bytes);
        if (type === "holds") await backend.save(handle, bytes);
        assert.deepEqual(Buffer.from(await backend.load(handle)), bytes);
        assert.equal((await backend.stat(handle))?.sizeBytes, bytes.length);
        const listed = (await backend.list(type)).find((file) => file.name === handle.name);
        assert.equal(listed?.sizeBytes, bytes.length);
      }
    });

    test("a part of a file is loaded in memory of its own", async () => {
      const bytes = randomBytes(5000);
      const handle = await store("data", bytes);
      for (const [offset, length] of [
        [0, 1],
        [0, 5000],
        [4999, 1],
        [1234, 2345],
      ] as const) {
        const part = await backend.load(handle, { offset, length });
        assert.deepEqual(Buffer.from(part), bytes.subarray(offset, offset + length));
        assert.equal(part.buffer.byteLength, length);
      }
    });

    test("a range beyond the end is damage", async () => {
      const handle = await store("data", randomBytes(100));
      await assert.rejects(backend.load(handle, { offset: 50, length: 51 }), DamagedError);
      await assert.rejects(backend.load(handle, { offset: 200, length: 1 }), DamagedError);
    });

    test("what is not there is not found", async () => {
      const handle = { type: "index", name: idOf(Buffer.from("nothing")) } as const;
      await assert.rejects(backend.load(handle), NotFoundError);
      await assert.rejects(backend.load(handle, { offset: 0, length: 1 }), NotFoundError);
      assert.equal(await backend.stat(handle), null);
      await backend.remove(handle);
    });

    test("a file is saved again without complaint", async () => {
      const bytes = randomBytes(100);
      const handle = await store("snapshots", bytes);
      await backend.save(handle, bytes);
      assert.deepEqual(Buffer.from(await backend.load(handle)), bytes);
    });

    test("one of many who save the config gets to write it", async () => {
      const config = { type: "config", name: "" } as const;
      assert.equal(await backend.stat(config), null);
      const attempts = ["first", "second", "third"].map((text) => backend.save(config, Buffer.from(text)));
      const outcomes = await Promise.allSettled(attempts);
      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
      for (const outcome of outcomes)
        if (outcome.status === "rejected") assert.ok(outcome.reason instanceof ExistsError);
      const winner = ["first", "second", "third"][outcomes.findIndex(({ status }) => status === "fulfilled")];
      assert.equal(Buffer.from(await backend.load(config)).toString(), winner);
      await assert.rejects(backend.save(config, Buffer.from("late")), ExistsError);
    });

    test("a removed lock is gone", async () => {
      const handle = await store("locks", randomBytes(100));
      await backend.remove(handle);
      assert.equal(await backend.stat(handle), null);
      assert.ok(!(await backend.list("locks")).some(({ name }) => name === handle.name));
    });

    test("an aborted call rejects with the reason and saves nothing", async () => {
      const reason = new Error("no more");
      const signal = AbortSignal.abort(reason);
      const bytes = randomBytes(100);
      const handle = { type: "data", name: idOf(bytes) } as const;
      await assert.rejects(backend.save(handle, bytes, signal), reason);
      await assert.rejects(backend.load(handle, undefined, signal), reason);
      await assert.rejects(backend.list("data", signal), reason);
      assert.equal(await backend.stat(handle), null);
    });

    test("many calls may be made at once", async () => {
      const files = Array.from({ length: 40 }, () => randomBytes(2000));
      const handles = await Promise.all(files.map((bytes) => store("data", bytes)));
      const loaded = await Promise.all(handles.map((handle) => backend.load(handle)));
      assert.deepEqual(
        loaded.map(idOf),
        handles.map(({ name }) => name),
      );
    });

    test("nothing is wanted where nothing is damaged", async () => {
      assert.deepEqual(await backend.listWanted(), []);
    });
  });
}
