// Whoever has the password can write any snapshot. What an agent does with one, as root: nothing outside of where it was told to write.
import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  type ForgedNode,
  forgeBlobs,
  forgedDirectory,
  forgedFile,
  forgedSymlink,
  forgeTree,
} from "../../../test/support/forge-snapshot.ts";
import { byteString } from "../byte-string/index.ts";
import { isRoot } from "../filesystem/testing.ts";
import { openFixture } from "../restorer/fixtures/snapshot-of.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { carryOut } from "./carry-out.ts";
import { planRestore } from "./plan-restore.ts";

type Kind = "checkout" | "rollback" | "restore";
const kinds = ["checkout", "rollback", "restore"] as const;
/** Go's os.FileMode. */
const goMode = {
  directory: 0x8000_0000,
  device: 0x0400_0000,
  pipe: 0x0200_0000,
  setuid: 0x0080_0000,
  setgid: 0x0040_0000,
};
const goCharacterDevice = 0x0020_0000;
const goSticky = 0x0010_0000;

/** A directory that is restored to, beside one with something in it that nobody may touch. */
async function prepare(context: TestContext) {
  const { root, repository, take } = await openFixture(context);
  mkdirSync(join(root, "seed"));
  const honest = await take(join(root, "seed"));
  const [evil = ""] = await forgeBlobs(repository, "data", ["evil"]);

  function place() {
    const base = mkdtempSync(join(root, "place-"));
    const [target, victim] = [join(base, "target"), join(base, "victim")];
    mkdirSync(target);
    mkdirSync(victim);
    chmodSync(victim, 0o755);
    writeFileSync(join(victim, "file"), "precious", { mode: 0o600 });
    const look = () =>
      [victim, join(victim, "file")]
        .map((path) => lstatSync(path, { bigint: true }))
        .map((stat) => ({
          mode: stat.mode,
          uid: stat.uid,
          mtime: stat.mtimeNs,
          ctime: stat.ctimeNs,
          links: stat.nlink,
        }));
    const before = look();
    return {
      base,
      target,
      victim,
      assertUntouched() {
        assert.deepEqual(readdirSync(base).sort(), ["target", "victim"]);
        assert.deepEqual(readdirSync(victim), ["file"]);
        assert.equal(readFileSync(join(victim, "file"), "utf8"), "precious");
        assert.deepEqual(look(), before);
      },
    };
  }

  /** As the agent does it: planned, then carried out, both by force. In place, the directories above are the snapshot's as well. */
  async function bring(kind: Kind, nodes: readonly ForgedNode[], target: string) {
    let tree = await forgeTree(repository, nodes);
    const isInPlace = kind !== "restore";
    if (isInPlace) {
      for (const name of target
        .split("/")
        .filter((part) => part !== "")
        .reverse()) {
        const above = { ...forgedDirectory(name, tree), mode: goMode.directory + goSticky + 0o777 };
        tree = await forgeTree(repository, [above]);
      }
    }
    const paths = [byteString(isInPlace ? target : "/")];
    const snapshot: StoredSnapshot = { ...honest, tree, paths };
    const signal = new AbortController().signal;
    const asked = { kind, snapshot, paths, target: isInPlace ? "/" : target, threads: 1, signal };
    try {
      const others = kind === "rollback" ? ("assumed" as const) : [];
      const planned = await planRestore(repository, { ...asked, isForced: true, others, exclude: {} });
      return await carryOut(repository, planned, asked);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  return { repository, evil, place, bring };
}

type Outcome = Awaited<ReturnType<Awaited<ReturnType<typeof prepare>>["bring"]>>;

function assertRefused(outcome: Outcome): void {
  if (outcome instanceof Error) assert.match(outcome.message, /tree|name|damaged/i);
  else assert.ok(outcome.errorCount > 0, JSON.stringify(outcome));
}

function assertDone(outcome: Outcome): void {
  assert.ok(!(outcome instanceof Error), String(outcome));
  assert.deepEqual(outcome.errors, []);
}

for (const kind of kinds) {
  test(`a ${kind} takes no name that leads out of its directory`, async (context) => {
    const { repository, evil, place, bring } = await prepare(context);
    const { target, victim, assertUntouched } = place();
    const inside = await forgeTree(repository, [forgedFile("file", [evil], 4)]);
    for (const name of ["..", "", "../victim/file", join(victim, "file"), "nul\0"]) {
      assertRefused(await bring(kind, [forgedFile(name, [evil], 4)], target));
    }
    for (const name of ["..", "../victim"]) {
      assertRefused(await bring(kind, [forgedDirectory(name, inside)], target));
      assertRefused(await bring(kind, [forgedSymlink(name, victim)], target));
    }
    assertUntouched();
    assert.deepEqual(readdirSync(target), []);
  });

  test(`a ${kind} makes links that lead elsewhere, and goes through none of them`, async (context) => {
    const { repository, evil, place, bring } = await prepare(context);
    const { target, victim, assertUntouched } = place();
    const inside = await forgeTree(repository, [forgedFile("file", [evil], 4)]);
    const extended = [{ name: "user.evil", value: Buffer.from("x").toString("base64") }];
    const links = [
      { ...forgedSymlink("directory", victim), uid: 65_534, extended_attributes: extended },
      { ...forgedSymlink("file", join(victim, "file")), uid: 65_534 },
      forgedSymlink("new", join(victim, "new")),
    ];
    assert.ok(!((await bring(kind, links, target)) instanceof Error));
    assert.equal(readlinkSync(join(target, "directory")), victim);
    assertUntouched();
    // The links are there now, and the next snapshot has other things in their place.
    const next = [forgedDirectory("directory", inside), forgedFile("file", [evil], 4), forgedFile("new", [evil], 4)];
    assertDone(await bring(kind, next, target));
    assert.equal(readFileSync(join(target, "directory/file"), "utf8"), "evil");
    assertUntouched();
    // Both at once, under one name.
    assertRefused(await bring(kind, [forgedSymlink("x", victim), forgedDirectory("x", inside)], target));
    assertRefused(await bring(kind, [forgedSymlink("y", join(victim, "file")), forgedFile("y", [evil], 4)], target));
    assertUntouched();
  });

  test(`a ${kind} does not write below a link that is a directory in the snapshot's path`, async (context) => {
    const { evil, place, bring } = await prepare(context);
    const { target, victim, assertUntouched } = place();
    rmSync(target, { recursive: true });
    symlinkSync(victim, target);
    const outcome = await bring(kind, [forgedFile("planted", [evil], 4)], target);
    if (kind === "restore") {
      // Where to is the person's own word, links on the way included.
      assertDone(outcome);
      assert.deepEqual(readdirSync(victim).sort(), ["file", "planted"]);
      return;
    }
    assert.ok(!existsSync(join(victim, "planted")));
    assertUntouched();
  });

  test(`a ${kind} makes devices and programs with rights only where it was told to`, {
    skip: !isRoot,
  }, async (context) => {
    const { evil, place, bring } = await prepare(context);
    const { target, assertUntouched } = place();
    const zero = {
      ...forgedFile("zero", [], 0),
      type: "chardev",
      mode: goMode.device + goCharacterDevice + 0o666,
      device: 0x0105,
    };
    const disk = { ...forgedFile("disk", [], 0), type: "dev", mode: goMode.device + 0o600, device: 0x2a00 };
    const pipe = { ...forgedFile("pipe", [], 0), type: "fifo", mode: goMode.pipe + 0o666 };
    const program = { ...forgedFile("program", [evil], 4), mode: goMode.setuid + goMode.setgid + 0o755 };
    assert.ok(!((await bring(kind, [disk, pipe, program, zero], target)) instanceof Error));
    for (const name of readdirSync(target)) assert.ok(["disk", "pipe", "program", "zero"].includes(name), name);
    assert.equal(readFileSync(join(target, "program"), "utf8"), "evil");
    assertUntouched();
    // What was a device becomes a file of its own: nothing is written to the device.
    const files = ["disk", "pipe", "zero"].map((name) => forgedFile(name, [evil], 4));
    assertDone(await bring(kind, files, target));
    for (const name of ["disk", "pipe", "zero"]) {
      assert.ok(lstatSync(join(target, name)).isFile(), name);
      assert.equal(readFileSync(join(target, name), "utf8"), "evil");
    }
    assertUntouched();
  });

  test(`a ${kind} gives holes of a hundred gigabytes no room, and does not believe a size`, async (context) => {
    const { repository, evil, place, bring } = await prepare(context);
    const { target, assertUntouched } = place();
    const blobSize = 4 << 20;
    const [zeros = ""] = await forgeBlobs(repository, "data", [new Uint8Array(blobSize)]);
    const count = 25_000;
    const content = new Array<string>(count).fill(zeros);
    const hole = {
      ...forgedFile("hole", content, count * blobSize),
      generic_attributes: { "linux.sparse": true },
    };
    const outcome = await bring(kind, [hole, forgedFile("size", [evil], 1_000_000_000_000_000)], target);
    assert.ok(!(outcome instanceof Error), String(outcome));
    const { size, blocks } = statSync(join(target, "hole"));
    assert.equal(size, count * blobSize);
    assert.ok(blocks * 512 < 16 * blobSize, `${blocks} blocks`);
    assert.ok(!existsSync(join(target, "size")) || statSync(join(target, "size")).size === 4);
    assertUntouched();
  });
}
