// What keeps `mycloud up` from starting is said in one line, with an exit code of its own, and nothing is left running.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { freePort, listProcesses, runMycloud, startUp, temporaryDirectory } from "../support/index.ts";

async function refuses(
  options: { stateDir: string; http: string; env?: Record<string, string> },
  code: number,
  words: RegExp,
): Promise<void> {
  const args = ["up", "--state-dir", options.stateDir, "--http", options.http];
  const result = await runMycloud(args, { env: options.env ?? {}, timeoutMs: 120_000 });
  assert.equal(result.code, code, result.stderr);
  assert.equal(result.stdout, "");
  const complaints = result.stderr
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("mycloud: "));
  assert.equal(complaints.length, 1, result.stderr);
  assert.match(complaints[0]!, words);
  assert.doesNotMatch(result.stderr, /^ +at /m);
  const left = listProcesses().filter(({ command }) => command.includes(options.stateDir));
  assert.deepEqual(left, []);
}

test("a taken port", async (t) => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  t.after(() => taken.close());
  const address = taken.address();
  assert.ok(address !== null && typeof address !== "string");
  const stateDir = await temporaryDirectory("up-port");
  await refuses(
    { stateDir, http: `127.0.0.1:${address.port}` },
    71,
    /is taken by another program; choose another with --http/,
  );
});

test("a directory that cannot be written", async () => {
  const directory = await temporaryDirectory("up-unwritable");
  // A file in the way is refused to root as well, whom permissions do not stop.
  await writeFile(join(directory, "file"), "");
  const http = `127.0.0.1:${await freePort()}`;
  await refuses(
    { stateDir: join(directory, "file", "state"), http },
    73,
    /the state directory .* cannot be written: .*--state-dir/,
  );
  await refuses({ stateDir: "/proc/mycloud", http }, 73, /the state directory \/proc\/mycloud cannot be written/);
});

test("an address that is none, and one of another machine", async () => {
  const stateDir = await temporaryDirectory("up-address");
  await refuses({ stateDir, http: "8080" }, 78, /--http is "8080"; write HOST:PORT/);
  await refuses({ stateDir, http: "192.0.2.1:8080" }, 78, /192\.0\.2\.1:8080 is no address of this machine/);
});

test("a database that is away", async () => {
  const stateDir = await temporaryDirectory("up-database");
  const port = await freePort();
  const url = `mariadb://mycloud:secret@127.0.0.1:${port}/mycloud`;
  await refuses(
    { stateDir, http: `127.0.0.1:${await freePort()}`, env: { MYCLOUD_DATABASE_URL: url } },
    69,
    /database/,
  );
});

test("a database address that is none", async () => {
  const stateDir = await temporaryDirectory("up-database-url");
  const env = { MYCLOUD_DATABASE_URL: "postgres://x" };
  await refuses({ stateDir, http: `127.0.0.1:${await freePort()}`, env }, 78, /MYCLOUD_DATABASE_URL|database/);
});

test("a state directory that a running instance uses", async (t) => {
  const up = await startUp(t);
  const { code, stderr } = await runMycloud([
    "up",
    "--state-dir",
    up.stateDir,
    "--http",
    `127.0.0.1:${await freePort()}`,
  ]);
  assert.equal(code, 71, stderr);
  assert.match(stderr, /^mycloud: .*(used|running)/m);
  assert.equal((await up.api("GET", "/readyz")).status, 200, "the first one goes on");
});

test("npm's directory does not matter: relative paths start where the person stands", async () => {
  const directory = await temporaryDirectory("up-relative");
  await mkdir(join(directory, "here"));
  const { code, stderr } = await runMycloud(["up", "--state-dir", "a/state", "--http", "192.0.2.1:1"], {
    // As npm runs it: in the clone, with the person's directory beside.
    env: { INIT_CWD: join(directory, "here") },
  });
  assert.equal(code, 78, stderr);
  assert.deepEqual(await readdir(join(directory, "here")), ["a"]);
});
