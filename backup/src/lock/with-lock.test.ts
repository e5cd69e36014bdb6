import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openLocalBackend } from "../backend/local/index.ts";
import { LockedError } from "../error/index.ts";
import { initRepository, openRepository, type Repository } from "../repository/index.ts";
import { listLocks, unlock, withLock } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "mycloud-lock-"));
after(() => rmSync(root, { recursive: true }));
const now = Date.now;
const cheap = { N: 2, r: 8, p: 1 };
let count = 0;

async function newRepository(): Promise<Repository> {
  return await initRepository(openLocalBackend(join(root, String(count++))), { password: "x", kdf: cheap, now });
}

/** One as if it lay on a server: a lock counts only after a while in which others' may appear. */
async function newRemoteRepository(): Promise<Repository> {
  const backend = Object.defineProperty(openLocalBackend(join(root, String(count++))), "isRemote", { value: true });
  return await initRepository(backend, { password: "x", kdf: cheap, now });
}

const lockCount = async (repository: Repository) => (await repository.backend.list("locks")).length;

/** A lock as restic writes it. */
const resticLock = (changes: object = {}) => ({
  time: new Date().toISOString(),
  exclusive: false,
  hostname: "elsewhere",
  username: "eve",
  pid: 4711,
  uid: 0,
  gid: 0,
  ...changes,
});

test("many may share a lock, one alone may hold it exclusively, and nothing is left afterwards", async () => {
  const repository = await newRepository();
  await withLock(repository, { isExclusive: false }, async () => {
    await withLock(repository, { isExclusive: false }, async () => {
      assert.equal(await lockCount(repository), 2);
      await assert.rejects(
        withLock(repository, { isExclusive: true }, async () => assert.fail("both")),
        LockedError,
      );
    });
  });
  assert.equal(await lockCount(repository), 0);
  await withLock(repository, { isExclusive: true }, async () => {
    for (const isExclusive of [false, true]) {
      await assert.rejects(
        withLock(repository, { isExclusive }, async () => assert.fail("both")),
        LockedError,
      );
    }
    assert.equal(await lockCount(repository), 1, "who is refused leaves no lock");
  });
  assert.equal(await lockCount(repository), 0);
});

test("of many who want it exclusively at once, never two have it", async () => {
  const repository = await newRepository();
  let holders = 0;
  const attempts = Array.from({ length: 6 }, () =>
    withLock(repository, { isExclusive: true }, async () => {
      holders++;
      assert.equal(holders, 1);
      await sleep(20);
      holders--;
    }),
  );
  const outcomes = await Promise.allSettled(attempts);
  for (const outcome of outcomes)
    if (outcome.status === "rejected") assert.ok(outcome.reason instanceof LockedError, String(outcome.reason));
  assert.equal(await lockCount(repository), 0);
});

test("who holds the lock is said", async () => {
  const repository = await newRepository();
  await repository.saveUnpacked("locks", resticLock({ exclusive: true, time: new Date().toISOString() }));
  await assert.rejects(
    withLock(repository, { isExclusive: false }, async () => undefined),
    (error) => {
      assert.ok(error instanceof LockedError && error.isRetryable);
      assert.match(error.message, /exclusively by eve@elsewhere, pid 4711, since \d{4}-/);
      return true;
    },
  );
});

test("work waits for a lock as long as it was told to", async () => {
  const repository = await newRepository();
  const id = await repository.saveUnpacked("locks", resticLock({ exclusive: true }));
  setTimeout(() => void repository.backend.remove({ type: "locks", name: id }), 300);
  assert.equal(await withLock(repository, { isExclusive: true, retryForMs: 20_000 }, async () => "done"), "done");
  const another = await repository.saveUnpacked("locks", resticLock({ exclusive: true }));
  const signal = AbortSignal.timeout(500);
  await assert.rejects(
    withLock(repository, { isExclusive: true, retryForMs: 20_000, signal }, async () => undefined),
    { name: "AbortError" },
  );
  assert.deepEqual(
    (await listLocks(repository)).map(({ id }) => id),
    [another],
  );
});

