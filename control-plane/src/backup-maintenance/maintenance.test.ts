// Maintenance with its real process and a real storage server, on both databases.
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { backUp } from "@mycloud/backup/archiver";
import { openBackend } from "@mycloud/backup/backend";
import { byteString } from "@mycloud/backup/byte-string";
import { NotFoundError } from "@mycloud/backup/error";
import { initRepository, openRepository, type Repository } from "@mycloud/backup/repository";
import { startTestServer } from "@mycloud/backup/storage-server/testing";
import { newAgentKey, signToken } from "../agent/testing/agent-api.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

forEachDialect((dialect, open) => {
  describe("maintenance of a repository", () => {
    const closing: (() => unknown)[] = [];
    const cleanup: Pick<TestContext, "after"> = { after: (close: () => unknown) => void closing.unshift(close) };
    let testApp: TestApp;
    let agentToken: () => string;
    let data = "";
    let repositories = "";
    let id = 0;
    let path = "";

    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
      data = await mkdtemp(join(tmpdir(), "mycloud-maintained-"));
      const keys = join(data, "..", `${randomUUID()}.json`);
      await writeFile(keys, (await call("GET", "/api/v1/storage-keys")).text);
      const { server, stateDirectory } = await startTestServer(cleanup, { tokenPublicKeyFiles: [keys] });
      await rm(keys);
      repositories = join(stateDirectory, "repositories");
      const enrolment = await call("POST", "/api/v1/enrolment-tokens", {});
      const key = newAgentKey();
      const request = { token: enrolment.token, hostName: "web1", agentVersion: "1", publicKey: key.publicKey };
      const enrolled = (await testApp.call("POST", "/api/v1/agent/enrol", { body: request, token: null })).body;
      agentToken = () => signToken(key.privateKey, enrolled.agentId, Date.now());
      const spec = { selector: {}, paths: [data], retention: { keepLast: 1 } };
      const resources = [
        { kind: "StorageServer", name: "local", spec: { url: server.address, isDefault: true } },
        { kind: "BackupPolicy", name: "home", spec },
      ];
      await call("POST", "/api/v1/apply", { resources });
      const [row] = await eventually(
        async () => (await call("GET", "/api/v1/backup-repositories")).data,
        (rows) => rows.length > 0,
      );
      [id, path] = [row.id, row.path];
    });
    after(async () => {
      await testApp.stop();
      for (const close of closing) await close();
      await rm(data, { recursive: true, force: true });
    });

    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers and fail when they are not as expected
    async function call(method: string, where: string, body?: object, token?: string): Promise<any> {
      const answer = await testApp.call(method, where, {
        ...(body === undefined ? {} : { body }),
        ...(token === undefined ? {} : { token }),
      });
      assert.ok(answer.status < 300, `${where}: ${answer.text}`);
      return { text: answer.text, ...answer.body };
    }

    async function eventually<T>(ask: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
      for (const endsAtMs = performance.now() + 60_000; ; ) {
        const value = await ask();
        if (isRight(value) || performance.now() > endsAtMs) return value;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }

    /** A run as an agent makes it: credentials, a snapshot, its end. Answers the snapshot's id. */
    async function backUpOnce(change: object | null = null): Promise<string> {
      const runId = randomUUID();
      const about = { repositoryId: id, trigger: "schedule", startedAtMs: Date.now(), agentVersion: "1" };
      const given = await call("POST", `/api/v1/agent/backup-runs/${runId}/credentials`, about, agentToken());
      const backend = await openBackend(given.location, { readCredentials: async () => ({ token: given.token }) });
      const repository: Repository = await openRepository(backend, given.password, {
        cacheDirectory: null,
        now: Date.now,
      }).catch((error: unknown) => {
        if (!(error instanceof NotFoundError)) throw error;
        return initRepository(backend, { password: given.password, kdf: { N: 1024, r: 1, p: 1 }, now: Date.now });
      });
      await writeFile(join(data, "file"), randomBytes(50_000));
      const source = { kind: "paths", paths: [byteString(data)] } as const;
      const { snapshotId } = await backUp(repository, { source, hostname: "web1", now: Date.now, threads: 1 });
      await repository.close();
      await backend.close();
      assert.ok(snapshotId !== null);
      const snapshots = [{ id: snapshotId, source: "paths" }];
      const end = { runId, ...about, phase: "done", finishedAtMs: Date.now(), snapshots, change };
      await call("POST", "/api/v1/agent/backup-runs", end, agentToken());
      return snapshotId;
    }

    const inRepository = (type: string) => readdir(join(repositories, path, type));
    async function ended(kind: string, count = 1) {
      const filter = encodeURIComponent(JSON.stringify({ kind }));
      const runs = await eventually(
        async () => (await call("GET", `/api/v1/backup-maintenance-runs?filter=${filter}`)).data,
        (rows) => rows.filter(({ phase }: { phase: string }) => phase !== "running").length >= count,
      );
      assert.equal(runs[0]?.phase, "done", JSON.stringify(runs));
      return runs[0];
    }

    it("retention is applied when asked for", async () => {
      await backUpOnce();
      await backUpOnce();
      const newest = await backUpOnce();
      await call("POST", `/api/v1/backup-repositories/${id}/maintain`);
      const { figures } = await ended("retention");
      assert.deepEqual([figures.snapshotsKept, figures.snapshotsRemoved], [1, 2]);
      assert.deepEqual(await inRepository("snapshots"), [newest]);
    });

    it("a freeze holds what was there before, and its release lets go", async () => {
      const [before] = await inRepository("snapshots");
      const figures = { filesBefore: 100, added: 40, removed: 40, changed: 0, rewritten: 0, scrambled: 40 };
      const more = { scrambledRenamed: 40, newExtension: "locked", addedBytes: 1, incompressibleBytes: 1 };
      await backUpOnce({ ...figures, ...more, canaries: [], examples: ["/home/a.locked"] });
      assert.equal((await ended("hold")).figures.holdsPlaced, 1);
      assert.deepEqual(await inRepository("holds"), [before]);
      await call("POST", `/api/v1/backup-repositories/${id}/release-freeze`);
      await ended("release");
      assert.deepEqual(await inRepository("holds"), []);
    });

    it("what a scrub finds damaged is examined: it names file and snapshot", async () => {
      const snapshots = await inRepository("snapshots");
      const directory = join(repositories, path, "data");
      const packs = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
      for (const { parentPath, name } of packs) {
        const pack = join(parentPath, name);
        const bytes = await readFile(pack);
        if (bytes.length < 50_000) continue;
        bytes[bytes.length >> 1]! ^= 1;
        await chmod(pack, 0o600);
        await writeFile(pack, bytes);
      }
      await call("POST", `/api/v1/backup-repositories/${id}/scrub`);
      const damaged = await eventually(
        async () => (await call("GET", "/api/v1/backup-repositories")).data[0].damaged,
        (objects) => objects.length > 0 && objects.every(({ fileCount }: { fileCount: number }) => fileCount > 0),
      );
      assert.ok(damaged[0]?.files[0]?.path.endsWith("/file"), JSON.stringify(damaged));
      assert.ok(
        snapshots.some((one) => damaged[0].snapshots.includes(one)),
        JSON.stringify(damaged),
      );
      await ended("examine");
    });
  });
});
