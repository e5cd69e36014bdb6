import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { CommandError, type Terminal } from "../command-line/index.ts";
import { saveCredentials } from "./credentials.ts";
import { findInstance } from "./find-instance.ts";

async function setUp(t: TestContext, environment: Record<string, string> = {}) {
  const home = await mkdtemp(join(tmpdir(), "mycloud-client-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  const terminal: Terminal = {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    stdin: new PassThrough(),
    environment,
    workingDirectory: home,
    homeDirectory: home,
    now: () => 0,
    signal: new AbortController().signal,
  };
  const instance = async (name: string, port: number) => {
    await mkdir(join(home, name));
    await writeFile(join(home, name, "server.json"), JSON.stringify({ url: `http://127.0.0.1:${port}/`, pid: 1 }));
    await writeFile(join(home, name, "operator-token"), `token-${name}\n`);
  };
  return { home, terminal, instance };
}

test("--state-dir finds address and token of a running instance, relative to where the person stands", async (t) => {
  const { terminal, instance, home } = await setUp(t, { MYCLOUD_SERVER: "http://elsewhere" });
  await instance("a", 8080);
  const found = await findInstance(terminal, { stateDir: "a" });
  assert.deepEqual(found, { url: "http://127.0.0.1:8080", token: "token-a", source: join(home, "a") });
});

test("a flag wins over the environment, the environment over a kept login", async (t) => {
  const { terminal, instance, home } = await setUp(t, { MYCLOUD_STATE_DIR: "b" });
  await instance("a", 1);
  await instance("b", 2);
  await saveCredentials(terminal, { url: "http://kept", token: "kept", tokenId: 1, email: null });
  assert.equal((await findInstance(terminal, { stateDir: "a" })).token, "token-a");
  assert.equal((await findInstance(terminal, {})).token, "token-b");
  assert.equal((await findInstance({ ...terminal, environment: {} }, {})).url, "http://kept");
  await writeFile(join(home, "t"), "given\n");
  const given = await findInstance(terminal, { server: "https://mycloud.example.org/", tokenFile: "t" });
  assert.deepEqual([given.url, given.token], ["https://mycloud.example.org", "given"]);
});

test("what is missing is said, with what to do about it", async (t) => {
  const { terminal, home } = await setUp(t);
  const fails = (choice: Parameters<typeof findInstance>[1], exitCode: number, words: RegExp) =>
    assert.rejects(findInstance(terminal, choice), (error: unknown) => {
      assert.ok(error instanceof CommandError);
      assert.equal(error.exitCode, exitCode);
      assert.match(error.message, words);
      return true;
    });
  await fails({ stateDir: "nothing" }, 69, /no control plane has run on .*nothing; start one with mycloud up/);
  await fails({ server: "mycloud.example.org" }, 64, /is no URL; write it as https/);
  await fails({ server: "https://mycloud.example.org" }, 77, /no token .* mycloud login --server/);
  await fails(
    { server: "https://mycloud.example.org", tokenFile: "missing" },
    77,
    /token file .*missing does not exist/,
  );
  await mkdir(join(home, "half"));
  await writeFile(join(home, "half", "server.json"), '{"url":"http://127.0.0.1:1","pid":1}');
  await fails({ stateDir: "half" }, 77, /operator-token does not exist/);
});
