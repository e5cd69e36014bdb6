// Backups over a network that loses, repeats, reorders and cuts: nothing committed is lost, and nothing is sent twice for nothing.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { makeCheapRepository } from "../support/cheap-repository.ts";
import { compareTrees } from "../support/compare-trees.ts";
import {
  cleanupOfSuite,
  type FaultyProxy,
  makePlainTree,
  runMycloud,
  runRepo,
  startFaultyProxy,
  startStorage,
  type TestRepository,
  type TestStorage,
  temporaryDirectory,
} from "../support/index.ts";

const root = await temporaryDirectory("backup-rest");
const tree = join(root, "tree");
const password = "over the wire";

describe("a backup over REST", { concurrency: false }, () => {
  const cleanup = cleanupOfSuite();
  let storage: TestStorage;
  let proxy: FaultyProxy;
  let names = 0;

  before(async () => {
    await makePlainTree(tree);
    await mkdir(join(tree, "more"));
    for (let at = 0; at < 4; at++) await writeFile(join(tree, "more", `noise-${at}`), randomBytes(16_000_000));
    storage = await startStorage(cleanup);
    proxy = await startFaultyProxy(cleanup, storage.url);
  });

  /** A new repository, through the proxy and without it. */
  async function newRepository(): Promise<{ readonly faulty: TestRepository; readonly direct: TestRepository }> {
    const name = `host-${++names}`;
    const location = await storage.user(name, name, "read,append,delete,maintain");
    const direct = { location, password };
    proxy.setFaults(() => ({}));
    await makeCheapRepository(direct);
    return { direct, faulty: { location: location.replace(storage.url.slice(7), proxy.url.slice(7)), password } };
  }

  async function assertWhole(repository: TestRepository): Promise<void> {
    const { code, stdout, stderr } = await runRepo(repository, ["verify", "--read-data"]);
    assert.equal(code, 0, stderr + stdout);
  }

  async function assertRestores(repository: TestRepository): Promise<void> {
    const target = join(root, `restored-${names}`);
    const { code, stderr } = await runRepo(repository, ["restore", "latest", "--to", target]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(compareTrees(tree, join(target, tree)).differences, []);
  }

  const isPack = ({ method, path }: { method: string; path: string }) => method === "POST" && path.includes("/data/");

  test("ends with an exit code of its own when the network is cut, and goes on later without sending a pack twice", async (t) => {
    const { faulty, direct } = await newRepository();
    const from = proxy.seen.length;
    let packs = 0;
    proxy.setFaults((request) => {
      if (isPack(request)) packs++;
      return { isDropped: packs > 3 };
    });
    const cut = await runRepo(faulty, ["backup", "--retry-for", "1s", tree]);
    assert.equal(cut.code, 69, cut.stderr);
    assert.match(cut.stderr, /connection was lost; trying again/);
    proxy.setFaults(() => ({}));
    // The lock of the first run could not be removed; the owner is gone, so it is passed over.
    const again = await runRepo(faulty, ["backup", tree]);
    assert.equal(again.code, 0, again.stderr);
    const stored = proxy.seen.slice(from).filter((request) => isPack(request) && request.status === 200);
    const bytes = stored.reduce((sum, request) => sum + request.bytes, 0);
    assert.ok(bytes < 90_000_000, `${bytes} bytes of packs were sent for 73 MB`);
    assert.equal(new Set(stored.map(({ path }) => path)).size, stored.length, "no pack is sent twice");
    await assertWhole(direct);
    await assertRestores(direct);
    if (!requireRestic(t)) return;
    assert.equal((await runRestic(direct, ["check"])).code, 0);
  });

  test("survives requests that are lost, repeated, overtaken, and answers that are lost", async (t) => {
    const { faulty, direct } = await newRepository();
    proxy.setFaults(({ method }, count) => ({
      ...(count % 5 === 0 ? { isDropped: true } : {}),
      ...(count % 7 === 0 ? { isAnswerDropped: true } : {}),
      ...(count % 3 === 0 && method !== "GET" ? { isDuplicated: true } : {}),
      ...(count % 4 === 0 ? { delayMs: 150 } : {}),
    }));
    for (const path of [join(tree, "etc"), tree]) {
      const { code, stderr } = await runRepo(faulty, ["backup", path]);
      assert.equal(code, 0, stderr);
    }
    const forgotten = await runRepo(faulty, ["forget", "--keep-last", "1", "--group-by", "", "--prune"]);
    assert.equal(forgotten.code, 0, forgotten.stderr);
    await assertRestores(faulty);
    proxy.setFaults(() => ({}));
    await assertWhole(direct);
    if (!requireRestic(t)) return;
    const { code, stderr } = await runRestic(direct, ["check", "--read-data"]);
    assert.equal(code, 0, stderr);
  });

  test("waits while the server is busy, and says so once", async () => {
    const { faulty } = await newRepository();
    proxy.setFaults((_, count) => (count % 2 === 0 ? { status: 503 } : {}));
    const { code, stderr } = await runRepo(faulty, ["backup", join(tree, "etc")]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /answers 503; trying again/);
    proxy.setFaults(() => ({}));
  });

  test("goes on with a token that was renewed while it ran, and stops without", async () => {
    const { direct } = await newRepository();
    const name = `host-${names}`;
    const tokenFile = join(root, "token");
    const mint = async () => {
      const create = ["storage", "token", "create", name, "--state-dir", storage.stateDirectory];
      const { code, stdout, stderr } = await runMycloud(create);
      assert.equal(code, 0, stderr);
      return stdout.trim();
    };
    const [old, renewed] = [await mint(), await mint()];
    const withToken: TestRepository = {
      location: `rest:${proxy.url}/${name}/`,
      password,
      env: { MYCLOUD_REST_TOKEN_FILE: tokenFile },
    };
    /** The old token runs out with the third pack; `onRefusal` is what its owner does then. */
    const runOut = (onRefusal: () => void) => {
      let packs = 0;
      proxy.setFaults((request) => {
        if (isPack(request)) packs++;
        if (packs < 3 || request.authorization !== `Bearer ${old}`) return {};
        onRefusal();
        return { status: 401 };
      });
    };
    await writeFile(tokenFile, old);
    runOut(() => {});
    const stopped = await runRepo(withToken, ["backup", tree]);
    assert.equal(stopped.code, 77, stopped.stderr);
    runOut(() => writeFileSync(tokenFile, renewed));
    const { code, stderr } = await runRepo(withToken, ["backup", "--force", tree]);
    proxy.setFaults(() => ({}));
    assert.equal(code, 0, stderr);
    assert.equal(await readFile(tokenFile, "utf8"), renewed);
    assert.doesNotMatch(stopped.stderr + stderr, /eyJ/, "no token is printed");
    await assertWhole(direct);
  });

  test("keeps to its bandwidth", async () => {
    const { direct } = await newRepository();
    const startedAtMs = performance.now();
    const { code, stderr } = await runRepo(direct, ["backup", "--limit-upload", "8000", join(tree, "more/noise-0")]);
    assert.equal(code, 0, stderr);
    assert.ok(performance.now() - startedAtMs > 1700, "16 MB at 8,000 KiB a second take two seconds");
  });
});
