// Tokens that live shorter than what is done with them: a body that is under way, and a backup and a restore of many requests, against a real
// storage server. Its clock is moved by the test, so that tokens end where it matters.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { backUp } from "@mycloud/backup/archiver";
import { openBackend } from "@mycloud/backup/backend";
import { byteString } from "@mycloud/backup/byte-string";
import { initRepository, openRepository } from "@mycloud/backup/repository";
import { restoreSnapshot } from "@mycloud/backup/restorer";
import { listSnapshots } from "@mycloud/backup/snapshot";
import { createSigningKey, mintCapability } from "@mycloud/backup/storage-server";
import { someObject, startTestServer } from "@mycloud/backup/storage-server/testing";
import { compareTrees } from "../support/compare-trees.ts";
import { startFaultyProxy, temporaryDirectory, waitFor } from "../support/index.ts";

const password = "short-lived";
/** Beyond the life of a token, the tolerance of clocks, and how long a token is remembered. */
const muchLaterMs = 10 * 60_000;

describe("tokens that end in the middle", () => {
  let keys = "";
  before(async () => {
    keys = await temporaryDirectory("token-keys");
    await createSigningKey(join(keys, "private.pem"), join(keys, "public.pem"));
  });

  /** A storage server whose clock the test moves, and who asks for tokens of it. */
  async function startSite(t: TestContext) {
    const time = { ms: Date.now(), minted: 0 };
    const now = () => time.ms;
    const started = await startTestServer(t, { tokenPublicKeyFiles: [join(keys, "public.pem")], now });
    const readCredentials = async () => {
      time.minted++;
      const { token } = await mintCapability({
        privateKeyFile: join(keys, "private.pem"),
        repository: "web1",
        verbs: ["read", "append"],
        lifetimeMs: 1_000,
        now,
      });
      return { token };
    };
    return { ...started, time, readCredentials };
  }

  test("a body whose token ends while it is under way is stored, and the next one goes with a new token", async (t) => {
    const { server, layout, time, readCredentials } = await startSite(t);
    let bytesPerSecond = 1_000_000;
    const backend = await openBackend(`rest:${server.address}/web1/`, {
      readCredentials,
      uploadLimit: () => bytesPerSecond,
    });
    t.after(() => backend.close());
    await backend.create();
    const slow = someObject(1_500_000);
    const stored = backend.save({ type: "data", name: slow.name }, slow.bytes);
    const isUnderWay = async () => (await readdir(layout.temporaries)).length > 0;
    await waitFor(isUnderWay, 60_000, "the body to be under way");
    time.ms += muchLaterMs;
    await stored;
    assert.equal(time.minted, 1);
    // Refused before its body is read, which the client is in the middle of sending.
    bytesPerSecond = 100_000_000;
    const large = someObject(16_000_000);
    await backend.save({ type: "data", name: large.name }, large.bytes);
    assert.equal(time.minted, 2);
    for (const { name, bytes } of [slow, large]) {
      assert.deepEqual(Buffer.from(await backend.load({ type: "data", name })), bytes);
    }
    time.ms += muchLaterMs;
    assert.deepEqual(Buffer.from(await backend.load({ type: "data", name: large.name })), large.bytes);
    assert.equal(time.minted, 3);
  });

  test("a backup and a restore go on over the end of one token after the other", async (t) => {
    const { server, time, readCredentials } = await startSite(t);
    const proxy = await startFaultyProxy(t, server.address);
    let usesPerToken = 5;
    const uses = new Map<string, number>();
    proxy.setFaults(({ method, path, authorization }) => {
      const count = (uses.get(authorization) ?? 0) + 1;
      uses.set(authorization, count);
      // What is asked again with a new token gets its answer: in the field two do not end within one request.
      const before = proxy.seen.findLast((one) => one.method === method && one.path === path);
      const isAgain = before?.status === 401;
      if (count >= usesPerToken && !isAgain) time.ms += muchLaterMs;
      return {};
    });
    const location = `rest:${proxy.url}/web1/`;
    const open = () => openBackend(location, { readCredentials, connections: 2 });
    const tree = await temporaryDirectory("token-tree");
    await mkdir(join(tree, "sub"));
    for (let at = 0; at < 24; at++) await writeFile(join(tree, `sub/${at}`), randomBytes(1_500_000));

    const repository = await initRepository(await open(), { password, now: Date.now });
    const source = { kind: "paths", paths: [byteString(tree)] } as const;
    const made = await backUp(repository, { source, hostname: "web1", now: Date.now });
    await repository.close();
    await repository.backend.close();
    assert.equal(made.errorCount, 0);
    const mintedByBackup = time.minted;
    assert.ok(mintedByBackup >= 3, `${mintedByBackup} tokens for a backup`);

    // A restore asks for little: a part of a pack at a time.
    usesPerToken = 2;
    const again = await openRepository(await open(), password, { cacheDirectory: null, now: Date.now });
    await again.loadIndex();
    const [snapshot] = await listSnapshots(again);
    const target = await temporaryDirectory("token-target");
    const restored = await restoreSnapshot(again, { snapshot: snapshot!, target });
    await again.close();
    await again.backend.close();
    assert.equal(restored.errors, 0);
    assert.deepEqual(compareTrees(tree, join(target, tree)).differences, []);
    assert.ok(time.minted - mintedByBackup >= 3, `${time.minted - mintedByBackup} tokens for a restore`);
    assert.ok(proxy.seen.some(({ method, status }) => method === "POST" && status === 401));
    assert.ok(proxy.seen.some(({ method, path, status }) => method === "GET" && /data/.test(path) && status === 401));
  });
});
