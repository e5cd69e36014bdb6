import assert from "node:assert/strict";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { damageLargestPack, type ServerWork, serverFaults } from "../support/backup-faults/index.ts";
import { makeCheapRepository } from "../support/cheap-repository.ts";
import { runMycloud, startStorage, temporaryDirectory } from "../support/index.ts";
import { assertRestores, fill, password, type ResticClient, restic, snapshotsOf } from "../support/stock-restic.ts";

const rareWorks: ReadonlySet<ServerWork> = new Set(["making", "removal", "scrub"]);
/** `npm run test:faults` goes through all of them; otherwise one of each two steps, and every kind of work. */
const isThorough = process.env.MYCLOUD_TEST_FAULTS === "all";
const faults = serverFaults.filter(([, , work], at) => isThorough || at % 2 === 0 || rareWorks.has(work));

describe("a storage server that is killed", { timeout: 300_000, concurrency: 3 }, () => {
  let source = "";
  let template = "";
  before(async () => {
    source = await fill(join(await temporaryDirectory("source"), "tree"), 12, 400_000);
    const storage = await startStorage({ after: () => {} });
    const location = await storage.user("web1", "u", "read,append,delete,maintain");
    await storage.user("web2", "u", "read,append");
    await makeCheapRepository({ location, password });
    await restic({ location }, "backup", join(source, "file 0"), join(source, "file 1"));
    await restic({ location }, "backup", join(source, "file 1"));
    await storage.process().stop();
    template = storage.stateDirectory;
  });

  for (const [point, nth, work] of faults) {
    test(`at ${point} (${nth}) during a ${work} loses nothing, and all goes on`, async (t) => {
      if (!requireRestic(t)) return;
      const stateDirectory = await temporaryDirectory("killed");
      await cp(template, stateDirectory, { recursive: true });
      const damaged = work === "scrub" ? await damageLargestPack(join(stateDirectory, "repositories/web1")) : "";
      const env = { MYCLOUD_FAULT_POINT: `${point}:${nth}`, MYCLOUD_STORAGE_WEBHOOK: "http://127.0.0.1:9/" };
      const storage = await startStorage(t, { stateDirectory, env });
      const [web1, web2] = ["web1", "web2"].map((name) => ({
        location: `rest:http://u:u@127.0.0.1:${storage.port}/${name}/`,
      }));
      assert.ok(web1 && web2);
      const doomed = storage.process();
      const working = begin(work, { source, web1, web2, url: storage.url });
      assert.equal((await doomed.ended).signal, "SIGKILL");
      await storage.start();
      await working;
      assert.deepEqual(await readdir(join(stateDirectory, "tmp")), []);

      if (work === "making") {
        await restic(web2, "init");
        await restic(web2, "backup", source);
        await restic(web2, "check", "--read-data");
      } else if (work === "removal") {
        assert.deepEqual(await readdir(join(stateDirectory, "records")), []);
        const undeleted = await runMycloud(["storage", "undelete", "web1", "--state-dir", stateDirectory]);
        assert.equal(undeleted.code, 0, undeleted.stderr);
      } else if (work === "scrub") {
        await healed(web1, { source, stateDirectory, url: storage.url, damaged });
      }
      const expected = { backup: 3, prune: 1, making: 2, removal: 2, scrub: 3 } as const satisfies Record<
        ServerWork,
        number
      >;
      assert.equal((await snapshotsOf(web1)).length, expected[work]);
      await restic(web1, "check", "--read-data");
      if (work === "backup") await assertRestores(web1, source);
    });
  }
});

interface Scene {
  readonly source: string;
  readonly web1: ResticClient;
  readonly web2: ResticClient;
  readonly url: string;
}

/** Begins what the server dies at. Resolves when that has ended, be it because the server is there again; a client of one request fails. */
async function begin(work: ServerWork, { source, web1, web2, url }: Scene): Promise<void> {
  if (work === "backup") await restic(web1, "backup", source);
  if (work === "prune")
    await restic(web1, "forget", "--keep-last", "1", "--group-by", "", "--prune", "--max-unused", "0");
  if (work === "making") assert.notEqual((await runRestic({ ...web2, password }, ["init"])).code, 0);
  if (work === "removal") await assert.rejects(fetch(`${url}/web1/`, { method: "DELETE", headers: { authorization } }));
}

const authorization = `Basic ${Buffer.from("u:u").toString("base64")}`;

/** What was found damaged was told, is wanted and still to be read; a backup of ours makes it whole. */
async function healed(
  client: ResticClient,
  { source, stateDirectory, url, damaged }: Pick<Scene, "source" | "url"> & { stateDirectory: string; damaged: string },
): Promise<void> {
  const events = await Promise.all(
    (await readdir(join(stateDirectory, "events"))).map((name) =>
      readFile(join(stateDirectory, "events", name), "utf8"),
    ),
  );
  assert.ok(
    events.some((event) => event.includes("damaged-object") && event.includes(damaged)),
    events.join(),
  );
  const wanted = async () => (await fetch(`${url}/web1/wanted`, { headers: { authorization } })).text();
  assert.match(await wanted(), new RegExp(damaged));
  const salvage = await fetch(`${url}/web1/data/${damaged}`, { headers: { authorization } });
  assert.equal(salvage.headers.get("x-mycloud-quarantined"), "1");
  await salvage.arrayBuffer();
  const passwordFile = join(await temporaryDirectory("key"), "password");
  await writeFile(passwordFile, password);
  const backup = ["backup", join(source, "file 0"), join(source, "file 1"), "--repo", client.location];
  const { code, stderr } = await runMycloud(["repo", ...backup, "--password-file", passwordFile]);
  assert.equal(code, 0, stderr);
  assert.equal(await wanted(), "[]");
}

test("a server that is killed again and again at random times loses no snapshot that a client was told of", {
  timeout: 300_000,
}, async (t) => {
  if (!requireRestic(t)) return;
  const storage = await startStorage(t);
  const client = { location: await storage.user("web1", "u", "read,append,delete") };
  await makeCheapRepository({ ...client, password });
  const sources = await Promise.all(
    [0, 1].map(async (at) => fill(join(await temporaryDirectory("source"), `tree ${at}`), 30, 200_000)),
  );
  let isWorking = true;
  const killing = (async () => {
    for (let kills = 0; isWorking; kills++) {
      await sleep(200 + Math.random() * 2_500);
      storage.process().kill("SIGKILL");
      await storage.process().ended;
      await storage.start();
      if (kills > 20) throw new Error("the clients do not get on");
    }
  })();
  await Promise.all(sources.map((source, at) => restic(client, "backup", "--host", `h${at}`, source)));
  await restic(client, "forget", "--keep-last", "1", "--group-by", "host", "--prune");
  isWorking = false;
  await killing;
  assert.equal((await snapshotsOf(client)).length, 2);
  await restic(client, "check", "--read-data");
});
