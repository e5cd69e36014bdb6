import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { FileHead, FileRequest } from "@mycloud/protocol/agent-question";
import { answerFileRequest, createFileManager } from "./answer-file-request.ts";
import { FileError } from "./file-error.ts";
import type { FileRules } from "./file-rules.ts";

const never = new AbortController().signal;
const isRoot = process.getuid?.() === 0;
let base = "";
let web = "";
let state = "";

beforeEach(async () => {
  base = await mkdtemp("/tmp/mycloud-files-");
  web = join(base, "web");
  state = join(base, "state");
  mkdirSync(join(web, "img"), { recursive: true });
  mkdirSync(state);
  writeFileSync(join(web, "index.html"), "hello world");
  writeFileSync(join(base, "secret"), "not yours");
});
afterEach(() => rm(base, { recursive: true, force: true }));

function rules(changes: Partial<FileRules> = {}, exclude: string[] = []): FileRules {
  return {
    jobs: [
      {
        repositoryId: 7,
        paths: [web],
        exclude,
        excludeIgnoringCase: [],
        excludeIfPresent: [".nobackup"],
        excludeCaches: true,
      },
    ],
    roots: null,
    mayChange: true,
    maximumUploadBytes: 1000,
    ownDirectories: [state],
    ...changes,
  };
}

type Asked = FileRequest extends infer One
  ? One extends FileRequest
    ? Partial<One> & Pick<One, "kind">
    : never
  : never;
const defaults = { offset: 0, limit: 200, length: null, ifVersion: null, isRecursive: false };

async function ask(request: Asked, given = rules(), upload = ""): Promise<FileHead & { text?: string }> {
  const whole = { ...defaults, ...request, ...(request.kind === "list" ? {} : { limit: 0 }) } as unknown as FileRequest;
  async function* parts() {
    yield Buffer.from(upload);
  }
  const { head, body } = await answerFileRequest(createFileManager(given, Date.now), whole, parts(), never);
  return body === null ? head : { ...head, text: (await buffer(body)).toString() };
}

function refusal(code: string, words: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof FileError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    return true;
  };
}

async function versionOf(path: string): Promise<string> {
  const head = await ask({ kind: "read", path, length: 0 });
  assert.ok(head.kind === "read");
  return head.entry.version;
}

