import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { decodeJwt } from "jose";
import type { IncomingResult } from "../check-result/index.ts";
import { createStorageSigner } from "../storage-capability/index.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { createStorageWatch, type StorageWatch } from "./watch-storage.ts";

describe("a storage server is watched", () => {
  let testApp: TestApp;
  let watch: StorageWatch;
  let results: readonly IncomingResult[] = [];
  let nowMs = Date.now();
  const seen: { path: string; repository: unknown }[] = [];
  const damaged = { type: "data", name: "ab".repeat(32), foundAtMs: 1, reason: "rot" };
  const repository = (name: string, more: object = {}) => ({
    ...{ name, bytes: 850, trashBytes: 0, snapshots: 1, lastSnapshotAtMs: nowMs, quotaBytes: 0 },
    ...{ scrubStartedAtMs: nowMs, scrubbedAtMs: nowMs, wantedCount: 0, wanted: [], ...more },
  });
  let answer: object | null = null;
  const server = createServer((request, response) => {
    const { repository: covered } = decodeJwt(String(request.headers.authorization).replace("Bearer ", ""));
    seen.push({ path: String(request.url), repository: covered });
    response.writeHead(answer === null ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { error: { message: "closing" } }));
  });
  const status = (repositories: object[]) => ({
    ...{ totalBytes: 1000, freeBytes: 500, reserveBytes: 10, inodes: 0, inodesFree: 0 },
    repositories,
  });

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    testApp = await startTestApp();
    const { core } = testApp.app;
    assert.ok(core !== null);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const hosts = [
      { kind: "Host", name: "web1", spec: {} },
      { kind: "Host", name: "backup1", spec: {} },
    ];
    const spec = { selector: { hosts: ["web1"] }, paths: ["/home"], quotaBytes: 1000 };
    const resources = [
      ...hosts,
      { kind: "StorageServer", name: "local", spec: { url, isDefault: true, host: "backup1" } },
      { kind: "BackupPolicy", name: "home", spec },
    ];
    const applied = await testApp.call("POST", "/api/v1/apply", { body: { resources } });
    assert.equal(applied.status, 200, applied.text);
    for (let left = 100; (await repositories()).length === 0 && left > 0; left--) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    watch = createStorageWatch({
      ...core,
      now: () => nowMs,
      signer: createStorageSigner(core),
      acceptCheckResults: async (batch) => {
        results = [...results, ...batch.results];
        return { isDuplicate: false, answerJson: "null" };
      },
    });
  });
  after(async () => {
    await testApp.stop();
    server.close();
  });

  const repositories = async () => (await testApp.call("GET", "/api/v1/backup-repositories")).body.data;
  const look = async () => {
    results = [];
    await watch.look(new AbortController().signal);
    const { data } = (await testApp.call("GET", "/api/v1/services?perPage=100")).body;
    const names = new Map(data.map(({ id, name }: { id: number; name: string }) => [id, name]));
    return new Map(results.map((result) => [names.get(result.serviceId ?? 0), result]));
  };

  it("tells what repositories take, what is damaged, and of those that no policy knows", async () => {
    const known = repository("-/web1/home", { wantedCount: 1, wanted: [damaged] });
    answer = status([known, repository("laptop"), repository("empty", { lastSnapshotAtMs: null })]);
    const told = await look();
    assert.deepEqual(seen.at(-1), { path: "/status", repository: "*" });
    assert.deepEqual([...told.keys()].sort(), ["backup-freshness laptop", "backup-verify laptop", "storage local"]);
    assert.match(told.get("storage local")?.output ?? "", /^STORAGE OK - 490 B of 1000 B free/);
    const [{ usedBytes, quotaBytes, damaged: objects }] = await repositories();
    assert.deepEqual([usedBytes, quotaBytes, objects[0].object], [850, 1000, `data/${damaged.name}`]);
    nowMs += 27 * 3_600_000;
    answer = status([repository("-/web1/home"), { ...repository("laptop"), lastSnapshotAtMs: nowMs - 27 * 3_600_000 }]);
    const later = await look();
    assert.equal(later.get("backup-freshness laptop")?.returnCode, 2);
    assert.deepEqual((await repositories())[0].damaged, []);
  });

  it("one that does not answer is CRITICAL, and what is known of its repositories stays", async () => {
    answer = null;
    const told = await look();
    assert.deepEqual([...told.keys()], ["storage local"]);
    assert.match(told.get("storage local")?.output ?? "", /does not answer: it answered 503/);
    assert.equal((await repositories())[0].usedBytes, 850);
    const { data } = (await testApp.call("GET", "/api/v1/services?perPage=100")).body;
    assert.ok(data.some(({ name }: { name: string }) => name === "backup-freshness laptop"));
  });

  it("two storage servers on one host keep their services apart, also those of repositories of the same name", async () => {
    answer = status([repository("laptop")]);
    await look();
    const { db } = testApp.app.core!.database;
    const before = await db.selectFrom("service").select(["id", "name"]).where("managed_by", "is not", null).execute();
    const kept = new Map(before.map(({ id, name }) => [name, id]));
    // As services were marked when there was one storage server to a host.
    await db.updateTable("service").set({ managed_by: "storage" }).where("managed_by", "like", "storage:%").execute();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const resources = [{ kind: "StorageServer", name: "second", spec: { url, host: "backup1" } }];
    const applied = await testApp.call("POST", "/api/v1/apply", { body: { resources } });
    assert.equal(applied.status, 200, applied.text);
    const expected = [
      "backup-freshness laptop",
      "backup-freshness laptop (second)",
      "backup-verify laptop",
      "backup-verify laptop (second)",
      "storage local",
      "storage second",
    ];
    for (let round = 0; round < 3; round++) assert.deepEqual([...(await look()).keys()].sort(), expected);
    const after = await db
      .selectFrom("service")
      .select(["id", "name"])
      .where("managed_by", "like", "storage%")
      .execute();
    assert.deepEqual(after.map(({ name }) => name).sort(), expected);
    for (const { id, name } of after) assert.equal(id, kept.get(name) ?? id, `${name} is the service that it was`);

    answer = null;
    assert.deepEqual([...(await look()).keys()].sort(), ["storage local", "storage second"]);
    const { data } = (await testApp.call("GET", "/api/v1/storage-servers")).body;
    const second = data.find(({ name }: { name: string }) => name === "second");
    assert.ok((await testApp.call("DELETE", `/api/v1/storage-servers/${second.id}`)).status < 300);
    answer = status([repository("laptop")]);
    assert.deepEqual([...(await look()).keys()].sort(), [
      "backup-freshness laptop",
      "backup-verify laptop",
      "storage local",
    ]);
    const left = (await testApp.call("GET", "/api/v1/services?perPage=100")).body.data;
    assert.ok(!left.some(({ name }: { name: string }) => name.includes("second")));
  });
});
