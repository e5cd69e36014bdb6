import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { documentedMetrics, exposedMetrics } from "../documentation/index.ts";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { damageLargestPack, damageNamed } from "../support/backup-faults/index.ts";
import { makeCheapRepository } from "../support/cheap-repository.ts";
import { repositoryRoot, runMycloud, startStorage, temporaryDirectory, waitFor } from "../support/index.ts";
import { assertRestores, fill, password, refusedRestic, restic, snapshotsOf } from "../support/stock-restic.ts";

describe("stock restic on mycloud storage", { timeout: 300_000 }, () => {
  let source = "";
  before(async () => {
    source = await fill(join(await temporaryDirectory("source"), "tree"), 60, 100_000);
  });

  test("init, backup, restore, check, keys, forget and prune, with a credential that may", async (t) => {
    if (!requireRestic(t)) return;
    const storage = await startStorage(t);
    const location = await storage.user("customer/web1", "office", "read,append,delete,maintain");
    await restic({ location }, "init");
    await restic({ location }, "backup", source);
    await writeFile(join(source, "file 0"), "changed");
    await restic({ location }, "backup", source);
    assert.equal((await snapshotsOf({ location })).length, 2);
    await assertRestores({ location }, source);
    await restic({ location }, "check", "--read-data");
    const newPassword = join(await temporaryDirectory("key"), "password");
    await writeFile(newPassword, "second");
    await restic({ location }, "key", "add", "--new-password-file", newPassword);
    const second = await runRestic({ location, password: "second" }, ["key", "list", "--json"]);
    const other = JSON.parse(second.stdout).find(({ current }: { current: boolean }) => !current);
    assert.equal((await runRestic({ location, password: "second" }, ["key", "remove", other.id])).code, 0);
    assert.notEqual((await runRestic({ location, password }, ["snapshots"])).code, 0);
    assert.equal(
      (await runRestic({ location, password: "second" }, ["forget", "--keep-last", "1", "--prune"])).code,
      0,
    );
    assert.equal((await runRestic({ location, password: "second" }, ["check", "--read-data"])).code, 0);

    // What lies on the server's disk is a repository for a local restic too.
    const local = join(storage.stateDirectory, "repositories/customer/web1");
    assert.equal((await runRestic({ location: local, password: "second" }, ["check"])).code, 0);
    const metrics = await (await fetch(`${storage.url}/metrics`)).text();
    assert.match(
      metrics,
      /mycloud_storage_repository_last_snapshot_timestamp_seconds\{repository="customer\/web1"\} \d/,
    );
  });

  test("an append-only user backs up and reads, and can delete nothing", async (t) => {
    if (!requireRestic(t)) return;
    const storage = await startStorage(t);
    const client = { location: await storage.user("web1", "web1", "read,append") };
    await makeCheapRepository({ ...client, password });
    await restic(client, "backup", source);
    await restic(client, "backup", join(source, "file 1"));
    const [snapshot] = await snapshotsOf(client);
    await refusedRestic(client, /403/, "forget", snapshot?.id ?? "");
    await refusedRestic(client, /403/, "prune", "--max-unused", "0", "--repack-cacheable-only=false").catch(
      () => undefined,
    );
    assert.equal((await snapshotsOf(client)).length, 2);
    await restic(client, "unlock", "--remove-all");
    await restic(client, "check", "--read-data");
    await assertRestores(client, join(source, "file 1"));
    const stranger = { location: client.location.replace("web1:web1@", "web1:wrong@") };
    await refusedRestic(stranger, /401|Fatal/, "snapshots");
  });

  test("several clients at once, and one that prunes, leave a whole repository", async (t) => {
    if (!requireRestic(t)) return;
    const storage = await startStorage(t);
    const client = { location: await storage.user("shared", "u", "read,append,delete") };
    await makeCheapRepository({ ...client, password });
    const root = await temporaryDirectory("clients");
    const directories = await Promise.all([0, 1, 2, 3].map((at) => fill(join(root, `client ${at}`), 20, 50_000)));
    await Promise.all(
      directories.map((directory) => restic(client, "backup", "--host", directory.slice(-1), directory)),
    );
    await Promise.all([
      ...directories.slice(0, 2).map((directory) => restic(client, "backup", "--host", directory.slice(-1), directory)),
      restic(client, "stats"),
    ]);
    await restic(client, "forget", "--keep-last", "1", "--group-by", "host", "--prune");
    assert.equal((await snapshotsOf(client)).length, 4);
    await restic(client, "check", "--read-data");
  });

  test("what was forgotten and pruned comes back from the trash", async (t) => {
    if (!requireRestic(t)) return;
    const storage = await startStorage(t);
    const client = { location: await storage.user("web1", "u", "read,append,delete") };
    await makeCheapRepository({ ...client, password });
    await restic(client, "backup", source);
    const [snapshot] = await snapshotsOf(client);
    await restic(client, "forget", snapshot?.id ?? "", "--prune");
    assert.deepEqual(await snapshotsOf(client), []);
    const undeleted = await runMycloud(["storage", "undelete", "web1", "--state-dir", storage.stateDirectory]);
    assert.equal(undeleted.code, 0, undeleted.stderr);
    await restic(client, "check", "--read-data");
    await assertRestores(client, source);
  });

  test("its page lists exactly the figures it exposes", async (t) => {
    const storage = await startStorage(t);
    const ours = (metrics: Map<string, string>) =>
      [...metrics].filter(([name]) => name.startsWith("mycloud_")).sort(([a], [b]) => (a < b ? -1 : 1));
    const exposed = exposedMetrics(await (await fetch(`${storage.url}/metrics`)).text());
    const page = await readFile(join(repositoryRoot, "docs/how-to/run-a-storage-server.md"), "utf8");
    assert.deepEqual(ours(documentedMetrics(page)), ours(exposed));
  });

  test("a bit that rots is found by the running server, wanted, and healed by our next backup", async (t) => {
    if (!requireRestic(t)) return;
    const storage = await startStorage(t);
    const client = { location: await storage.user("web1", "u", "read,append") };
    await makeCheapRepository({ ...client, password });
    await restic(client, "backup", source);
    await storage.process().stop();
    const name = await damageLargestPack(join(storage.stateDirectory, "repositories/web1"));
    await storage.start();
    const wanted = await waitFor(
      async () => {
        const list = await wantedOf(storage.url);
        return list.length > 0 && list;
      },
      20_000,
      "the scrub",
    );
    assert.deepEqual(wanted, [`data ${name}`]);
    const check = await runRestic({ location: client.location, password }, ["check"]);
    assert.notEqual(check.code, 0, "restic sees without --read-data that a pack is missing");
    const metrics = await (await fetch(`${storage.url}/metrics`)).text();
    assert.match(metrics, /mycloud_storage_repository_wanted_objects\{repository="web1"\} 1/);

    const passwordFile = join(await temporaryDirectory("key"), "password");
    await writeFile(passwordFile, password);
    const backup = await runMycloud([
      "repo",
      "backup",
      source,
      "--repo",
      client.location,
      "--password-file",
      passwordFile,
    ]);
    assert.equal(backup.code, 0, backup.stderr);
    assert.deepEqual(await wantedOf(storage.url), []);
    await restic(client, "check", "--read-data");
    await assertRestores(client, source);
  });
});

