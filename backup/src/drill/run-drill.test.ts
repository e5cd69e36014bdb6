import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inBackupPlace } from "../archiver/testing/backup-place.ts";
import type { Repository } from "../repository/index.ts";
import { listSnapshots } from "../snapshot/index.ts";
import { runDrill } from "./run-drill.ts";

const signal = new AbortController().signal;

async function drill(repository: Repository, scratchDirectory: string, order: object = {}) {
  const snapshot = (await listSnapshots(repository)).at(-1);
  assert.ok(snapshot !== undefined);
  return await runDrill(repository, {
    snapshot,
    order: { seed: "seed", maximumFiles: 10, maximumBytes: 1_000_000, ...order },
    scratchDirectory,
    now: () => 5,
    monotonicNow: () => performance.now(),
    signal,
  });
}

test("a sample comes back, is compared with snapshot and machine, and nothing of it is left", async () => {
  await inBackupPlace(async ({ source, back, repository }) => {
    for (let at = 0; at < 40; at++) writeFileSync(join(source, `[${at}]*?.txt`), `content ${at} `.repeat(100));
    await back();
    const scratch = join(source, "../scratch");
    const first = await drill(repository, scratch);
    assert.deepEqual([first.files, first.totalFiles, first.comparedLive, first.faultCount], [10, 40, 10, 0]);
    assert.ok(first.rtoSeconds >= first.seconds * 3.9);
    assert.deepEqual(readdirSync(scratch), []);
    assert.equal((await drill(repository, scratch)).bytes, first.bytes);
    const small = await drill(repository, scratch, { maximumBytes: 2_500 });
    assert.ok(small.files >= 1 && small.bytes <= 2_500);
    // Written to since: only the snapshot says what is right.
    for (const name of readdirSync(source)) writeFileSync(join(source, name), "new");
    assert.deepEqual(await drill(repository, scratch).then((one) => [one.comparedLive, one.faultCount]), [0, 0]);
  });
});

test("a file whose stored bytes are wrong is named, and nothing is left of it", async () => {
  await inBackupPlace(async ({ source, back, repository }) => {
    for (let at = 0; at < 5; at++) writeFileSync(join(source, `f${at}`), `content ${at} `.repeat(3_000));
    await back();
    const { backend, index } = repository;
    const pack = [...index.packs()].find(({ id }) => index.blobsOfPack(id)[0]?.type === "data");
    assert.ok(pack !== undefined);
    const path = join(backend.location, "data", pack.id.slice(0, 2), pack.id);
    const bytes = readFileSync(path);
    const [blob] = index.blobsOfPack(pack.id);
    const at = (blob?.offset ?? 0) + ((blob?.length ?? 0) >> 1);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    chmodSync(path, 0o600);
    writeFileSync(path, bytes);
    const scratch = join(source, "../scratch");
    const damaged = await drill(repository, scratch);
    assert.equal(damaged.faultCount, 1);
    assert.match(damaged.faults[0]?.path ?? "", /\/source\/f\d$/);
    assert.ok(!existsSync(join(scratch, "drill")));
  });
});
