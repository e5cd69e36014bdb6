// `mycloud repo` as people and scripts use it: exit codes, messages, JSON, interruption, and input that is nonsense.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { makeKeyCheap } from "../support/cheap-repository.ts";
import {
  makePlainTree,
  runMycloud,
  runRepo,
  startMycloud,
  type TestRepository,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

const root = await temporaryDirectory("backup-cli");
const tree = join(root, "tree");
const repository: TestRepository = { location: join(root, "repository"), password: "command line" };

async function run(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runRepo(repository, args);
  assert.equal(code, 0, `${args.join(" ")}\n${stderr}${stdout}`);
  return stdout;
}

const jsonLines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

before(async () => {
  await makePlainTree(tree);
  await run("init");
  await makeKeyCheap(repository);
  await run("backup", "--tag", "one,two", "--host", "web1", tree);
  await writeFile(join(tree, "later.txt"), "later");
  await run("backup", "--tag", "one", "--host", "web1", tree);
});

describe("what fails says why in one line, with an exit code of its own", { concurrency: 3 }, () => {
  const cases: readonly [string, readonly string[], number, RegExp, Partial<TestRepository>?][] = [
    ["a wrong password", ["snapshots"], 12, /password opens none/, { password: "wrong" }],
    [
      "no repository there",
      ["snapshots"],
      10,
      /there is no repository at .*; mycloud repo init makes one/,
      { location: join(root, "none") },
    ],
    ["a repository that is there", ["init"], 79, /there is a repository at/],
    [
      "a kind of storage there is nothing for",
      ["snapshots"],
      65,
      /s3: is not supported yet/,
      { location: "s3:bucket" },
    ],
    [
      "nobody listening",
      ["snapshots", "--retry-for", "0s"],
      69,
      /nobody listens there/,
      { location: "rest:http://127.0.0.1:1/" },
    ],
    ["a snapshot that is not there", ["ls", "0123456789"], 66, /0123456789/],
    ["a path that is not there", ["ls", "latest", "/no/such/path"], 66, /\/no/],
    ["a path in the snapshot with ..", ["ls", "latest", "/../etc"], 65, /"\.\."/],
    ["nothing to back up", ["backup"], 64, /nothing to back up/],
    ["an unknown option", ["backup", "--exlude", "x", "/etc"], 64, /unknown option.*did you mean/],
    ["a count that is none", ["forget", "--keep-last", "many"], 64, /whole number/],
    ["a forget without a policy", ["forget"], 64, /what to keep/],
    ["a duration that is none", ["forget", "--keep-within", "soon"], 65, /soon/],
    ["a restore without a target", ["restore", "latest"], 64, /where to\?/],
    ["a subset that is none", ["verify", "--read-data-subset", "half"], 65, /half/],
    ["an unused limit that is none", ["prune", "--max-unused", "200%"], 64, /--max-unused is "200%"/],
    ["two parents", ["backup", "--force", "--parent", "latest", "/etc"], 64, /give one of them/],
    ["a time that is none", ["backup", "--time", "yesterday", "/etc"], 64, /--time is "yesterday"/],
    ["a size that is none", ["backup", "--exclude-larger-than", "big", "/etc"], 65, /big/],
    ["a bad pattern", ["backup", "--exclude", "[", "/etc"], 65, /\[/],
    [
      "an exclude file that is not there",
      ["backup", "--exclude-file", "/no/such/file", "/etc"],
      66,
      /\/no\/such\/file does not exist/,
    ],
    ["a hold without a reason", ["hold", "add", "latest"], 64, /--reason/],
    ["a key that is not there", ["key", "remove", "abcdef"], 66, /abcdef/],
    ["a copy from nowhere", ["copy"], 64, /--from-repo/],
    ["tags left out", ["tag", "latest"], 64, /which tags\?/],
  ];
  for (const [name, args, code, words, other] of cases) {
    test(name, async () => {
      const { code: seen, stdout, stderr } = await runRepo({ ...repository, ...other }, args);
      assert.match(stderr, words);
      assert.equal(seen, code, stderr);
      assert.equal(stdout, "");
      assert.equal(
        stderr
          .trim()
          .split("\n")
          .filter((line) => line.startsWith("mycloud: ")).length,
        1,
        stderr,
      );
      assert.doesNotMatch(stderr, /fault of this program|^ +at /m);
    });
  }

  test("no password, and no terminal to ask for one", async () => {
    const { code, stderr } = await runMycloud(["repo", "-r", repository.location, "snapshots"], {
      env: { RESTIC_PASSWORD: undefined },
    });
    assert.equal(code, 64);
    assert.match(stderr, /no password: give --password-file/);
  });

  test("with --json the failure is JSON, too", async () => {
    const { code, stderr } = await runRepo({ ...repository, password: "wrong" }, ["snapshots", "--json"]);
    assert.equal(code, 12);
    const { error } = JSON.parse(stderr);
    assert.deepEqual([error.code, error.exitCode], ["MYCLOUD_BACKUP_WRONG_PASSWORD", 12]);
  });
});

describe("the password comes", () => {
  const file = join(root, "password");
  const snapshots = (args: readonly string[], env: Record<string, string | undefined>) =>
    runMycloud(["repo", ...args, "snapshots"], { env: { RESTIC_PASSWORD: undefined, ...env } });
  before(() => writeFile(file, `${repository.password}\n`));

  test("from a file, a command or the environment, and the repository from ours before restic's", async () => {
    const here = { MYCLOUD_REPOSITORY: repository.location, RESTIC_REPOSITORY: "/nowhere" };
    for (const [args, env] of [
      [["--password-file", file], here],
      [["--password-command", `cat '${file}'`], here],
      [[], { ...here, MYCLOUD_PASSWORD_FILE: file, RESTIC_PASSWORD_FILE: "/nowhere" }],
      [[], { RESTIC_REPOSITORY: repository.location, RESTIC_PASSWORD_FILE: file }],
      [["-r", repository.location], { RESTIC_PASSWORD_COMMAND: `cat ${file}` }],
    ] as const) {
      const { code, stderr } = await snapshots(args, env);
      assert.equal(code, 0, stderr);
    }
  });
});

describe("JSON has restic's shapes", () => {
  test("backup tells a summary with the snapshot's id", async () => {
    const summary = jsonLines(await run("backup", "--json", "--host", "json", tree)).at(-1);
    assert.equal(summary?.message_type, "summary");
    assert.match(String(summary?.snapshot_id), /^[0-9a-f]{64}$/);
    for (const field of [
      "files_new",
      "files_unmodified",
      "dirs_new",
      "data_added",
      "total_bytes_processed",
      "total_duration",
    ]) {
      assert.equal(typeof summary?.[field], "number", field);
    }
  });

  test("a dry run has no snapshot, and stores nothing", async () => {
    const before = await readdir(join(repository.location, "data"), { recursive: true });
    const summary = jsonLines(await run("backup", "--json", "--dry-run", "--force", tree)).at(-1);
    assert.equal(summary?.dry_run, true);
    assert.equal(summary?.snapshot_id, undefined);
    assert.deepEqual(await readdir(join(repository.location, "data"), { recursive: true }), before);
  });

  test("snapshots, ls, find, diff, stats, key list, forget and prune", async () => {
    const snapshots = JSON.parse(await run("snapshots", "--json", "--host", "web1"));
    assert.equal(snapshots.length, 2);
    assert.equal(snapshots[0].short_id, snapshots[0].id.slice(0, 8));
    assert.deepEqual(snapshots[0].tags, ["one", "two"]);
    const grouped = JSON.parse(await run("snapshots", "--json", "--group-by", "host"));
    assert.deepEqual(
      grouped.map((group: { group_key: { hostname: string } }) => group.group_key.hostname),
      ["json", "web1"],
    );
    const listed = jsonLines(await run("ls", "--json", "latest"));
    assert.equal(listed[0]?.struct_type, "snapshot");
    const entry = listed.find(({ path }) => path === join(tree, "noise.bin"));
    assert.deepEqual([entry?.struct_type, entry?.type, entry?.size], ["node", "file", 9_000_000]);
    const found = JSON.parse(await run("find", "--json", "later.txt", "--host", "web1"));
    assert.deepEqual([found.length, found[0].hits, found[0].matches[0].path], [1, 1, join(tree, "later.txt")]);
    const diff = jsonLines(await run("diff", "--json", snapshots[0].id, snapshots[1].id));
    assert.ok(
      diff.some(
        ({ message_type, path, modifier }) =>
          message_type === "change" && modifier === "+" && path === join(tree, "later.txt"),
      ),
    );
    assert.equal(diff.at(-1)?.message_type, "statistics");
    assert.ok(JSON.parse(await run("stats", "--json", "latest")).total_size > 9_000_000);
    assert.equal(JSON.parse(await run("key", "list", "--json"))[0].current, true);
    const forget = JSON.parse(await run("forget", "--json", "--dry-run", "--keep-last", "1", "--host", "web1"));
    assert.deepEqual(
      [forget[0].keep.length, forget[0].remove.length, forget[0].reasons[0].matches],
      [1, 1, ["last snapshot"]],
    );
    assert.equal(JSON.parse(await run("prune", "--json", "--dry-run")).dry_run, true);
    assert.equal(jsonLines(await run("verify", "--json")).at(-1)?.is_sound, true);
  });
});

describe("what is read from elsewhere", () => {
  test("standard input becomes a file of the snapshot, and comes back", async () => {
    const backup = await runRepo(repository, ["backup", "--stdin", "--stdin-filename", "dump.sql", "--host", "stdin"], {
      stdin: "create table t;\n".repeat(10_000),
    });
    assert.equal(backup.code, 0, backup.stderr);
    assert.equal(await run("dump", "latest", "/dump.sql", "--host", "stdin"), "create table t;\n".repeat(10_000));
  });

  test("a command's output is backed up, and a command that fails makes no snapshot", async () => {
    await run(
      "backup",
      "--host",
      "command",
      "--stdin-from-command",
      "--stdin-filename",
      "out",
      "--",
      "printf",
      "%s",
      "--text",
    );
    assert.equal(await run("dump", "latest", "/out", "--host", "command"), "--text");
    for (const command of [["sh", "-c", "echo half; exit 3"], ["sh", "-c", "kill -9 $$"], ["/no/such/program"]]) {
      const { code, stderr } = await runRepo(repository, [
        "backup",
        "--host",
        "failing",
        "--stdin-from-command",
        "--",
        ...command,
      ]);
      assert.notEqual(code, 0);
      assert.doesNotMatch(stderr, /fault of this program/);
    }
    assert.deepEqual(JSON.parse(await run("snapshots", "--json", "--host", "failing")), []);
  });

  test("paths come from lists, with patterns, verbatim and ended by zero bytes", async () => {
    const list = join(root, "list");
    await writeFile(list, `# what to keep\n${tree}/etc/setting-1*.conf\n\n`);
    const raw = join(root, "raw");
    await writeFile(raw, `${tree}/nothing\0${tree}/link\0`);
    await run("backup", "--host", "lists", "--files-from", list, "--files-from-raw", raw);
    const paths = jsonLines(await run("ls", "--json", "latest", "--host", "lists"))
      .filter(({ type }) => type !== "dir")
      .map(({ path }) => String(path).slice(tree.length + 1));
    assert.equal(paths.filter((path) => path?.startsWith("etc/setting-1")).length, 11);
    assert.ok(paths.includes("nothing") && paths.includes("link"));
  });
});

describe("what cannot be finished", () => {
  test("files that cannot be read are named, the rest is backed up, and the exit code is 3", {
    skip: process.getuid?.() !== 0,
  }, async (t) => {
    const place = join(root, "for-nobody");
    await mkdir(join(place, "tree"), { recursive: true });
    await writeFile(join(place, "tree/open"), "open");
    await writeFile(join(place, "tree/closed"), "closed", { mode: 0o000 });
    for (const path of [root, place, join(place, "tree")]) await chmod(path, 0o777);
    const script = `exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"`;
    const asNobody = (...args: readonly string[]) =>
      runMycloud(
        [
          "-c",
          script,
          "sh",
          join(import.meta.dirname, "../../bin/mycloud"),
          "repo",
          "-r",
          join(place, "repository"),
          ...args,
        ],
        {
          program: "/bin/sh",
          env: { RESTIC_PASSWORD: "x", HOME: place, NODE_COMPILE_CACHE: join(place, "cache") },
          cwd: place,
        },
      );
    const made = await asNobody("init");
    if (made.code !== 0) return t.skip(`nobody may not run it here: ${made.stderr}`);
    const { code, stderr } = await asNobody("backup", join(place, "tree"));
    assert.equal(code, 3, stderr);
    assert.match(stderr, /tree\/closed: .*permission denied/i);
    const listed = await asNobody("ls", "latest");
    assert.match(listed.stdout, /tree\/open/);
  });

  test("a dump that has nowhere to go says so; one of nothing leaves the file that was there", async () => {
    const place = { location: join(root, "dumped"), password: repository.password };
    const [file, kept] = [join(root, "to-dump"), join(root, "kept")];
    await writeFile(file, randomBytes(2_000_000));
    await writeFile(kept, "as it was");
    for (const args of [["init"], ["backup", file]]) assert.equal((await runRepo(place, args)).code, 0);
    const dump = (path: string, ...target: readonly string[]) => runRepo(place, ["dump", "latest", path, ...target]);

    assert.equal((await dump(join(root, "absent"), "--target", kept)).code, 66);
    assert.equal(await readFile(kept, "utf8"), "as it was");
    for (const [target, reason] of [
      [join(root, "no/such/directory"), /ENOENT/],
      ["/dev/full", /the disk is full/],
    ] as const) {
      const { code, stderr } = await dump(file, "--target", target);
      assert.equal(code, 73, stderr);
      assert.match(stderr, reason);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
    }
    assert.equal((await dump(file, "--target", kept)).code, 0);
    assert.deepEqual(await readFile(kept), await readFile(file));
  });

  test("Ctrl-C ends a backup at once with 130, makes no snapshot, leaves no lock, and what was stored is used again", async () => {
    const place = { location: join(root, "interrupted"), password: repository.password };
    assert.equal((await runRepo(place, ["init"])).code, 0);
    const env = { RESTIC_PASSWORD: place.password, MYCLOUD_REPOSITORY: place.location };
    const backup = startMycloud(["repo", "backup", "--limit-upload", "2000", tree], { env });
    await waitFor(async () => (await readdir(join(place.location, "locks"))).length > 0, 20_000, "the lock");
    await new Promise((resolve) => setTimeout(resolve, 500));
    backup.kill("SIGINT");
    const { code } = await backup.ended;
    assert.equal(code, 130, backup.stderr());
    assert.match(backup.stderr(), /interrupted; no snapshot was made/);
    assert.deepEqual(await readdir(join(place.location, "locks")), []);
    assert.deepEqual(await readdir(join(place.location, "snapshots")), []);
    assert.equal((await runRepo(place, ["backup", tree])).code, 0);
    assert.equal((await runRepo(place, ["verify", "--read-data"])).code, 0);
  });

  test("verify of a damaged repository ends with 1, and names the pack and the files it hits", async () => {
    const place = { location: join(root, "damaged"), password: repository.password };
    assert.equal((await runRepo(place, ["init"])).code, 0);
    assert.equal((await runRepo(place, ["backup", join(tree, "noise.bin")])).code, 0);
    const packs = (await readdir(join(place.location, "data"), { recursive: true })).filter((name) => name.length > 60);
    const sizes = await Promise.all(
      packs.map(async (name) => (await readFile(join(place.location, "data", name))).length),
    );
    const largest = join(place.location, "data", packs[sizes.indexOf(Math.max(...sizes))]!);
    const bytes = await readFile(largest);
    bytes[1000]! ^= 1;
    await chmod(largest, 0o600);
    await writeFile(largest, bytes);
    assert.equal((await runRepo(place, ["verify"])).code, 0, "the structure is as it was");
    const { code, stdout } = await runRepo(place, ["verify", "--read-data"]);
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`${largest.slice(-64)}[\\s\\S]*noise\\.bin`));
    assert.match(stdout, /mycloud repo repair/);
  });
});

