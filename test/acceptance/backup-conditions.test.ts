// Circumstances that a client cannot choose: a disk that is full, a cache that is full, a clock that is wrong by a year.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { startTestServer } from "@mycloud/backup/storage-server/testing";
import { requireRestic } from "../peers/restic.ts";
import {
  assertWhole,
  type BrokenRepository,
  type FaultSite,
  listSnapshots,
  makeFaultSite,
  mustEnd,
  password,
  restic,
} from "../support/backup-faults/index.ts";
import { makeCheapRepository } from "../support/cheap-repository.ts";

const year = 365 * 24 * 3600 * 1000;

describe("under bad conditions", () => {
  let site: FaultSite;
  before(async () => {
    site = await makeFaultSite("backup-conditions");
  });

  /** A small file system of its own, or null (and the test skipped) where none may be mounted: containers without that right, not root. */
  function mountSmall(
    t: { after(fn: () => void): void; skip(message: string): void },
    name: string,
    kib: number,
  ): string | null {
    const place = join(site.root, name);
    mkdirSync(place);
    const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", place], {
      encoding: "utf8",
    });
    if (status !== 0) {
      // Not required in CI either: a full disk is also planned by fault point there (backup-faults.test.ts), which needs no right.
      t.skip(`no tmpfs can be mounted here: ${stderr.trim()}`);
      return null;
    }
    t.after(() => execFileSync("umount", ["--lazy", place]));
    return place;
  }

  const filesBelow = (place: string) => readdirSync(place, { recursive: true, encoding: "utf8" });

  test("a repository on a full disk keeps what it has, and takes more when there is room again", async (t) => {
    if (!requireRestic(t)) return;
    const place = mountSmall(t, "small", 64 * 1024);
    if (place === null) return;
    const repository: BrokenRepository = { ...site.template, location: join(place, "repository") };
    await cp(site.template.location, repository.location, { recursive: true });
    const usedKib = Number(execFileSync("df", ["--output=used", "-k", place], { encoding: "utf8" }).split("\n")[1]);
    execFileSync("mount", ["-o", `remount,size=${usedKib + 1500}k`, place]);

    const { code, stderr } = await site.repo(repository.location, ["backup", "--quiet", site.after]);
    assert.equal(code, 73, stderr);
    assert.match(stderr, /the disk is full/);
    assert.deepEqual(
      filesBelow(repository.location).filter((name) => name.includes("-tmp-")),
      [],
    );
    await assertWhole(repository, "disk full");
    await mustEnd(site.repo(repository.location, ["snapshots"]));

    execFileSync("mount", ["-o", "remount,size=64m", place]);
    await mustEnd(site.repo(repository.location, ["backup", "--quiet", site.after]));
    await assertWhole(repository, "room again", ["--read-data"]);
    await mustEnd(
      site.repo(repository.location, ["forget", "--quiet", "--keep-last", "1", "--prune", "--max-unused", "0"]),
    );
    await assertWhole({ ...repository, committed: [] }, "pruned", ["--read-data"]);
  });

  test("a cache on a full disk only makes things slower", async (t) => {
    const place = mountSmall(t, "cache", 64);
    if (place === null) return;
    writeFileSync(join(place, "ballast"), Buffer.alloc(40 * 1024));
    const { server, stateDirectory } = await startTestServer(t);
    const location = `rest:${server.address}/full/`;
    await makeCheapRepository({ location, password });
    const cache = ["--cache-dir", join(place, "cache")];
    await mustEnd(site.repo(location, ["backup", "--quiet", site.after, ...cache]));
    const { stdout } = await mustEnd(site.repo(location, ["ls", "latest", ...cache]));
    assert.match(stdout, /more\/large/);
    await mustEnd(site.repo(location, ["verify", "--read-data", ...cache]));
    assert.ok(
      filesBelow(place).some((name) => name.includes("snapshots/")),
      "what fits is cached",
    );
    assert.ok(filesBelow(stateDirectory).length > 0);
  });

  test("a client whose clock jumps by years has its snapshots in the order of arrival, and the last is kept", async (t) => {
    if (!requireRestic(t)) return;
    const { server } = await startTestServer(t);
    const location = `rest:${server.address}/clock/`;
    await makeCheapRepository({ location, password });
    const ids: string[] = [];
    for (const offset of [0, year, -year]) {
      writeFileSync(join(site.before, "newest"), `by a clock ${offset} ms off`);
      const time = new Date(Date.now() + offset).toISOString().slice(0, 19).replace("T", " ");
      await mustEnd(site.repo(location, ["backup", "--quiet", "--time", time, site.before]));
      ids.push(...(await listSnapshots(location)).filter((id) => !ids.includes(id)));
    }
    const listed = await mustEnd(site.repo(location, ["snapshots", "--json"]));
    assert.deepEqual(
      JSON.parse(listed.stdout).map(({ id }: { id: string }) => id),
      ids,
    );
    const target = join(site.root, "restored");
    await mustEnd(site.repo(location, ["restore", "--quiet", "latest", "--to", target]));
    assert.equal(readFileSync(join(target, site.before, "newest"), "utf8"), `by a clock ${-year} ms off`);
    await mustEnd(site.repo(location, ["forget", "--quiet", "--keep-last", "1"]));
    assert.deepEqual(await listSnapshots(location), [ids[2]]);
    await restic(location, ["check"]);
  });
});