describe("files of backed-up folders", () => {
  test("are listed, folders first, without what is left out of the backup", async () => {
    for (const name of ["b.txt", "cache.tmp", "Ω"]) writeFileSync(join(web, name), "x");
    symlinkSync("/etc/passwd", join(web, "link"));
    const head = await ask({ kind: "list", path: `${web}/` }, rules({}, ["*.tmp"]));
    assert.ok(head.kind === "list");
    assert.deepEqual(
      head.entries.map(({ name, type, linkTarget }) => [name, type, linkTarget]),
      [
        ["img", "dir", null],
        ["b.txt", "file", null],
        ["index.html", "file", null],
        ["link", "symlink", "/etc/passwd"],
        ["Ω", "file", null],
      ],
    );
    const second = await ask({ kind: "list", path: web, offset: 1, limit: 1 }, rules({}, ["*.tmp"]));
    assert.ok(second.kind === "list");
    assert.deepEqual([second.entries.map(({ name }) => name), second.total], [["b.txt"], 5]);
    assert.deepEqual([head.entry.repositoryId, head.entry.isWritable, head.entries[1]?.mode], [7, true, "-rw-r--r--"]);
    const roots = await ask({ kind: "roots" });
    assert.ok(roots.kind === "roots");
    assert.deepEqual(
      roots.roots.map(({ path }) => path),
      [web],
    );
  });

  test("are read whole and in parts", async () => {
    const path = join(web, "index.html");
    assert.equal((await ask({ kind: "read", path })).text, "hello world");
    assert.equal((await ask({ kind: "read", path, offset: 6, length: 3 })).text, "wor");
    const behind = await ask({ kind: "read", path, offset: 99 });
    assert.deepEqual([behind.text, behind.kind === "read" && behind.length], ["", 0]);
  });

  test("are written whole, and what is replaced keeps its mode and owner but no set-id bits", async () => {
    const path = join(web, "index.html");
    if (isRoot) chownSync(path, 1234, 2345);
    chmodSync(path, 0o6750);
    await ask({ kind: "write", path, ifVersion: await versionOf(path) }, rules(), "new");
    const { mode, uid, gid } = lstatSync(path);
    assert.equal(readFileSync(path, "utf8"), "new");
    assert.equal(mode & 0o7777, 0o750);
    if (isRoot) assert.deepEqual([uid, gid], [1234, 2345]);
    assert.deepEqual(readdirSync(web).sort(), ["img", "index.html"]);
  });

  test("that are new belong to the owner of their folder", { skip: !isRoot }, async () => {
    chownSync(join(web, "img"), 1234, 2345);
    await ask({ kind: "write", path: join(web, "img/a.txt"), ifVersion: "none" }, rules(), "a");
    await ask({ kind: "make-folder", path: join(web, "img/sub") });
    for (const [name, mode] of [
      ["a.txt", 0o644],
      ["sub", 0o755],
    ] as const) {
      const stat = lstatSync(join(web, "img", name));
      assert.deepEqual([stat.uid, stat.gid, stat.mode & 0o7777], [1234, 2345, mode], name);
    }
  });

  test("are not overwritten by who has seen another version", async () => {
    const path = join(web, "index.html");
    const seen = await versionOf(path);
    writeFileSync(path, "HELLO WORLD");
    const changed = refusal("MYCLOUD_PRECONDITION", /changed by somebody else/);
    await assert.rejects(ask({ kind: "write", path, ifVersion: seen }, rules(), "mine"), changed);
    const there = refusal("MYCLOUD_PRECONDITION", /already/);
    await assert.rejects(ask({ kind: "write", path, ifVersion: "none" }, rules(), "mine"), there);
    const gone = refusal("MYCLOUD_PRECONDITION", /no .* any more/);
    await assert.rejects(ask({ kind: "write", path: join(web, "x"), ifVersion: "*" }, rules(), "mine"), gone);
    assert.equal(readFileSync(path, "utf8"), "HELLO WORLD");
  });

  test("stay as they are when an upload is too large, breaks off, or the file changes under it", async () => {
    const path = join(web, "index.html");
    const tooLarge = refusal("MYCLOUD_TOO_LARGE", /up to 1000 bytes/);
    await assert.rejects(ask({ kind: "write", path }, rules(), "x".repeat(1001)), tooLarge);
    const manager = createFileManager(rules(), Date.now);
    async function* broken() {
      yield Buffer.from("half");
      throw new FileError("MYCLOUD_INPUT", "broke off");
    }
    const write = { kind: "write", path, ifVersion: await versionOf(path) } as const;
    await assert.rejects(answerFileRequest(manager, write, broken(), never), refusal("MYCLOUD_INPUT", /broke off/));
    async function* slow() {
      yield Buffer.from("mine");
      writeFileSync(path, "theirs");
    }
    await assert.rejects(answerFileRequest(manager, write, slow(), never), refusal("MYCLOUD_PRECONDITION", /changed/));
    assert.equal(readFileSync(path, "utf8"), "theirs");
    assert.deepEqual(readdirSync(web).sort(), ["img", "index.html"]);
  });

  test("stay whole on a full disk", { skip: !isRoot }, async (context) => {
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", join(web, "img")]).status !== 0) {
      context.skip("no file system can be mounted here");
      return;
    }
    try {
      const path = join(web, "img/a.txt");
      writeFileSync(path, "old");
      const upload = ask({ kind: "write", path }, rules({ maximumUploadBytes: 1e9 }), "x".repeat(200_000));
      await assert.rejects(upload, refusal("MYCLOUD_UNAVAILABLE", /no room/));
      assert.deepEqual([readFileSync(path, "utf8"), readdirSync(join(web, "img"))], ["old", ["a.txt"]]);
      const across = ask({ kind: "delete", path: join(web, "img"), isRecursive: true });
      await assert.rejects(across, refusal("MYCLOUD_CONFLICT", /mounted/));
    } finally {
      spawnSync("umount", [join(web, "img")]);
    }
  });

  test("are renamed to where nothing is, and deleted", async () => {
    const path = join(web, "index.html");
    writeFileSync(join(web, "b"), "b");
    const there = refusal("MYCLOUD_CONFLICT", /already/);
    await assert.rejects(ask({ kind: "rename", path, to: join(web, "b") }), there);
    await ask({ kind: "rename", path, to: join(web, "img/a.html") });
    await ask({ kind: "rename", path: join(web, "img"), to: join(web, "pictures") });
    assert.equal(readFileSync(join(web, "pictures/a.html"), "utf8"), "hello world");
    const notEmpty = refusal("MYCLOUD_CONFLICT", /not empty/);
    await assert.rejects(ask({ kind: "delete", path: join(web, "pictures") }), notEmpty);
    await ask({ kind: "delete", path: join(web, "pictures"), isRecursive: true });
    await ask({ kind: "delete", path: join(web, "b") });
    assert.deepEqual(readdirSync(web), []);
  });

  test("are not deleted with what could not be had back", async () => {
    mkdirSync(join(web, "app/cache"), { recursive: true });
    writeFileSync(join(web, "app/a"), "a");
    writeFileSync(join(web, "app/cache/.nobackup"), "");
    const remove = () => ask({ kind: "delete", path: join(web, "app"), isRecursive: true }, rules({}, ["*.tmp"]));
    await assert.rejects(remove(), refusal("MYCLOUD_NOT_ALLOWED", /left out of the backup/));
    await rm(join(web, "app/cache/.nobackup"));
    writeFileSync(join(web, "app/b.tmp"), "");
    await assert.rejects(remove(), refusal("MYCLOUD_NOT_ALLOWED", /left out of the backup/));
    assert.deepEqual(readdirSync(join(web, "app")).sort(), ["a", "b.tmp", "cache"]);
  });
});