describe("what a person sees", () => {
  test("--quiet says nothing, help names the exit codes of backups", async () => {
    const { stdout, stderr } = await runRepo(repository, ["backup", "--quiet", "--host", "quiet", tree]);
    assert.deepEqual([stdout, stderr], ["", ""]);
    const help = await runMycloud(["repo", "backup", "--help"]);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /^ +3 finished, but some files/m);
  });

  test("a hold is shown, keeps its snapshot, and ends", async () => {
    await run("backup", "--host", "held", join(tree, "etc"));
    await run("hold", "add", "latest", "--host", "held", "--reason", "court case 7", "--for", "30d");
    assert.match(await run("snapshots", "--host", "held"), /court case 7/);
    const named = await runRepo(repository, ["forget", "latest", "--host", "held"]);
    assert.equal(named.code, 77, named.stderr);
    const [{ snapshot }] = JSON.parse(await run("hold", "list", "--json"));
    await run("hold", "remove", snapshot.slice(0, 8));
    await run("forget", snapshot);
    assert.deepEqual(JSON.parse(await run("snapshots", "--json", "--host", "held")), []);
  });

  test("a restore tells what it did, and a dry run what it would do", async () => {
    const target = join(root, "restored");
    assert.match(
      await run("restore", "latest", "--host", "web1", "--to", target, "--dry-run"),
      /created +.*noise\.bin[\s\S]*nothing was changed/,
    );
    assert.match(await run("restore", "latest", "--host", "web1", "--to", target, "--verify"), /restored to/);
    assert.equal(await readFile(join(target, tree, "later.txt"), "utf8"), "later");
    assert.match(await run("restore", "latest", "--host", "web1", "--to", target), /unchanged/);
  });
});