test("a lock is released when the work throws or is aborted", async () => {
  const repository = await newRepository();
  await assert.rejects(
    withLock(repository, { isExclusive: true }, async () => Promise.reject(new Error("broken"))),
    /broken/,
  );
  const controller = new AbortController();
  const work = withLock(repository, { isExclusive: true, signal: controller.signal }, async (signal) => {
    controller.abort(new Error("enough"));
    signal.throwIfAborted();
  });
  await assert.rejects(work, /enough/);
  assert.equal(await lockCount(repository), 0);
});

test("a lock is refreshed while the work goes on, and never absent", async () => {
  const repository = await newRepository();
  const seen = new Set<string>();
  await withLock(repository, { isExclusive: false, refreshEveryMs: 30 }, async () => {
    for (let i = 0; i < 20 || (i < 2_000 && seen.size < 3); i++) {
      const locks = await repository.backend.list("locks");
      assert.ok(locks.length >= 1);
      for (const { name } of locks) seen.add(name);
      await sleep(15);
    }
  });
  assert.ok(seen.size >= 3);
  assert.equal(await lockCount(repository), 0);
});

test("work is told when somebody removes its lock", async () => {
  const repository = await newRepository();
  const work = withLock(repository, { isExclusive: true, refreshEveryMs: 20 }, async (signal) => {
    // Again, for one does not see the lock of a refresh that is under way.
    for (const endsAtMs = performance.now() + 60_000; performance.now() < endsAtMs; ) {
      await unlock(repository, { removeAll: true, now });
      await sleep(200, undefined, { signal });
    }
  });
  await assert.rejects(work, { name: "AbortError" });
  assert.equal(await lockCount(repository), 0);
});

const note = { any: "document" };

test("early work may read, and write, as any other", async () => {
  const repository = await newRepository();
  await withLock(repository, { isExclusive: false, startsEarly: true }, async () => {
    await repository.loadIndex();
    await repository.saveUnpacked("snapshots", note);
  });
  assert.equal((await repository.backend.list("snapshots")).length, 1);
  assert.equal(await lockCount(repository), 0);
});

test("early work that meets another lock writes nothing, and its result does not count", async () => {
  const repository = await newRemoteRepository();
  for (const writes of [true, false]) {
    const work = withLock(repository, { isExclusive: false, startsEarly: true }, async (signal) => {
      await repository.saveUnpacked("locks", resticLock({ exclusive: true }));
      if (writes) await repository.saveUnpacked("snapshots", note);
      else await sleep(5, undefined, { signal });
    });
    await assert.rejects(work, LockedError);
    assert.deepEqual(await repository.backend.list("snapshots"), []);
    assert.equal(await lockCount(repository), 1, "the other's");
    await unlock(repository, { removeAll: true, now });
    await repository
      .saveUnpacked("snapshots", note)
      .then((id) => repository.backend.remove({ type: "snapshots", name: id }));
  }
});

test("early work is told when the lock counts, other work has one that does", async () => {
  for (const startsEarly of [true, false]) {
    const repository = await newRemoteRepository();
    await withLock(repository, { isExclusive: false, startsEarly }, async (_signal, confirmed) => {
      const first = await Promise.race([confirmed.then(() => "confirmed"), sleep(20, "not yet")]);
      assert.equal(first, startsEarly ? "not yet" : "confirmed");
      await confirmed;
    });
  }
  const repository = await newRemoteRepository();
  const work = withLock(repository, { isExclusive: false, startsEarly: true }, async (_signal, confirmed) => {
    await repository.saveUnpacked("locks", resticLock({ exclusive: true }));
    await assert.rejects(confirmed, LockedError);
  });
  await assert.rejects(work, LockedError);
});

