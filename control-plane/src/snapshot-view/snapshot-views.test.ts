import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { backUp } from "@mycloud/backup/archiver";
import { openBackend } from "@mycloud/backup/backend";
import { byteString } from "@mycloud/backup/byte-string";
import { initRepository, openRepository } from "@mycloud/backup/repository";
import { startTestServer } from "@mycloud/backup/storage-server/testing";
import type { ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { newAgentKey } from "../agent/testing/agent-api.ts";
import { managedPassword } from "../backup-repository/managed-password.ts";
import type { Core } from "../part.ts";
import { createStorageSigner } from "../storage-capability/index.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { createSnapshotViews, type SnapshotViews } from "./create-snapshot-views.ts";

describe("looking into repositories", () => {
  let testApp: TestApp;
  let core: Core;
  let views: SnapshotViews;
  let directory = "";
  let repositoryId = 0;
  let privateId = 0;
  const asked: unknown[] = [];
  const closing: (() => unknown)[] = [];
  const { signal } = new AbortController();

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "mycloud-views-"));
    testApp = await startTestApp();
    assert.ok(testApp.app.core !== null);
    core = testApp.app.core;
    const enrolment = await post("/api/v1/enrolment-tokens", { customer: "acme" });
    const key = newAgentKey();
    const request = { token: enrolment.body.token, hostName: "web1", agentVersion: "1", publicKey: key.publicKey };
    assert.equal((await post("/api/v1/agent/enrol", request, null)).status, 200);
    const keys = join(directory, "keys.json");
    await writeFile(keys, JSON.stringify(await createStorageSigner(core).publicKeys()));
    // Closed by a test before the others' end.
    const after = (close: () => unknown) => void closing.push(close);
    const storage = await startTestServer(
      { after: after as never },
      {
        tokenPublicKeyFiles: [keys],
      },
    );
    const resources = [
      { kind: "StorageServer", name: "local", spec: { url: storage.server.address, isDefault: true } },
      { kind: "BackupPolicy", name: "home", spec: { selector: {}, paths: ["/home"] } },
      { kind: "BackupPolicy", name: "own", spec: { selector: {}, paths: ["/own"], keyMode: "private" } },
    ];
    const applied = await post("/api/v1/apply", { resources, prune: [] });
    assert.equal(applied.status, 200, applied.text);
    const repositories = await eventually<{ id: number; policyName: string }>(
      async () => (await testApp.call("GET", "/api/v1/backup-repositories")).body.data,
    );
    repositoryId = repositories.find(({ policyName }) => policyName === "home")?.id ?? 0;
    privateId = repositories.find(({ policyName }) => policyName === "own")?.id ?? 0;
    views = createSnapshotViews(core, {
      askAgent: async (_hostId, question) => {
        asked.push(question);
        return { head: { view: { kind: "snapshots", snapshots: [] } }, body: null };
      },
    });
    await mkdir(join(directory, "home"));
    await writeFile(join(directory, "home/notes.txt"), "first\n");
    await backUpHome();
  });
  after(async () => {
    await views.part.stop?.();
    for (const close of closing) await close();
    await testApp.stop();
    await rm(directory, { recursive: true });
  });

  const post = (path: string, body: unknown, token?: string | null) =>
    testApp.call("POST", path, { body, ...(token === undefined ? {} : { token }) });

  async function eventually<Row>(ask: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
    for (let left = 200; ; left--) {
      const rows = await ask();
      if (rows.length >= 2 || left === 0) return rows;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** As an agent does, with a token that can append. */
  async function backUpHome(): Promise<void> {
    const password = await managedPassword(core.database.db, core.sealer, repositoryId);
    const { path, url } = await place();
    const { token } = await createStorageSigner(core).mint({
      repository: path,
      verbs: ["read", "append"],
      quotaBytes: null,
      lifetimeMs: 60_000,
      subject: "test",
    });
    const backend = await openBackend(`rest:${url}/${path}/`, { readCredentials: async () => ({ token }) });
    const repository = await openRepository(backend, password, { cacheDirectory: null, now: Date.now }).catch(() =>
      initRepository(backend, { password, now: Date.now, kdf: { N: 1024, r: 8, p: 1 } }),
    );
    const source = { kind: "paths", paths: [byteString(join(directory, "home"))] } as const;
    await backUp(repository, { source, hostname: "web1", now: Date.now, threads: 1 });
    await repository.close();
  }

  async function place(): Promise<{ path: string; url: string }> {
    const { path } = (await testApp.call("GET", `/api/v1/backup-repositories/${repositoryId}`)).body;
    const row = await core.database.db
      .selectFrom("definition")
      .select("spec_json")
      .where("kind", "=", "StorageServer")
      .executeTakeFirstOrThrow();
    return { path, url: JSON.parse(row.spec_json).url };
  }

  const snapshots = async (): Promise<ViewSnapshot[]> =>
    (await views.askRepository(repositoryId, { kind: "snapshots" }, { signal })).head.snapshots;

  it("a managed repository is read with a token that can only read, and new snapshots show at once", async () => {
    const [first] = await snapshots();
    assert.ok(first !== undefined);
    assert.equal(first.hostName, "web1");
    await writeFile(join(directory, "home/notes.txt"), "second\n");
    await backUpHome();
    const [, second] = await snapshots();
    assert.ok(second !== undefined);
    for (const [snapshot, text] of [
      [first, "first\n"],
      [second, "second\n"],
    ] as const) {
      const path = join(directory, "home/notes.txt");
      const request = { kind: "file", snapshotId: snapshot.id, path, offset: 0, length: null } as const;
      const { head, body } = await views.askRepository(repositoryId, request, { signal });
      assert.equal(head.entry.name, "notes.txt");
      const pieces: Uint8Array[] = [];
      for await (const piece of body ?? []) pieces.push(piece);
      assert.equal(Buffer.concat(pieces).toString(), text);
    }
    assert.equal(
      (await readdir(join(testApp.stateDir, "snapshot-cache"))).filter((name) => name.length === 64).length,
      1,
    );
  });

  it("what is not there is not found, in the control plane's words", async () => {
    const [first] = await snapshots();
    const entry = { kind: "entry", snapshotId: first?.id ?? "", path: "/nowhere" } as const;
    await assert.rejects(views.askRepository(repositoryId, entry, { signal }), {
      code: "MYCLOUD_NOT_FOUND",
      message: /nowhere/,
    });
    await assert.rejects(views.askRepository(999_999, { kind: "snapshots" }, { signal }), {
      code: "MYCLOUD_NOT_FOUND",
    });
  });

  it("a private repository is asked of its host's agent", async () => {
    const { head } = await views.askRepository(privateId, { kind: "snapshots" }, { signal });
    assert.deepEqual(head.snapshots, []);
    assert.deepEqual(asked, [{ kind: "view", repositoryId: privateId, request: { kind: "snapshots" } }]);
  });

  it("without its storage server a repository cannot be read for now", async () => {
    await closing.shift()?.();
    await assert.rejects(snapshots(), { code: "MYCLOUD_UNAVAILABLE", isRetryable: true });
  });
});
