// Databases are backed up by dumps that load again: by their own programs, into snapshots of their own, read back by stock restic.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { BackupJob } from "@mycloud/protocol/backup-policy";
import { backUpJob } from "../../agent/src/backup-job/engine/back-up-job.ts";
import { startMariadb } from "../peers/mariadb.ts";
import { requirePeer } from "../peers/peer.ts";
import { requireRestic } from "../peers/restic.ts";
import { freePort, temporaryDirectory } from "../support/index.ts";
import { password, restic } from "../support/stock-restic.ts";

const run = promisify(execFile);

/** Backs a dump up into a repository of its own; answers the failures, and the dump as stock restic reads it. */
async function dumped(dump: object): Promise<{ readonly failures: readonly string[]; readonly text: string }> {
  const location = await temporaryDirectory("dumps");
  const schedule = {};
  const job = BackupJob.parse({ repositoryId: 1, policyName: "db", keyMode: "managed", schedule, dumps: [dump] });
  const task = {
    kind: "start",
    job,
    runId: "a",
    isResumed: false,
    hostName: "db1",
    programVersion: "mycloud",
    location,
    certificateAuthority: null,
    token: "",
    password,
    cacheDirectory: join(location, "../cache"),
    scratchDirectory: await temporaryDirectory("scratch"),
    drill: null,
    mayPrune: false,
    lockName: "dumps",
  } as const;
  const { failures, snapshots } = await backUpJob(task, {
    nextToken: async () => "",
    onProgress: () => undefined,
    now: Date.now,
    signal: new AbortController().signal,
  });
  const [snapshot] = snapshots;
  if (snapshot === undefined) return { failures, text: "" };
  return { failures, text: await restic({ location }, "dump", snapshot.id, `/dumps/${snapshot.source}`) };
}

/** Feeds a program its standard input; answers what it prints. */
async function feed(program: string, args: readonly string[], input: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(code, 0, `${program} ${args.join(" ")}`);
  return output;
}

/** Sets variables of this process, which the programs that dump inherit, until the test ends. */
function setEnvironment(t: TestContext, variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    process.env[name] = value;
    t.after(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

test("MariaDB's databases come back as they were, and one that is missing is told", async (t) => {
  if (!requireRestic(t) || !requirePeer(t, "/usr/sbin/mariadbd", "mariadb-server")) return;
  const peer = await startMariadb();
  const { port, hostname, username, password: secret } = new URL(peer.url);
  const home = await temporaryDirectory("dump-home");
  const options = { host: hostname, port, user: username, password: decodeURIComponent(secret), protocol: "tcp" };
  const lines = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  await writeFile(join(home, ".my.cnf"), `[client]\n${lines.join("\n")}\n`, { mode: 0o600 });
  setEnvironment(t, { HOME: home });
  const name = `dump_${process.pid}`;
  const sql = (text: string) => feed("mariadb", ["--batch", "--skip-column-names"], text, {});
  t.after(async () => {
    await peer.stop();
  });
  await sql(`create database ${name}; use ${name}; create table item (name text, at timestamp default now());
    insert into item (name) values ('chair'), ('Stühle, "zwei"'); create view named as select name from item;
    create trigger upper before insert on item for each row set new.name = upper(new.name);`);
  const { failures, text } = await dumped({ preset: "mariadb", database: name });
  assert.deepEqual(failures, []);
  await sql(`drop database ${name}`);
  await feed("mariadb", [], text, {});
  assert.equal(
    await sql(`insert into ${name}.item (name) values ('lamp'); select name from ${name}.named`),
    'chair\nStühle, "zwei"\nLAMP\n',
  );
  const missing = await dumped({ preset: "mariadb", database: "nothing_like_it" });
  assert.match(missing.failures.join(), /nothing_like_it/);
  await sql(`drop database ${name}`);
});

const postgresql = "/usr/lib/postgresql/15/bin";

test("PostgreSQL's databases come back as they were, dumped as their own user", async (t) => {
  if (!requireRestic(t) || !requirePeer(t, `${postgresql}/initdb`, "postgresql")) return;
  if (process.getuid?.() !== 0) return t.skip("only root becomes the user postgres");
  const base = await temporaryDirectory("postgresql");
  await chmod(base, 0o755);
  const [data, socket] = [join(base, "data"), join(base, "socket")];
  for (const directory of [data, socket]) await mkdir(directory);
  await run("chown", ["-R", "postgres:postgres", data, socket]);
  const port = String(await freePort());
  const asOwner = (...words: string[]) => run("runuser", ["-u", "postgres", "--", ...words], { cwd: "/" });
  await asOwner(`${postgresql}/initdb`, "-D", data, "-E", "UTF8", "--no-sync", "-A", "trust");
  const settings = `-k ${socket} -p ${port} -c listen_addresses= -c fsync=off`;
  await asOwner(`${postgresql}/pg_ctl`, "-D", data, "-l", join(socket, "log"), "-o", settings, "-w", "start");
  t.after(() => asOwner(`${postgresql}/pg_ctl`, "-D", data, "-m", "immediate", "stop"));
  setEnvironment(t, { PGHOST: socket, PGPORT: port });
  const sql = async (database: string, text: string) =>
    await feed("runuser", ["-u", "postgres", "--", "psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", database], text, {});
  await sql("postgres", "create database shop");
  await sql("shop", "create table item (name text primary key); insert into item values ('chair'), ('Stühle')");
  for (const database of ["shop", null]) {
    const { failures, text } = await dumped({ preset: "postgresql", database });
    assert.deepEqual(failures, [], String(database));
    await sql("postgres", "drop database shop");
    // A dump of all makes the role again that there is.
    await sql("postgres", text.replace(/^CREATE ROLE postgres;$/m, ""));
    assert.equal(await sql("shop", 'select name from item order by name collate "C"'), "Stühle\nchair\n");
  }
  const missing = await dumped({ preset: "postgresql", database: "nothing_like_it" });
  assert.match(missing.failures.join(), /nothing_like_it/);
});