test("early work is done again, confirmed this time, when it may wait", async () => {
  const repository = await newRemoteRepository();
  let times = 0;
  const result = await withLock(
    repository,
    { isExclusive: false, startsEarly: true, retryForMs: 20_000 },
    async (signal) => {
      if (times++ > 0) return "done";
      const id = await repository.saveUnpacked("locks", resticLock({ exclusive: true }));
      setTimeout(() => void repository.backend.remove({ type: "locks", name: id }), 500);
      return await sleep(60_000, "not done", { signal });
    },
  );
  assert.equal(result, "done");
  assert.equal(times, 2);
  assert.equal(await lockCount(repository), 0);
});

const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
/** Locks exclusively, then dies. */
const killed = `
  import { openLocalBackend } from ${module("../backend/local/index.ts")};
  import { openRepository } from ${module("../repository/index.ts")};
  import { withLock } from ${module("./index.ts")};
  const now = () => Date.now() + Number(process.env.AHEAD_MS);
  const repository = await openRepository(openLocalBackend(process.env.PLACE), "x", { cacheDirectory: null, now });
  const options = { isExclusive: true, now, refreshEveryMs: 20 };
  await withLock(repository, options, async () => {
    if (process.env.MYCLOUD_FAULT_POINT) await new Promise((resolve) => setTimeout(resolve, 10_000));
    process.kill(process.pid, "SIGKILL");
  });`;

test("the lock of a killed process of ours stops nobody here, whatever its clock said", async () => {
  const repository = await newRepository();
  for (const aheadMs of [0, 365 * 86_400_000, -365 * 86_400_000]) {
    const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", killed], {
      env: { ...process.env, PLACE: repository.backend.location, AHEAD_MS: String(aheadMs) },
      encoding: "utf8",
    });
    assert.equal(signal, "SIGKILL", stderr);
    assert.equal(await lockCount(repository), 1);
    assert.equal(
      await withLock(repository, { isExclusive: true }, async () => await lockCount(repository)),
      1,
      "only ours is left",
    );
    assert.equal(await lockCount(repository), 0);
  }
});

test("a process killed while it refreshes its lock leaves two, which stop nobody", async () => {
  const repository = await newRepository();
  const env = {
    ...process.env,
    PLACE: repository.backend.location,
    AHEAD_MS: "0",
    MYCLOUD_FAULT_POINT: "lock/refreshed",
  };
  const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", killed], {
    env,
    encoding: "utf8",
  });
  assert.equal(signal, "SIGKILL", stderr);
  assert.equal(await lockCount(repository), 2);
  await withLock(repository, { isExclusive: true }, async () => undefined);
  assert.equal(await lockCount(repository), 0);
});

test("unlock removes what is stale or unreadable, and with removeAll everything", async () => {
  const repository = await newRepository();
  const held = await repository.saveUnpacked("locks", resticLock());
  await repository.saveUnpacked("locks", resticLock({ time: new Date(Date.now() - 31 * 60_000).toISOString() }));
  await repository.saveUnpacked("locks", resticLock({ hostname: hostname(), pid: 2 ** 22 - 1 }));
  const garbage = Buffer.from("no lock");
  await repository.backend.save({ type: "locks", name: "ab".repeat(32) }, garbage);
  assert.equal(await unlock(repository, { now }), 3);
  assert.deepEqual(
    (await listLocks(repository)).map(({ id }) => id),
    [held],
  );
  assert.equal(await unlock(repository, { removeAll: true, now }), 1);
  assert.equal(await lockCount(repository), 0);
});

test("an unreadable lock stops nobody, as with restic", async () => {
  const repository = await newRepository();
  await repository.backend.save({ type: "locks", name: "ab".repeat(32) }, Buffer.from("no lock"));
  await withLock(repository, { isExclusive: true }, async () => undefined);
  const again = await openRepository(repository.backend, "x", { cacheDirectory: null, now });
  assert.deepEqual(await listLocks(again), []);
});
