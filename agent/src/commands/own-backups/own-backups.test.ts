import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Terminal } from "../../command-line/index.ts";
import { runCommandLine } from "../../command-line/run-command-line.ts";
import { commandEntries } from "../registry.ts";
import { newId, nowMs, oldId, type StandIn, safetyId, startStandIn } from "./testing/stand-in.ts";

const content = "first line\nsecond line\nthird line\n";

function recorder() {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      pieces.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString() };
}

describe("a person's own backups at the terminal", () => {
  let standIn: StandIn;
  let home = "";
  before(async () => {
    standIn = await startStandIn();
    home = await mkdtemp(join(tmpdir(), "mycloud-own-backups-"));
    await writeFile(join(home, "token"), "mc_person\n");
  });
  after(async () => {
    await standIn.stop();
    await rm(home, { recursive: true, force: true });
  });
  beforeEach(() => {
    standIn.asked.length = 0;
    Object.assign(standIn.set, { isOnline: true, breakAfterBytes: null, restoreEnd: {}, runEnd: {} });
  });

  interface Typed {
    readonly interruptAfterMs?: number;
    readonly answer?: string;
    readonly isHere?: boolean;
    readonly isTty?: boolean;
  }

  async function mycloud(words: string, typed: Typed = {}) {
    const [out, err] = [recorder(), recorder()];
    const stdin = Object.assign(new PassThrough(), typed.answer === undefined ? {} : { isTTY: true });
    if (typed.answer !== undefined) stdin.write(`${typed.answer}\n`);
    const interruption = new AbortController();
    if (typed.interruptAfterMs !== undefined) setTimeout(() => interruption.abort(), typed.interruptAfterMs);
    const columns = { isTTY: typed.isTty === true, columns: 120 };
    const terminal: Terminal = {
      stdout: Object.assign(out.stream, columns),
      stderr: Object.assign(err.stream, columns),
      stdin,
      environment: { MYCLOUD_SERVER: standIn.url, MYCLOUD_TOKEN_FILE: join(home, "token"), MYCLOUD_STATE_DIR: home },
      workingDirectory: typed.isHere ? "/srv/www" : home,
      homeDirectory: home,
      now: () => nowMs,
      signal: interruption.signal,
    };
    const isTold = / (-m|--machine) /.test(words) || words.startsWith("completion");
    const all = [...words.split(" "), ...(isTold ? [] : ["--machine", "web1"])];
    const code = await runCommandLine(all, terminal, commandEntries, "1.2.3");
    return { code, out: out.text(), err: err.text() };
  }
  const sent = (method: string) => standIn.asked.filter((asked) => asked.method === method);

  test("log shows a line for each snapshot, newest first, and no text steers the terminal", async () => {
    const { code, out, err } = await mycloud("log");
    assert.equal(code, 0, err);
    const [heading, first, second, ...rest] = out.trimEnd().split("\n");
    assert.match(heading ?? "", /^SNAPSHOT +TIME +NEW +CHANGED +FILES +SIZE +ADDED +HELD +NOTE$/);
    assert.match(
      first ?? "",
      /^bbbb2222 +2026-11-22 18:15 +\+12 +~3 +1,015 +4.77 MiB +4.00 KiB +before the +\[31mmove$/,
    );
    assert.match(second ?? "", /^aaaa1111 .* audit$/);
    assert.deepEqual(rest, []);
    const json = JSON.parse((await mycloud("log --json")).out);
    assert.deepEqual([json.machine, json.policy, json.repositoryId], ["web1", "home", 11]);
    assert.deepEqual(
      json.snapshots.map(({ id }: { id: string }) => id),
      [newId, oldId],
    );
  });

  test("log of a path shows its versions, newest first", async () => {
    const { out } = await mycloud("log /srv/www/notes.txt");
    assert.match(out, /bbbb2222 .* modified .*\naaaa1111 .* added /);
    assert.equal(sent("GET").at(-1)?.query.get("path"), "/srv/www/notes.txt");
  });

  test("ls shows a folder as it was, by default where the backup begins", async () => {
    const { code, out, err } = await mycloud("ls yesterday");
    assert.equal(code, 0, err);
    assert.match(err, /^web1:\/srv\/www in aaaa1111 of 2026-11-21 18:15/);
    assert.match(out, /^drwxr-xr-x {2}root root +2026-11-22 20:15 {2}docs\/\n-rw-r--r-- .*34 B .* notes.txt\n$/);
    const json = JSON.parse((await mycloud("ls latest:/srv/www --json")).out);
    assert.deepEqual([json.snapshotId, json.entry.path, json.total], [newId, "/srv/www", 2]);
    assert.equal((await mycloud("ls latest:/nowhere")).code, 66);
  });

  test("find lists versions with where they were last", async () => {
    const { out } = await mycloud("find notes");
    assert.match(out, /bbbb2222 +2026-11-22 18:15 +34 B .* \/srv\/www\/notes.txt/);
    assert.equal(JSON.parse((await mycloud("find notes --json")).out).matches.length, 1);
  });

  test("diff shows what changed with sizes, and of a text file its lines", async () => {
    const { out, err } = await mycloud("diff");
    assert.equal(out, "+ /srv/www/new.txt  10 B\n~ /srv/www/notes.txt  20 B -> 34 B\n- /srv/www/old/\n");
    assert.match(err, /1 added \(10 B\), 1 removed \(0 B\), 1 changed/);
    const asked = sent("GET").at(-1)?.query;
    assert.deepEqual([asked?.get("from"), asked?.get("to")], [oldId, newId]);
    const lines = (await mycloud("diff aaaa latest /srv/www/notes.txt")).out;
    assert.match(
      lines,
      /^--- \/srv\/www\/notes.txt\t.*\n\+\+\+ .*\n@@ -1 \+1,2 @@\n first line\n-gone +\[2J\n\+second line\n$/,
    );
    const coloured = (await mycloud("diff aaaa latest /srv/www/notes.txt", { isTty: true })).out;
    assert.match(coloured, /\u001b\[32m\+second line/);
    assert.equal((await mycloud("diff aaaa latest /nowhere")).code, 66);
  });

  test("sync begins a run, shows it, and says what was stored", async () => {
    const { code, out, err } = await mycloud("sync");
    assert.equal(code, 0, err);
    assert.match(
      err,
      /backing-up {2} 25.0% {2}3 of 6 files, 1.00 KiB of 4.00 KiB {2}2.00 KiB\/s {2}1m 30s left {2}\/srv\/www\/big.iso/,
    );
    assert.match(
      out,
      /web1: done in 12s\nfiles +12 new, 3 changed, 1,000 unmodified; 4.77 MiB in all\nstored +4.00 KiB\nsnapshot +bbbb2222\n/,
    );
    const drawn = await mycloud("sync --json");
    assert.equal(JSON.parse(drawn.out).phase, "done");
    assert.equal(drawn.err, "");
  });

  test("sync ends with 3 when files could not be read, with 1 when it failed, and Ctrl-C ends the showing alone", async () => {
    standIn.set.runEnd = { unreadableCount: 1, errors: [{ item: "/srv/www/x", during: "read", message: "EIO" }] };
    const incomplete = await mycloud("sync");
    assert.equal(incomplete.code, 3);
    assert.match(incomplete.out, /! \/srv\/www\/x: read: EIO/);
    standIn.set.runEnd = { phase: "failed", message: "the storage server is full" };
    const failed = await mycloud("sync");
    assert.equal(failed.code, 1);
    assert.match(failed.err, /the storage server is full/);
    const stopped = await mycloud("sync", { interruptAfterMs: 250 });
    assert.equal(stopped.code, 130);
    assert.match(stopped.err, /the run goes on on web1. mycloud sync shows it again, mycloud sync --cancel ends it/);
    assert.equal(sent("POST").filter(({ path }) => path.endsWith("/cancel")).length, 0);
  });

  test("checkout asks for what was named and tells what was done", async () => {
    const { code, out, err } = await mycloud("checkout latest /srv/www/notes.txt /srv/www/docs");
    assert.equal(code, 0, err);
    assert.match(out, /checked out on web1 in 1s: 1 created, 1 replaced, 1 removed; 34 B/);
    assert.deepEqual(sent("POST")[0]?.body, {
      kind: "checkout",
      snapshotId: newId,
      paths: ["/srv/www/notes.txt", "/srv/www/docs"],
      targetDirectory: null,
      isForced: false,
      isDryRun: false,
    });
    const look = await mycloud("checkout latest / --dry-run");
    assert.match(
      look.out,
      /\+ \/srv\/www\/notes.txt {2}34 B\n~ .*\n- \/srv\/www\/junk\n1 to create, 1 to replace, 1 to remove; 34 B to write; 40 unchanged/,
    );
    assert.match(look.err, /nothing was changed/);
  });

  test("conflicts are listed with what to do, and end with 79", async () => {
    standIn.set.restoreEnd = {
      phase: "conflicts",
      plan: {
        ...{ creates: 0, replaces: 0, removes: 0, metadata: 0, unchanged: 2, conflicts: 1, bytesToWrite: 0 },
        actions: [{ action: "conflict", path: "/srv/www/notes.txt", sizeBytes: 34, reason: "it changed since" }],
      },
    };
    const { code, out, err } = await mycloud("checkout latest /srv/www/notes.txt");
    assert.equal(code, 79);
    assert.match(out, /! \/srv\/www\/notes.txt {2}34 B {2}\(it changed since\)/);
    assert.match(err, /nothing was written: 1 path changed on web1.*--force overwrites it/);
  });

  test("what could not be written is named and ends with 3", async () => {
    standIn.set.restoreEnd = { errorCount: 1, errors: [{ item: "/srv/www/x", message: "read-only file system" }] };
    const { code, err } = await mycloud("restore latest --to /restored");
    assert.equal(code, 3);
    assert.match(err, /\/srv\/www\/x: read-only file system/);
    assert.deepEqual(
      sent("POST").map(({ body }) => (body as { targetDirectory: string }).targetDirectory),
      ["/restored"],
    );
    assert.equal((await mycloud("restore latest")).code, 64);
  });

  test("rollback shows the plan and asks; where nobody can answer it needs --yes; it says how to roll it back", async () => {
    const refused = await mycloud("rollback yesterday /srv/www");
    assert.equal(refused.code, 64);
    assert.match(refused.err, /--dry-run, then give --yes/);
    assert.equal(sent("POST").length, 0);
    const declined = await mycloud("rollback yesterday /srv/www", { answer: "n" });
    assert.equal(declined.code, 0);
    assert.match(declined.out, /- \/srv\/www\/junk/);
    assert.match(declined.err, /nothing was changed/);
    assert.deepEqual(
      sent("POST").map(({ body }) => (body as { isDryRun: boolean }).isDryRun),
      [true],
    );
    for (const done of [
      await mycloud("rollback yesterday /srv/www", { answer: "y" }),
      await mycloud("rollback yesterday /srv/www --yes"),
    ]) {
      assert.equal(done.code, 0, done.err);
      assert.match(done.out, /rolled back on web1/);
      assert.match(done.err, /to roll this back: mycloud rollback cccc3333 \/srv\/www --machine web1/);
    }
    standIn.set.restoreEnd = { phase: "failed", message: "the disk is full" };
    const failed = await mycloud("rollback yesterday /srv/www --yes");
    assert.equal(failed.code, 1);
    assert.match(failed.err, new RegExp(`to roll this back: mycloud rollback ${safetyId.slice(0, 8)}`));
  });

  test("nothing is asked of a machine that is offline", async () => {
    standIn.set.isOnline = false;
    const { code, err } = await mycloud("checkout latest /srv/www/notes.txt");
    assert.equal(code, 75);
    assert.match(err, /web1 is offline, last seen 3h ago.*mycloud download/);
    assert.equal(sent("POST").length, 0);
  });

  test("a download goes on where the connection broke, and is whole", async () => {
    standIn.set.breakAfterBytes = 7;
    const target = join(home, "broken.txt");
    const { code, err } = await mycloud(`download latest /srv/www/notes.txt -o ${target}`);
    assert.equal(code, 0, err);
    assert.equal(await readFile(target, "utf8"), content);
    assert.match(err, /lost at 7 of 34 bytes; going on from there/);
    assert.equal(sent("GET").at(-1)?.headers.range, "bytes=7-");
    assert.equal((await stat(target)).mtimeMs, nowMs);
    assert.deepEqual(
      (await readdir(home)).filter((name) => name.endsWith(".part")),
      [],
    );
  });

  test("a later download takes up what an earlier one left, and overwrites nothing unless forced", async () => {
    const target = join(home, "notes.txt");
    await writeFile(join(home, `.notes.txt.${"f".repeat(16)}.part`), content.slice(0, 11));
    const words = `download latest:/srv/www/notes.txt -o ${target}`;
    const done = await mycloud(`${words} --json`);
    assert.deepEqual(JSON.parse(done.out), { file: target, sizeBytes: content.length, resumedAtBytes: 11 });
    assert.equal(await readFile(target, "utf8"), content);
    const again = await mycloud(words);
    assert.equal(again.code, 73);
    assert.match(again.err, /is there already; give -o another FILE, or --force/);
    assert.equal((await mycloud(`${words} --force`)).code, 0);
  });

  test("a file goes to standard output as it is, a folder as a zip beside", async () => {
    assert.equal((await mycloud("download latest /srv/www/notes.txt -o -")).out, content);
    const { code, err } = await mycloud("download latest /srv/www/docs");
    assert.equal(code, 0, err);
    assert.match(err, /docs\.zip/);
    assert.equal((await readFile(join(home, "docs.zip"))).readUInt32LE(0), 0x04034b50);
    assert.equal(sent("GET").at(-1)?.query.get("format"), "zip");
  });

  test("an archive that was cut off leaves nothing behind", async () => {
    standIn.set.breakAfterBytes = 9;
    const { code, err } = await mycloud(`download latest /srv/www --format zip -o ${join(home, "cut.zip")}`);
    assert.equal(code, 69);
    assert.match(err, /cut off after 9 bytes/);
    assert.deepEqual(
      (await readdir(home)).filter((name) => name.includes("cut")),
      [],
    );
  });

  test("holds and notes are written to the snapshot that was meant", async () => {
    assert.equal((await mycloud("hold latest --reason kept --until 2d")).code, 0);
    assert.equal((await mycloud("hold aaaa --remove")).code, 0);
    assert.equal((await mycloud("note latest for the auditors --label audit")).code, 0);
    const [hold, note] = sent("PUT");
    assert.deepEqual(hold?.body, { reason: "kept", untilMs: nowMs + 2 * 86_400_000 });
    assert.ok(hold?.path.endsWith(`${newId}/hold`));
    assert.deepEqual(note?.body, { text: "for the auditors", labels: ["audit"] });
    assert.ok(sent("DELETE")[0]?.path.endsWith(`${oldId}/hold`));
    assert.equal((await mycloud("hold latest --until yesterday")).code, 64);
  });

  test("a relative path is refused for another machine, and so is an unknown machine", async () => {
    const relative = await mycloud("checkout latest notes.txt");
    assert.equal(relative.code, 64);
    assert.match(relative.err, /of web1 write the path from \/ on/);
    const unknown = await mycloud("log --machine mail1");
    assert.equal(unknown.code, 66);
    assert.match(unknown.err, /no machine "mail1"; there are web1, db1/);
  });

  test("completion of values knows machines, snapshots and paths", async () => {
    const values = async (...words: string[]) => {
      const { out } = await mycloud(`completion values -- ${words.join(" ")}`);
      return out.split("\n").map((line) => line.split("\t")[0]);
    };
    assert.deepEqual(await values("sync", "--machine", "d"), ["db1", ""]);
    assert.deepEqual(await values("checkout", "--machine", "web1", "b"), ["bbbb2222", ""]);
    assert.deepEqual(await values("checkout", "-m", "web1", "latest", "/srv/www/no"), ["/srv/www/notes.txt", ""]);
    assert.deepEqual(await values("ls", "-m", "web1", "latest:/srv/www/d"), ["latest:/srv/www/docs/", ""]);
  });
});