describe("what is not to be managed", () => {
  test("is as good as not there outside of the backup, and refused where the policy says so", async () => {
    const missing = refusal("MYCLOUD_NOT_FOUND", /./);
    for (const path of [join(base, "secret"), base, "/", `${web}2`, join(web, "none"), join(web, "index.html/x")]) {
      await assert.rejects(ask({ kind: "read", path }), missing, path);
      await assert.rejects(ask({ kind: "write", path: join(path, "x") }, rules(), "x"), missing, path);
    }
    const written = refusal("MYCLOUD_INPUT", /is no path/);
    for (const path of [`${web}/../secret`, `${web}/./a`, `${web}//a`, `${web}/\\x00`, `${web}/\\q`]) {
      await assert.rejects(ask({ kind: "read", path }), written, path);
    }
    const readOnly = rules({ mayChange: false });
    const only = refusal("MYCLOUD_NOT_ALLOWED", /read from here, and not changed/);
    await assert.rejects(ask({ kind: "make-folder", path: join(web, "x") }, readOnly), only);
    const narrow = rules({ roots: [join(web, "img")] });
    await assert.rejects(ask({ kind: "read", path: join(web, "index.html") }, narrow), missing);
    await ask({ kind: "write", path: join(web, "img/a") }, narrow, "a");
    await assert.rejects(ask({ kind: "list", path: web }, rules({ roots: [] })), missing);
  });

  test("stays where it is: roots, folders of the system, the agent's own", async () => {
    const root = refusal("MYCLOUD_NOT_ALLOWED", /what is backed up itself/);
    await assert.rejects(ask({ kind: "delete", path: web, isRecursive: true }), root);
    await assert.rejects(ask({ kind: "rename", path: web, to: join(web, "x") }), root);
    const everything = rules({ jobs: [{ ...rules().jobs[0]!, paths: ["/"] }] });
    const system = refusal("MYCLOUD_NOT_ALLOWED", /system's/);
    for (const path of ["/etc/cron.d/x", "/usr/bin/x", "/var", "/root/x"]) {
      await assert.rejects(ask({ kind: "write", path }, everything, "x"), system, path);
      await assert.rejects(ask({ kind: "delete", path, isRecursive: true }, everything), system, path);
    }
    const own = refusal("MYCLOUD_NOT_ALLOWED", /agent itself/);
    for (const path of [state, base])
      await assert.rejects(ask({ kind: "delete", path, isRecursive: true }, everything), own);
    await assert.rejects(ask({ kind: "rename", path: base, to: `${base}-x` }, everything), own);
    await assert.rejects(ask({ kind: "list", path: state }, everything), own);
    await assert.rejects(ask({ kind: "read", path: join(state, "key") }, everything), own);
    symlinkSync("/etc", join(base, "settings"));
    const linked = rules({ jobs: [{ ...rules().jobs[0]!, paths: [join(base, "settings/default")] }] });
    await assert.rejects(ask({ kind: "write", path: join(base, "settings/default/x") }, linked, "x"), system);
  });

  test("is no way out: links are not followed, and what is no file is not opened", async () => {
    symlinkSync(base, join(web, "out"));
    symlinkSync(join(base, "secret"), join(web, "secret"));
    spawnSync("mkfifo", [join(web, "fifo")]);
    const link = refusal("MYCLOUD_NOT_ALLOWED", /link/);
    const special = refusal("MYCLOUD_NOT_ALLOWED", /neither a file nor a folder/);
    await assert.rejects(ask({ kind: "list", path: join(web, "out") }), link);
    for (const [path, how] of [
      [join(web, "out/secret"), link],
      [join(web, "secret"), link],
      [join(web, "fifo"), special],
    ] as const) {
      await assert.rejects(ask({ kind: "read", path }), how);
      await assert.rejects(ask({ kind: "write", path }, rules(), "mine"), how);
    }
    await assert.rejects(ask({ kind: "delete", path: join(web, "out/secret") }), link);
    await assert.rejects(ask({ kind: "rename", path: join(web, "index.html"), to: join(web, "out/x") }), link);
    await ask({ kind: "delete", path: join(web, "out"), isRecursive: true });
    await ask({ kind: "delete", path: join(web, "secret") });
    assert.equal(readFileSync(join(base, "secret"), "utf8"), "not yours");
  });

  test("is not reached over a link that its owner put before the root", { skip: !isRoot }, async () => {
    const home = join(base, "home");
    mkdirSync(home);
    mkdirSync(join(base, "victim/www"), { recursive: true });
    writeFileSync(join(base, "victim/www/secret"), "not yours");
    const given = rules({ jobs: [{ ...rules().jobs[0]!, paths: [join(home, "site/www")] }] });
    symlinkSync(join(base, "victim"), join(home, "site"));
    const path = join(home, "site/www/secret");
    assert.equal((await ask({ kind: "read", path }, given)).text, "not yours");
    // The administrator's own link is followed; where somebody else may write, it may be theirs.
    chownSync(home, 1234, 1234);
    await assert.rejects(ask({ kind: "read", path }, given), refusal("MYCLOUD_NOT_ALLOWED", /link/));
  });
});

/** Swaps `web/img` between a directory and a link to `outside`, as fast as it can. */
const swapper = `
const fs = require("node:fs");
const [web, outside] = process.argv.slice(1);
fs.symlinkSync(outside, web + "/aside-link");
process.stdout.write("ready");
for (;;) {
  fs.renameSync(web + "/img", web + "/aside-dir");
  fs.renameSync(web + "/aside-link", web + "/img");
  fs.renameSync(web + "/img", web + "/aside-link");
  fs.renameSync(web + "/aside-dir", web + "/img");
}`;

test("a folder that becomes a link while it is worked in leads nowhere else", async () => {
  const outside = join(base, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "a"), "not yours");
  writeFileSync(join(web, "img/a"), "ours");
  const hostile: ChildProcess = spawn(process.execPath, ["-e", swapper, web, outside], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  assert.ok(hostile.stdout !== null);
  await once(hostile.stdout, "data");
  const seen = { done: 0, refused: 0 };
  try {
    const path = join(web, "img/a");
    for (const until = performance.now() + 2_000; performance.now() < until; ) {
      const attempts: (() => Promise<FileHead & { text?: string }>)[] = [
        () => ask({ kind: "read", path }),
        () => ask({ kind: "write", path }, rules(), "ours"),
        () => ask({ kind: "write", path: join(web, "img/new") }, rules(), "ours"),
        () => ask({ kind: "make-folder", path: join(web, "img/sub") }),
        () => ask({ kind: "rename", path: join(web, "img/new"), to: join(web, "img/other") }),
        () => ask({ kind: "delete", path: join(web, "img/other") }),
        () => ask({ kind: "delete", path: join(web, "img/sub"), isRecursive: true }),
        () => ask({ kind: "list", path: join(web, "img") }),
      ];
      for (const attempt of attempts) {
        try {
          const head = await attempt();
          seen.done++;
          if (head.text !== undefined) assert.equal(head.text, "ours");
          if (head.kind === "list") assert.ok(head.entries.every(({ name }) => name !== "b"));
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          seen.refused++;
        }
      }
    }
  } finally {
    hostile.kill("SIGKILL");
    await once(hostile, "close");
  }
  assert.ok(seen.done > 20 && seen.refused > 20, JSON.stringify(seen));
  assert.deepEqual(readdirSync(outside), ["a"]);
  assert.equal(readFileSync(join(outside, "a"), "utf8"), "not yours");
});