test("config, keys, snapshots and indexes that rot mend themselves", { timeout: 300_000 }, async (t) => {
  if (!requireRestic(t)) return;
  const storage = await startStorage(t, { args: ["--scrub-interval", "0s"] });
  const client = { location: await storage.user("web1", "u", "read,append") };
  const source = await fill(join(await temporaryDirectory("source"), "tree"), 5, 10_000);
  await makeCheapRepository({ ...client, password });
  await restic(client, "backup", source);
  // A pass begins with the server.
  await storage.process().stop();
  await storage.start();
  const copies = join(storage.stateDirectory, "records/web1/copies");
  const count = async () =>
    (await readdir(copies, { recursive: true }).catch(() => [])).filter(
      (path) => path === "config" || path.length > 60,
    );
  await waitFor(async () => (await count()).length === 4, 20_000, "the second copies");
  await storage.process().stop();
  const repository = join(storage.stateDirectory, "repositories/web1");
  for (const path of await count()) await damageNamed(repository, path, "bit flip");
  await storage.start();
  await waitFor(
    () => storage.process().stderr().split("damaged object was replaced by its second copy").length === 5,
    20_000,
    "all four to be replaced",
  );
  await restic(client, "check", "--read-data");
  await assertRestores(client, source);
});

test("prune takes nothing while a snapshot is damaged, and all is whole when its file is back", {
  timeout: 300_000,
}, async (t) => {
  if (!requireRestic(t)) return;
  const storage = await startStorage(t);
  const client = { location: await storage.user("web1", "u", "read,append,delete,maintain") };
  const source = await fill(join(await temporaryDirectory("source"), "tree"), 4, 200_000);
  await makeCheapRepository({ ...client, password });
  await restic(client, "backup", join(source, "file 0"), join(source, "file 1"));
  const [first] = await snapshotsOf(client);
  await restic(client, "backup", join(source, "file 2"), join(source, "file 3"));
  await storage.process().stop();
  const repository = join(storage.stateDirectory, "repositories/web1");
  const file = await readFile(join(repository, "snapshots", first?.id ?? ""));
  await damageNamed(repository, `snapshots/${first?.id}`, "truncation");
  await storage.start();
  await waitFor(async () => (await wantedOf(storage.url)).length === 1, 20_000, "the scrub");

  const passwordFile = join(await temporaryDirectory("key"), "password");
  await writeFile(passwordFile, password);
  const prune = ["prune", "--max-unused", "0", "--repo", client.location, "--password-file", passwordFile];
  const refused = await runMycloud(["repo", ...prune]);
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, new RegExp(`snapshots/${first?.id} is damaged`));

  const address = `${storage.url}/web1/snapshots/${first?.id}`;
  const put = await fetch(address, { method: "POST", body: file, headers: { authorization: basic("u") } });
  assert.equal(put.status, 200);
  assert.equal((await snapshotsOf(client)).length, 2);
  await restic(client, "check", "--read-data");
  assert.equal((await runMycloud(["repo", ...prune])).code, 0);
  await restic(client, "check", "--read-data");
});

async function wantedOf(url: string): Promise<string[]> {
  const answer = await fetch(`${url}/web1/wanted`, { headers: { authorization: basic("u") } });
  const list: unknown = await answer.json();
  return Array.isArray(list) ? list.map(({ type, name }) => `${type} ${name}`) : [];
}

const basic = (user: string): string => `Basic ${Buffer.from(`${user}:${user}`).toString("base64")}`;
