// A bit flipped or an end cut off, in each kind of object: the message names the object, verify finds it, nothing wrong is ever restored,
// and what can be mended is mended, to stock restic's satisfaction.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { requireRestic } from "../peers/restic.ts";
import {
  assertWhole,
  type BrokenRepository,
  type DamageKind,
  damageNamed,
  damageObject,
  type FaultSite,
  listSnapshots,
  makeFaultSite,
  mustEnd,
  restic,
} from "../support/backup-faults/index.ts";

describe("a damaged repository", { concurrency: 3 }, () => {
  let site: FaultSite;
  let newPassword: string;
  before(async () => {
    site = await makeFaultSite("backup-damage");
    newPassword = join(site.root, "new-password");
    writeFileSync(newPassword, "battery staple");
  });

  const kinds: readonly DamageKind[] = ["bit flip", "truncation"];

  /** Verify ends with an error and names the object. */
  async function assertFound(repository: BrokenRepository, object: string): Promise<void> {
    const { code, stdout, stderr } = await site.repo(repository.location, ["verify", "--read-data"]);
    assert.equal(code, 1, stdout + stderr);
    assert.ok((stdout + stderr).includes(object), `${object} is not named:\n${stdout}${stderr}`);
  }

  /** Stock restic restores the newest snapshot as it was. */
  async function assertRestores(repository: BrokenRepository, directory: string): Promise<void> {
    const target = `${repository.location}-restored`;
    await restic(repository.location, ["restore", "latest", "--path", directory, "--target", target, "--verify"]);
    execFileSync("diff", ["--recursive", directory, join(target, directory)]);
  }

  for (const kind of kinds) {
    test(`with a ${kind} in its config or only key is refused by name, by every command`, async (t) => {
      if (!requireRestic(t)) return;
      for (const type of ["config", "key"] as const) {
        const repository = await site.copy();
        const object = await damageObject(repository.location, type, kind);
        for (const args of [["verify"], ["snapshots"], ["backup", site.after], ["prune"]]) {
          const { code, stderr } = await site.repo(repository.location, args);
          assert.equal(code, 1, stderr);
          assert.ok(stderr.includes(object), stderr);
        }
      }
    });

    test(`with a ${kind} in its config gets a new one, and nothing else changes`, async (t) => {
      if (!requireRestic(t)) return;
      const repository = await site.copy();
      await damageObject(repository.location, "config", kind);
      const dry = await mustEnd(site.repo(repository.location, ["repair", "config", "--dry-run", "--json"]));
      assert.equal(JSON.parse(dry.stdout).is_damaged, true);
      assert.equal((await site.repo(repository.location, ["snapshots"])).code, 1);
      await mustEnd(site.repo(repository.location, ["repair", "config"]));
      await assertWhole(repository, `config made anew after ${kind}`, ["--read-data"]);
      await assertRestores(repository, site.before);
      await mustEnd(site.repo(repository.location, ["backup", "--quiet", site.after]));
      await assertWhole(repository, "and backed up to", ["--read-data"]);
      const { stdout } = await mustEnd(site.repo(repository.location, ["repair", "config"]));
      assert.match(stdout, /sound; nothing was changed/);
    });

    test(`with a ${kind} in one of its keys opens with the others, and verify tells`, async () => {
      const repository = await site.copy();
      const keys = () => readdirSync(join(repository.location, "keys"));
      const [first] = keys();
      await mustEnd(site.repo(repository.location, ["key", "add", "--new-password-file", newPassword]));
      const second = `keys/${keys().find((name) => name !== first)}`;
      await damageNamed(repository.location, second, kind);
      await assertFound(repository, second);
    });

    test(`with a ${kind} in an index gets a new one from its packs`, async (t) => {
      if (!requireRestic(t)) return;
      const repository = await site.copy();
      const object = await damageObject(repository.location, "index", kind);
      await assertFound(repository, object);
      const { code, stderr } = await site.repo(repository.location, ["backup", site.after]);
      assert.equal(code, 1, "nothing is written on top of damage");
      assert.ok(stderr.includes(object), stderr);
      await mustEnd(site.repo(repository.location, ["repair", "index"]));
      await assertWhole(repository, `index mended after ${kind}`, ["--read-data"]);
      await assertRestores(repository, site.before);
    });

    test(`with a ${kind} in a snapshot has all the others`, async (t) => {
      if (!requireRestic(t)) return;
      const repository = await site.copy();
      const object = await damageObject(repository.location, "snapshot", kind);
      await assertFound(repository, object);
      const { stdout, stderr } = await site.repo(repository.location, ["snapshots", "--json"]);
      assert.ok(stderr.includes(object), stderr);
      const ids = JSON.parse(stdout).map(({ id }: { id: string }) => id);
      assert.deepEqual(
        ids,
        repository.committed.filter((id) => `snapshots/${id}` !== object),
      );
      const { code } = await site.repo(repository.location, ["prune"]);
      assert.equal(code, 1, "what the damaged snapshot needs is not known, so nothing is removed");
    });

    for (const type of ["tree pack", "data pack"] as const) {
      test(`with a ${kind} in a ${type} is whole again after repair and a backup of the same files`, async (t) => {
        if (!requireRestic(t)) return;
        const repository = await site.copy();
        const object = await damageObject(repository.location, type, kind);
        await assertFound(repository, object);
        await mustEnd(site.repo(repository.location, ["repair", "packs", object.slice("data/".length)]));
        await mustEnd(site.repo(repository.location, ["backup", "--force", "--quiet", site.before]));
        await mustEnd(site.repo(repository.location, ["repair", "snapshots", "--forget"]));
        await assertWhole({ ...repository, committed: [] }, `${type} mended after ${kind}`, ["--read-data"]);
        await assertRestores(repository, site.before);
      });
    }
  }

  test("that has lost its config is not made anew over its data, and gets another config of its version", async (t) => {
    if (!requireRestic(t)) return;
    const location = join(site.root, "version-1");
    await restic(location, ["init", "--repository-version", "1"]);
    await restic(location, ["backup", site.before]);
    const committed = await listSnapshots(location);
    rmSync(join(location, "config"));
    const { code, stderr } = await site.repo(location, ["init"]);
    assert.notEqual(code, 0);
    assert.match(stderr, /lost its config; `repair config` makes a new one/);
    await mustEnd(site.repo(location, ["repair", "config"]));
    await assertWhole({ location, committed }, "config made anew after its loss", ["--read-data"]);
    assert.equal(JSON.parse((await restic(location, ["cat", "config"])).stdout).version, 1);
  });
});
