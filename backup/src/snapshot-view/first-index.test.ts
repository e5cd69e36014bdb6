import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { ViewRequest } from "@mycloud/protocol/snapshot-view";
import { backUp } from "../archiver/index.ts";
import { openLocalBackend } from "../backend/local/index.ts";
import { byteString } from "../byte-string/index.ts";
import { initRepository, openRepository } from "../repository/index.ts";
import { createSnapshotView } from "./create-snapshot-view.ts";
import { FirstIndex } from "./first-index.ts";

const never = new AbortController().signal;

test("a folder is shown while other parts of the index are still read, and what lies in those is waited for", async (context) => {
  const base = await mkdtemp(join(tmpdir(), "mycloud-first-index-"));
  context.after(() => rm(base, { recursive: true }));
  const backend = openLocalBackend(join(base, "repository"));
  const kdf = { N: 1024, r: 8, p: 1 };
  const written = await initRepository(backend, { password: "secret", now: Date.now, kdf });
  const backUpFolder = async (name: string, files: number) => {
    const folder = join(base, name);
    await mkdir(folder);
    for (let at = 0; at < files; at++) await writeFile(join(folder, `file-${at}`), `${name} ${at}`);
    const source = { kind: "paths", paths: [byteString(folder)] } as const;
    const { snapshotId } = await backUp(written, { source, hostname: "h", now: Date.now, threads: 1 });
    return { snapshotId: snapshotId ?? "", path: folder };
  };
  const many = await backUpFolder("many", 50);
  const few = await backUpFolder("few", 1);
  const indexes = [...(await backend.list("index"))].sort((a, b) => b.sizeBytes - a.sizeBytes);
  const held = Promise.withResolvers<void>();
  const slow: typeof backend = Object.assign(Object.create(backend), {
    connections: 4,
    async load(...asked: Parameters<typeof backend.load>) {
      if (asked[0].type === "index" && asked[0].name === indexes[0]?.name) await held.promise;
      return await backend.load(...asked);
    },
    list: (...asked: Parameters<typeof backend.list>) => backend.list(...asked),
    stat: (...asked: Parameters<typeof backend.stat>) => backend.stat(...asked),
    close: () => backend.close(),
  });
  const repository = await openRepository(slow, "secret", { cacheDirectory: null, now: Date.now });
  const view = createSnapshotView(repository, { now: Date.now });
  const folder = await view.answer(ViewRequest.parse({ kind: "folder", ...few }), never);
  assert.equal(folder.head.kind === "folder" && folder.head.page.total, 1);

  let isAnswered = false;
  const path = join(many.path, "file-7");
  const waiting = view
    .answer(ViewRequest.parse({ kind: "file", snapshotId: many.snapshotId, path }), never)
    .finally(() => (isAnswered = true));
  const again = await view.answer(ViewRequest.parse({ kind: "folder", ...few }), never);
  assert.equal(again.head.kind, "folder");
  assert.equal(isAnswered, false);
  held.resolve();
  const { body } = await waiting;
  assert.ok(body !== null);
  assert.equal((await buffer(body)).toString(), "many 7");
});

test("the next part is read after what is at work, unless somebody waits for it", async () => {
  const first = new FirstIndex();
  const busy = Promise.withResolvers<void>();
  const working = first.working(() => busy.promise);
  let isGoingOn = false;
  const part = first.onPart().then(() => (isGoingOn = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(isGoingOn, false);
  const whole = Promise.withResolvers<void>();
  const waiting = first.wholly(whole.promise);
  await part;
  whole.resolve();
  busy.resolve();
  await Promise.all([working, waiting]);
  const failed = first.next(Promise.reject(new Error("unreachable")));
  await assert.rejects(failed, /unreachable/);
});
