// A customer at the terminal, with real processes: what the page "Sync and bring files back in the terminal" promises, typed as a person with no
// operator's rights would.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { requirePeer } from "../peers/peer.ts";
import {
  cleanupOfSuite,
  type MycloudProcess,
  repositoryRoot,
  runMycloud,
  startMycloud,
  startUp,
  type TestUp,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

const password = "a long password of anna";

describe("a customer at the terminal", () => {
  const cleanup = cleanupOfSuite();
  let up: TestUp;
  let agent: MycloudProcess;
  let agentState = "";
  let home = "";
  let data = "";

  before(async () => {
    up = await startUp(cleanup, { storage: "127.0.0.1:0" });
    data = await temporaryDirectory("terminal-data");
    home = await temporaryDirectory("terminal-home");
    agentState = await temporaryDirectory("terminal-agent");
    await mkdir(join(data, "site/pictures"), { recursive: true });
    await writeFile(join(data, "notes.txt"), "one\ntwo\n");
    await writeFile(join(data, "site/index.html"), "<h1>hello</h1>\n");
    await writeFile(join(data, "site/pictures/cat.svg"), "<svg/>\n");
    // What an operator does once.
    const made = async (path: string, body: object) => {
      const { status, body: answer } = await up.api("POST", `/api/v1/${path}`, { body });
      assert.ok(status < 300, JSON.stringify(answer));
    };
    await made("customers", { name: "acme", title: "Acme" });
    await made("users", { email: "anna@example.org", name: "Anna", role: "admin", customer: "acme", password });
    const schedule = { splaySeconds: 0 };
    await made("backup-policies", { name: "home", selector: { hosts: ["laptop"] }, paths: [data], schedule });
    await writeFile(join(home, "password"), `${password}\n`, { mode: 0o600 });
  });

  /** Anna types, standing in the folder that is backed up, on the machine itself. */
  function typed(words: readonly string[], cwd = data) {
    const env = { HOME: home, XDG_CONFIG_HOME: undefined, MYCLOUD_SERVER: up.url, MYCLOUD_STATE_DIR: agentState };
    return runMycloud(words, { cwd, env });
  }
  async function anna(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await typed(words);
    assert.equal(code, 0, `mycloud ${words.join(" ")}: ${stderr}${stdout}`);
    return stdout + stderr;
  }
  async function annaJson(...words: string[]) {
    const { code, stdout, stderr } = await typed([...words, "--json"]);
    assert.equal(code, 0, `mycloud ${words.join(" ")}: ${stderr}`);
    return JSON.parse(stdout);
  }
  const text = (path: string) => readFile(join(data, path), "utf8");

  test("logs in and enrols a machine; its first sync runs by itself", async () => {
    const before = await typed(["log"]);
    assert.equal(before.code, 77);
    await anna("login", "--server", up.url, "--email", "anna@example.org", "--password-file", join(home, "password"));
    const none = await typed(["log"]);
    assert.equal(none.code, 66);
    assert.match(none.stderr, /no machine yet; mycloud enrolment create/);
    const { token } = await annaJson("enrolment", "create");
    const enrolled = await runMycloud(
      ["agent", "enrol", "--server", up.url, "--state-dir", agentState, "--host-name", "laptop"],
      { env: { MYCLOUD_ENROLMENT_TOKEN: token } },
    );
    assert.equal(enrolled.code, 0, enrolled.stderr);
    const allowed = "allow: [backup, restore, browse]\n";
    await writeFile(join(agentState, "agent/policy.yaml"), allowed);
    agent = startMycloud(["agent", "run", "--state-dir", agentState]);
    cleanup.after(async () => {
      await agent.stop();
    });
    await waitFor(async () => /laptop +good +now +Backed up/.test(await anna("status")), 60_000, "the first backup");
    assert.match(await anna("status"), /MACHINE +IS +SEEN +BACKUPS\nlaptop +good +now +Backed up/);
    assert.equal((await annaJson("log")).snapshots.length, 1);
  });

  test("changes files, syncs, and sees what changed", async () => {
    await writeFile(join(data, "notes.txt"), "one\n2\n");
    await writeFile(join(data, "site/about.html"), "<p>about</p>\n");
    await rm(join(data, "site/pictures"), { recursive: true });
    const synced = await anna("sync");
    assert.match(synced, /laptop: done in [\s\S]*files +1 new, 1 changed, 1 unmodified[\s\S]*snapshot +[0-9a-f]{8}/);
    const log = await anna("log");
    assert.match(
      log,
      /^SNAPSHOT +TIME +NEW +CHANGED[^\n]*\n[0-9a-f]{8} +20[^\n]* \+1 +~1 [^\n]*\n[0-9a-f]{8} [^\n]*\+3 /,
    );
    const changes = await anna("diff");
    assert.match(changes, /^~ .*\/notes.txt {2}8 B -> 6 B$/m);
    assert.match(changes, /^\+ .*\/site\/about.html/m);
    assert.match(changes, /^- .*\/site\/pictures\/$/m);
    assert.match(await anna("diff", "latest~1", "latest", "notes.txt"), /^@@ .* @@\n one\n-two\n\+2$/m);
    assert.match(await anna("log", "notes.txt"), / modified [\s\S]* added /);
    assert.match(await anna("ls"), /notes\.txt\n.*|site\//);
    assert.match(await anna("ls", "latest~1:site/pictures"), /-rw-r--r-- .* cat\.svg/);
    assert.match(await anna("find", "cat"), /\/site\/pictures\/cat\.svg/);
    assert.match(await anna("completion", "values", "--", "checkout", "la"), /^latest\t20.*\nlatest~1\t/);
    assert.match(await anna("completion", "values", "--", "checkout", "latest", "no"), /^notes\.txt\t/);
  });

  test("gets a deleted folder back, and is told of what a checkout would overwrite", async () => {
    assert.match(
      await anna("checkout", "latest~1", "site/pictures", "--dry-run"),
      /\+ .*cat\.svg[\s\S]*nothing was changed/,
    );
    await assert.rejects(text("site/pictures/cat.svg"));
    assert.match(await anna("checkout", "latest~1", "site/pictures"), /checked out on laptop/);
    assert.equal(await text("site/pictures/cat.svg"), "<svg/>\n");
    await writeFile(join(data, "notes.txt"), "not yet backed up\n");
    const refused = await typed(["checkout", "latest~1", "notes.txt"]);
    assert.equal(refused.code, 79, refused.stderr + refused.stdout);
    assert.match(refused.stdout, /^! .*\/notes\.txt/m);
    assert.equal(await text("notes.txt"), "not yet backed up\n");
    await anna("checkout", "latest~1", "notes.txt", "--force");
    assert.equal(await text("notes.txt"), "one\ntwo\n");
  });

  test("rolls a folder back, and rolls that back", async () => {
    await writeFile(join(data, "site/index.html"), "<h1>broken</h1>\n");
    await writeFile(join(data, "site/junk"), "junk\n");
    const unasked = await typed(["rollback", "latest", "site"]);
    assert.equal(unasked.code, 64);
    assert.match(await anna("rollback", "latest", "site", "--dry-run"), /- .*\/site\/junk/);
    const done = await anna("rollback", "latest", "site", "--yes");
    assert.equal(await text("site/index.html"), "<h1>hello</h1>\n");
    assert.deepEqual((await readdir(join(data, "site"))).sort(), ["about.html", "index.html"]);
    const back = /to roll this back: mycloud (rollback .*)/.exec(done)?.[1];
    assert.ok(back !== undefined, done);
    await anna(...back.split(" "), "--yes");
    assert.equal(await text("site/index.html"), "<h1>broken</h1>\n");
    assert.deepEqual((await readdir(join(data, "site"))).sort(), ["about.html", "index.html", "junk", "pictures"]);
  });

  test("restores elsewhere, downloads a zip and a file, and keeps a snapshot", async (t) => {
    const elsewhere = join(home, "elsewhere");
    await anna("restore", "latest~1", "notes.txt", "--to", elsewhere);
    assert.equal(await readFile(join(elsewhere, data, "notes.txt"), "utf8"), "one\ntwo\n");
    assert.equal((await typed(["download", "latest~1", "notes.txt", "-o", "-"])).stdout.endsWith("\n"), true);
    await anna("note", "latest", "before", "the", "move");
    await anna("hold", "latest", "--reason", "audit");
    assert.match(await anna("log"), / audit +before the move$/m);
    await anna("hold", "latest", "--remove");
    assert.doesNotMatch(await anna("log"), / audit /);
    const zip = join(home, "site.zip");
    await anna("download", "latest", "site", "-o", zip);
    if (!requirePeer(t, "/usr/bin/unzip", "unzip")) return;
    const listed = execFileSync("/usr/bin/unzip", ["-Z1", zip], { encoding: "utf8" });
    assert.match(listed, /index\.html/);
  });

  test("mycloud alone on a terminal is the home; elsewhere the help", async (t) => {
    assert.match(await anna(), /^Usage: mycloud/);
    if (!requirePeer(t, "/usr/bin/script", "bsdutils")) return;
    const shown = execFileSync("/usr/bin/script", ["-qec", `${repositoryRoot}/bin/mycloud`, "/dev/null"], {
      cwd: data,
      input: "q",
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: home, MYCLOUD_SERVER: up.url, TERM: "xterm", NO_COLOR: "1" },
      timeout: 20_000,
    });
    assert.match(
      shown,
      /anna@example\.org, owner of acme[\s\S]*laptop: Backed up[\s\S]*What can I do\?[\s\S]*q {2}quit/,
    );
  });

  test("sees nothing of the machines of others", async () => {
    const { code, stderr } = await typed(["log", "--machine", hostname()]);
    assert.equal(code, 66);
    assert.match(stderr, /you have no machine .*; there are laptop/);
  });
});
