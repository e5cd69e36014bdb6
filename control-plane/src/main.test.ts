import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { type MycloudProcess, runMycloud, startMycloud } from "../../test/support/mycloud-process.ts";
import { waitFor } from "../../test/support/wait-for.ts";

let directory = "";
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "mycloud-main-"));
});
after(() => rm(directory, { recursive: true, force: true }));

const server = (args: readonly string[], env: Record<string, string> = {}) =>
  runMycloud(["server", "--http", "127.0.0.1:0", ...args], { env });

/** Waits until it listens; answers its address. */
async function listening(running: MycloudProcess, stateDir: string): Promise<string> {
  const answer = async () => {
    const { pid, url } = JSON.parse(await readFile(join(stateDir, "server.json"), "utf8"));
    return pid === running.pid && String(url);
  };
  return await waitFor(answer, 60_000, "the address").catch((error: unknown) => {
    throw new Error(`not listening:\n${running.stdout()}${running.stderr()}`, { cause: error });
  });
}

function assertOneLine(stderr: string, pattern: RegExp): void {
  assert.match(stderr, pattern);
  assert.equal(stderr.trim().split("\n").length, 1, stderr);
  assert.match(stderr, /^mycloud server: /);
  assert.doesNotMatch(stderr, /\n\s+at /);
}

