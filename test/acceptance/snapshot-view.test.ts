import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { appendFile, chmod, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { openLocalBackend } from "@mycloud/backup/backend/local";
import { bytesOfDisplayText } from "@mycloud/backup/byte-string";
import { openRepository, type Repository } from "@mycloud/backup/repository";
import { createSnapshotView, type SnapshotView } from "@mycloud/backup/snapshot-view";
import type {
  EntryChange,
  FoundEntry,
  LinesEnd,
  SnapshotEntry,
  ViewHead,
  ViewRequest,
} from "@mycloud/protocol/snapshot-view";
import { ViewRequest as ViewRequestSchema } from "@mycloud/protocol/snapshot-view";
import { makeCheapRepository } from "../support/cheap-repository.ts";
import { makePlainTree, runRepo, type TestRepository } from "../support/repository-fixture.ts";
import { password, type ResticClient, restic } from "../support/stock-restic.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const run = promisify(execFile);

/** A question as it is written, before what is left out is filled in. */
type Question<Kind extends ViewRequest["kind"] = ViewRequest["kind"]> = Extract<
  (typeof ViewRequestSchema)["_input"],
  { kind: Kind }
>;

/** restic's own words for what is asked of us. */
interface ResticNode {
  readonly path: string;
  readonly type: string;
  readonly size?: number;
  readonly permissions: string;
  readonly mtime: string;
}

// Three snapshots, the first by stock restic, the others by us; every answer is held against what stock restic says to the same question.
describe("looking into snapshots", { skip: !existsSync("/usr/bin/restic") && process.env.CI !== "true" }, () => {
  let directory = "";
  let source = "";
  let client: ResticClient & TestRepository;
  let repository: Repository;
  let view: SnapshotView;
  let ids: string[] = [];

  before(async () => {
    directory = await temporaryDirectory("snapshot-view");
    source = join(directory, "data");
    client = { location: join(directory, "repository"), password };
    await makePlainTree(source);
    // A name that is no UTF-8, by way of the shell: Node's paths are text.
    await run("sh", ["-c", `printf odd > "$(printf '${source}/odd\\377name')"`]);
    await writeFile(join(source, "back\\slash"), "backslash");
    await makeCheapRepository(client);
    await restic(client, "backup", source);
    await appendFile(join(source, "etc/setting-7.conf"), "appended = 1\n");
    await rm(join(source, "etc/setting-8.conf"));
    await mkdir(join(source, "born/deep"), { recursive: true });
    await writeFile(join(source, "born/deep/setting-new.conf"), "new\n");
    await backUp();
    await rename(join(source, "born"), join(source, "moved"));
    await chmod(join(source, "etc/setting-9.conf"), 0o600);
    await writeFile(join(source, "etc/setting-8.conf"), "back again\n");
    await symlink("setting-8.conf", join(source, "etc/alias"));
    await backUp();
    repository = await openRepository(openLocalBackend(client.location), password, {
      cacheDirectory: null,
      now: Date.now,
    });
    view = createSnapshotView(repository, { now: Date.now });
    ids = (await head({ kind: "snapshots" })).snapshots.map(({ id }) => id);
  });
  after(async () => {
    await repository?.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function backUp(): Promise<void> {
    const { code, stderr } = await runRepo(client, ["backup", source]);
    assert.equal(code, 0, stderr);
  }

  async function ask(request: Question) {
    return await view.answer(ViewRequestSchema.parse(request), new AbortController().signal);
  }
  async function head<Kind extends ViewRequest["kind"]>(request: Question<Kind> & { kind: Kind }) {
    const answer = await ask(request);
    assert.equal(answer.head.kind, request.kind);
    return answer.head as Extract<ViewHead, { kind: Kind }>;
  }
  async function bytes(request: Question): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of (await ask(request)).body ?? []) pieces.push(piece);
    return Buffer.concat(pieces);
  }
  async function lines<Item>(request: Question): Promise<{ items: Item[]; end: LinesEnd["end"] }> {
    const all = (await bytes(request))
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    return { items: all.slice(0, -1), end: all.at(-1).end };
  }
  const inSource = (path: string) => `${source}/${path}`;
  const latest = () => ids[2]!;

  /** Every entry of a snapshot, by pages of 7. */
  async function everything(snapshotId: string, path: string): Promise<SnapshotEntry[]> {
    const found: SnapshotEntry[] = [];
    for (let offset = 0, total = 1; offset < total; offset += 7) {
      const { page } = await head({ kind: "folder", snapshotId, path, offset, limit: 7 });
      total = page.total;
      for (const entry of page.entries) {
        found.push(entry);
        if (entry.type === "dir") found.push(...(await everything(snapshotId, entry.path)));
      }
    }
    return found;
  }

  /** A path as restic prints it: what is no UTF-8 is replaced. */
  const resticPath = (path: string) => Buffer.from(bytesOfDisplayText(path)!, "latin1").toString("utf8");
  const shown = (entry: SnapshotEntry) =>
    JSON.stringify([resticPath(entry.path), entry.type, entry.sizeBytes ?? 0, entry.mode, entry.modifiedAtMs]);
  const shownByRestic = ({ path, type, size = 0, permissions, mtime }: ResticNode) =>
    JSON.stringify([path, type, size, permissions.replace(/^L/, "l"), Date.parse(mtime)]);

  it("folders, page by page, have what restic ls lists", async () => {
    for (const id of ids) {
      const listed = (await restic(client, "ls", "--json", id))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
        .filter((line) => line.struct_type === "node" && line.path.startsWith(source));
      const ours = (await everything(id, "/")).filter(({ path }) => path.startsWith(source));
      assert.deepEqual(ours.map(shown).sort(), listed.map(shownByRestic).sort());
    }
  });

  it("a file, and a range of it, is what restic dump writes", async () => {
    const dumped = await run(
      "restic",
      ["--repo", client.location, "--no-cache", "dump", latest(), inSource("noise.bin")],
      {
        env: { ...process.env, RESTIC_PASSWORD: password },
        encoding: "buffer",
        maxBuffer: 32 * 1024 * 1024,
      },
    );
    const file = { kind: "file", snapshotId: latest(), path: inSource("noise.bin") } as const;
    assert.ok((await bytes(file)).equals(dumped.stdout));
    assert.ok(
      (await bytes({ ...file, offset: 4_000_001, length: 2_000_003 })).equals(
        dumped.stdout.subarray(4_000_001, 6_000_004),
      ),
    );
    assert.ok((await bytes({ ...file, offset: 8_999_999 })).equals(dumped.stdout.subarray(8_999_999)));
    assert.deepEqual(await bytes({ ...file, offset: 9_000_000, length: 1 }), Buffer.alloc(0));
    assert.equal((await bytes({ ...file, path: inSource("odd\\xffname") })).toString(), "odd");
    assert.equal((await bytes({ ...file, path: inSource("back\\\\slash") })).toString(), "backslash");
  });

  it("a search finds what restic find finds in each snapshot", async () => {
    for (const pattern of ["setting-1*.conf", "*.bin", "*ß*", "alias"]) {
      const theirs = JSON.parse(await restic(client, "find", "--json", "--ignore-case", pattern));
      const expected = new Set<string>();
      for (const { snapshot, matches } of theirs) for (const { path } of matches) expected.add(`${snapshot} ${path}`);
      const { items, end } = await lines<FoundEntry>({
        kind: "find",
        pattern: pattern === "deep" ? "deep*" : pattern,
        path: "/",
      });
      const ours = new Set<string>();
      for (const { entry, newestSnapshotId, oldestSnapshotId } of items) {
        const [from, to] = [ids.indexOf(oldestSnapshotId), ids.indexOf(newestSnapshotId)];
        for (const id of ids.slice(from, to + 1)) ours.add(`${id} ${resticPath(entry.path)}`);
      }
      assert.deepEqual(ours, expected);
      assert.deepEqual(end, { count: items.length, isTruncated: false });
    }
    const { items, end } = await lines<FoundEntry>({ kind: "find", pattern: "conf", limit: 5 });
    assert.deepEqual([items.length, end], [5, { count: 5, isTruncated: true }]);
  });

  it("two snapshots differ as restic diff says", async () => {
    const letters = { added: "+", removed: "-", modified: "M", type: "T", metadata: "U" };
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [0, 2],
      [2, 0],
    ] as const) {
      const theirs = (await restic(client, "diff", "--json", ids[from]!, ids[to]!))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      const expected = theirs
        .filter(({ message_type }) => message_type === "change")
        .map(({ path, modifier }) => `${modifier[0]} ${path.replace(/\/$/, "")}`);
      const { items, end } = await lines<EntryChange>({
        kind: "compare",
        fromSnapshotId: ids[from]!,
        toSnapshotId: ids[to]!,
      });
      assert.deepEqual(
        items.map(({ change, path }) => `${letters[change]} ${resticPath(path)}`).sort(),
        expected.sort(),
      );
      assert.equal(end.isTruncated, false);
    }
    const changed = {
      kind: "compare",
      fromSnapshotId: ids[1]!,
      toSnapshotId: latest(),
      path: inSource("etc"),
      isMetadataShown: true,
    } as const;
    const { items } = await lines<EntryChange>(changed);
    assert.ok(items.some(({ change, path }) => change === "metadata" && path === inSource("etc/setting-9.conf")));
    const born = await lines<EntryChange>({ ...changed, path: inSource("born") });
    assert.deepEqual(
      born.items.map(({ change, path }) => [change, path.slice(source.length)]),
      [
        ["removed", "/born"],
        ["removed", "/born/deep"],
        ["removed", "/born/deep/setting-new.conf"],
      ],
    );
  });

  it("a folder as zip and as tar unpacks to what was backed up", async () => {
    for (const format of ["zip", "tar"] as const) {
      const target = await temporaryDirectory(`unpacked-${format}`);
      const answer = await ask({ kind: "archive", snapshotId: latest(), paths: [source], format });
      assert.equal(answer.head.kind === "archive" && answer.head.fileName, `data.${format}`);
      const file = join(target, `data.${format}`);
      await pipeline(answer.body!, createWriteStream(file));
      if (format === "tar") await run("tar", ["-xf", file, "-C", target]);
      else
        await run("python3", [
          "-c",
          "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])",
          file,
          target,
        ]);
      if (format === "tar") await run("diff", ["-r", "--no-dereference", source, join(target, "data")]);
      else {
        // Python's zipfile writes links as files, and odd names are escaped.
        await run("diff", ["-r", join(source, "etc/deep"), join(target, "data/etc/deep")]);
        await run("cmp", [join(source, "noise.bin"), join(target, "data/noise-again.bin")]);
        await run("cmp", [join(source, "back\\slash"), join(target, "data/back%5Cslash")]);
      }
      await rm(target, { recursive: true });
    }
  });

  it("the history of a path has each version of it once, newest first", async () => {
    const history = async (path: string) =>
      (await head({ kind: "history", path: inSource(path) })).versions.map(({ change, snapshotId, lastSnapshotId }) => [
        change,
        ids.indexOf(snapshotId),
        ids.indexOf(lastSnapshotId),
      ]);
    assert.deepEqual(await history("etc/setting-7.conf"), [
      ["modified", 1, 2],
      ["added", 0, 0],
    ]);
    assert.deepEqual(await history("etc/setting-8.conf"), [
      ["added", 2, 2],
      ["removed", 1, 1],
      ["added", 0, 0],
    ]);
    assert.deepEqual(await history("etc/setting-9.conf"), [
      ["metadata", 2, 2],
      ["added", 0, 1],
    ]);
    assert.deepEqual(await history("noise.bin"), [["added", 0, 2]]);
    assert.deepEqual(await history("nothing-of-this-name"), []);
  });

  it("texts differ as diff says, and what is no text is not compared", async () => {
    const between = (path: string) =>
      head({
        kind: "text-diff",
        fromSnapshotId: ids[0]!,
        fromPath: inSource(path),
        toSnapshotId: latest(),
        toPath: inSource(path),
      });
    const { diff } = await between("etc/setting-7.conf");
    assert.equal(diff.refusal, null);
    const old = await bytes({ kind: "file", snapshotId: ids[0]!, path: inSource("etc/setting-7.conf") });
    await writeFile(join(directory, "old"), old);
    const theirs = await run("diff", ["-u", join(directory, "old"), join(source, "etc/setting-7.conf")]).catch(
      (error) => error,
    );
    assert.deepEqual(
      diff.hunks.flatMap(({ lines }) => lines),
      theirs.stdout.trimEnd().split("\n").slice(3),
    );
    assert.match((await between("noise.bin")).diff.refusal ?? "", /too large/);
    assert.deepEqual((await between("etc/setting-3.conf")).diff, { refusal: null, hunks: [] });
  });

  it("what is not there, is no folder or goes nowhere is said", async () => {
    const rejected = async (request: Question, code: string, words: RegExp) =>
      await assert.rejects(
        head(request),
        (error: Error & { code?: string }) => error.code === code && words.test(error.message),
      );
    const none = createHash("sha256").update(randomBytes(8)).digest("hex");
    await rejected({ kind: "folder", snapshotId: none, path: "/" }, "MYCLOUD_BACKUP_NOT_FOUND", new RegExp(none));
    await rejected(
      { kind: "folder", snapshotId: latest(), path: "/none/at/all" },
      "MYCLOUD_BACKUP_NOT_FOUND",
      /\/none/,
    );
    await rejected(
      { kind: "folder", snapshotId: latest(), path: inSource("nothing") },
      "MYCLOUD_BACKUP_INPUT",
      /no folder/,
    );
    await rejected({ kind: "file", snapshotId: latest(), path: inSource("link") }, "MYCLOUD_BACKUP_INPUT", /symlink/);
    await rejected({ kind: "entry", snapshotId: latest(), path: "/home/../etc" }, "MYCLOUD_BACKUP_INPUT", /\.\./);
    await rejected({ kind: "entry", snapshotId: latest(), path: "/a\\b" }, "MYCLOUD_BACKUP_INPUT", /backslash/);
  });

  it("a snapshot that was pruned away and one that was made while somebody looks are gone and there", async () => {
    await restic(client, "forget", "--prune", "--repack-small", ids[0]!);
    // What the others have lies in other packs now, which the view's index knows nothing of.
    assert.equal(
      (await bytes({ kind: "file", snapshotId: latest(), path: inSource("etc/setting-8.conf") })).toString(),
      "back again\n",
    );
    assert.equal((await bytes({ kind: "file", snapshotId: latest(), path: inSource("noise.bin") })).length, 9_000_000);
    await restic(client, "backup", join(source, "etc"));
    const { snapshots } = await head({ kind: "snapshots" });
    assert.deepEqual(
      snapshots.slice(0, 2).map(({ id }) => id),
      [ids[1], ids[2]],
    );
    const { page } = await head({ kind: "folder", snapshotId: snapshots[2]!.id, path: inSource("etc") });
    assert.ok(page.entries.some(({ name }) => name === "alias"));
  });
});