describe("mycloud server", () => {
  it("makes its state on the first start, keeps it over kill -9, and ends on SIGTERM with everything tidy", async () => {
    const stateDir = join(directory, "state");
    const first = startMycloud(["server", "--state-dir", stateDir, "--http", "127.0.0.1:0"]);
    const url = await listening(first, stateDir);
    assert.equal((await stat(stateDir)).mode & 0o777, 0o700);
    for (const name of ["admin-password", "operator-token", "mycloud.sqlite", "server.lock"]) {
      assert.equal((await stat(join(stateDir, name))).mode & 0o077, 0, name);
    }
    const token = (await readFile(join(stateDir, "operator-token"), "utf8")).trim();
    const password = (await readFile(join(stateDir, "admin-password"), "utf8")).trim();
    assert.ok(!first.stdout().includes(password) && !first.stdout().includes(token));
    const login = await fetch(`${url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "admin@localhost", password }),
    });
    assert.equal(login.status, 200);
    first.kill("SIGKILL");
    await first.ended;

    const second = startMycloud(["server", "--state-dir", stateDir, "--http", "127.0.0.1:0"]);
    const secondUrl = await listening(second, stateDir);
    const sessionCookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    assert.equal((await fetch(`${secondUrl}/api/v1/session`, { headers: { cookie: sessionCookie } })).status, 200);
    assert.equal((await readFile(join(stateDir, "operator-token"), "utf8")).trim(), token);

    const stream = await fetch(`${secondUrl}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    const ended = await second.stop();
    // One that takes longer than five seconds leaves with another code.
    assert.deepEqual([ended.code, ended.signal], [0, null], second.stdout() + second.stderr());
    await stream.text();
    const left = await readdir(stateDir);
    assert.ok(!left.includes("server.json"));
    assert.ok(!left.some((name) => name.endsWith("-wal")), left.join(" "));
  });

  it("takes the password it is given and writes it nowhere", async () => {
    const stateDir = join(directory, "given");
    const env = {
      MYCLOUD_ADMIN_PASSWORD: "a password of my own",
      MYCLOUD_STATE_DIR: stateDir,
      MYCLOUD_HTTP: "127.0.0.1:0",
    };
    const running = startMycloud(["server"], { env });
    const url = await listening(running, stateDir);
    const body = JSON.stringify({ email: "admin@localhost", password: env.MYCLOUD_ADMIN_PASSWORD });
    const headers = { "content-type": "application/json" };
    assert.equal((await fetch(`${url}/api/v1/session`, { method: "POST", headers, body })).status, 200);
    await running.stop();
    assert.ok(!(await readdir(stateDir)).includes("admin-password"));
    assert.ok(!running.stdout().includes(env.MYCLOUD_ADMIN_PASSWORD));
  });

  it("on a directory that another one uses is refused, naming that one", async () => {
    const stateDir = join(directory, "twice");
    const first = startMycloud(["server", "--state-dir", stateDir, "--http", "127.0.0.1:0"]);
    const url = await listening(first, stateDir);
    const second = await server(["--state-dir", stateDir]);
    assert.equal(second.code, 71);
    assertOneLine(second.stderr, new RegExp(`process ${first.pid} at ${url}`));
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    await first.stop();
  });

  it("on a taken port ends with one line", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    const answer = await server(["--state-dir", join(directory, "port"), "--http", `127.0.0.1:${port}`]);
    other.close();
    assert.equal(answer.code, 71);
    assertOneLine(answer.stderr, new RegExp(`127.0.0.1:${port} is taken`));
  });

  it("where the state directory cannot be made ends with one line", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    const answer = await server(["--state-dir", join(file, "below")]);
    assert.equal(answer.code, 73);
    assertOneLine(answer.stderr, /cannot make the state directory .*ENOTDIR/);
  });

  it("where the state directory cannot be written ends with one line", async () => {
    const stateDir = join(directory, "readonly");
    // Root writes to directories of any mode, but not to a directory as if it were a file.
    await mkdir(join(stateDir, "server.lock"), { recursive: true });
    const answer = await server(["--state-dir", stateDir]);
    assert.equal(answer.code, 73);
    assertOneLine(answer.stderr, /cannot write to the state directory/);
  });

  it("with a database that is away, is none, or is newer ends with one line and no password in it", async () => {
    const unused = createServer().listen(0, "127.0.0.1");
    await once(unused, "listening");
    const address = unused.address();
    const port = typeof address === "object" ? address?.port : 0;
    unused.close();
    const away = await server(["--state-dir", join(directory, "away")], {
      MYCLOUD_DATABASE_URL: `mariadb://u:hunter2@127.0.0.1:${port}/x`,
    });
    assert.equal(away.code, 69, away.stderr);
    assertOneLine(away.stderr, /cannot reach the database mariadb:\/\/u:\*\*\*@127\.0\.0\.1:\d+\/x: .*ECONNREFUSED/);
    assert.ok(!away.stderr.includes("hunter2"));

    const garbled = join(directory, "garbled");
    await mkdir(garbled);
    await writeFile(
      join(garbled, "mycloud.sqlite"),
      "this is no database, but long enough to look like one".repeat(40),
    );
    const none = await server(["--state-dir", garbled]);
    assert.equal(none.code, 69, none.stderr);
    assertOneLine(none.stderr, /cannot open the database .*not a database/);

    const newer = join(directory, "newer");
    await mkdir(newer);
    const file = new DatabaseSync(join(newer, "mycloud.sqlite"));
    file.exec("create table migration (name text primary key, applied_at_ms integer not null) strict, without rowid");
    file.exec("insert into migration values ('2999-01-01-0000-add-shoe', 1)");
    file.close();
    const refused = await server(["--state-dir", newer]);
    assert.equal(refused.code, 69);
    assertOneLine(refused.stderr, /newer than this program: it has migration 2999-01-01-0000-add-shoe/);
  });

  it("with wrong settings names each of them, and where it was given", async () => {
    const file = join(directory, "settings.yaml");
    await writeFile(file, "logLevel: loud\nmailFrom: nobody\n");
    const answer = await runMycloud(["server", "--http", "8080", "--config", file], {
      env: { MYCLOUD_PUBLIC_URL: "example.org", MYCLOUD_ADMIN_PASSWORD: "short" },
    });
    assert.equal(answer.code, 78);
    const lines = answer.stderr.trim().split("\n");
    assert.equal(lines.length, 5, answer.stderr);
    for (const pattern of [
      /--http "8080" is not HOST:PORT/,
      /MYCLOUD_PUBLIC_URL "example\.org" is no http/,
      new RegExp(`logLevel in ${file} "loud" is not one of`),
      /mailFrom in .* "nobody" is not an e-mail/,
      /MYCLOUD_ADMIN_PASSWORD is shorter than 12/,
    ]) {
      assert.ok(
        lines.some((line) => pattern.test(line)),
        `${pattern}\n${answer.stderr}`,
      );
    }
    assert.ok(!answer.stderr.includes('"short"'));
  });

  it("with an unknown option or argument ends with 64 and a suggestion", async () => {
    const option = await runMycloud(["server", "--htp", "x"]);
    assert.equal(option.code, 64);
    assertOneLine(option.stderr, /unknown option '--htp' \(Did you mean --http\?\)/);
    const argument = await runMycloud(["server", "now"]);
    assert.equal(argument.code, 64);
    assertOneLine(argument.stderr, /too many arguments/);
  });

  it("--help tells every setting, its variable and the exit codes", async () => {
    const { code, stdout } = await runMycloud(["server", "--help"]);
    assert.equal(code, 0);
    for (const name of [
      "--state-dir",
      "MYCLOUD_STATE_DIR",
      "MYCLOUD_ADMIN_PASSWORD",
      "MYCLOUD_DATABASE_URL",
      "--smtp",
      "Exit codes",
    ]) {
      assert.ok(stdout.includes(name), name);
    }
  });
});
