// `mycloud up` runs a storage server, too: what it prints is enough to back up to it, with our client and with stock restic.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { freePort, runMycloud, runRepo, startMycloud, startUp, temporaryDirectory, waitFor } from "../support/index.ts";

test("its address and the command it prints let a client in", async (t) => {
  const up = await startUp(t, { storage: "127.0.0.1:0" });
  const [, address = "", command = ""] =
    /Backups +rest:(http:\S+)\/NAME\/ +\((mycloud .*) lets/.exec(up.process.stdout()) ?? [];
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/, up.process.stdout());
  const place = await temporaryDirectory("up-storage");
  const passwordFile = join(place, "password");
  await writeFile(passwordFile, "pw\n");
  const words = command
    .split(" ")
    .slice(1)
    .map((word) => (word === "NAME" || word === "USER" ? "web1" : word));
  const set = await runMycloud([...words, "--password-file", passwordFile]);
  assert.equal(set.code, 0, set.stderr);
  const repository = { location: `rest:${address.replace("//", "//web1:pw@")}/web1/`, password: "x" };
  for (const args of [["init"], ["backup", place], ["verify"]]) {
    const { code, stderr } = await runRepo(repository, args);
    assert.equal(code, 0, stderr);
  }
  const status = await runMycloud(["storage", "status", "--json", "--state-dir", join(up.stateDir, "storage")]);
  assert.equal(JSON.parse(status.stdout)[0].objects.snapshots, 1, status.stderr);
  if (!requireRestic(t)) return;
  const restic = await runRestic(repository, ["backup", place]);
  assert.equal(restic.code, 0, restic.stderr);
});

test("an address that was asked for and is taken ends it, and says which option chooses another", async (t) => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  t.after(() => taken.close());
  const address = taken.address();
  assert.ok(address !== null && typeof address !== "string");
  const stateDir = await temporaryDirectory("up-storage-taken");
  const http = `127.0.0.1:${await freePort()}`;
  const args = ["up", "--state-dir", stateDir, "--http", http, "--storage", `127.0.0.1:${address.port}`];
  const { code, stderr } = await runMycloud(args);
  assert.equal(code, 71, stderr);
  assert.match(stderr, /is taken by another program; choose another with --storage/);
});

test("the default address may be taken: everything else runs", async (t) => {
  // Either this test has it or somebody else does.
  const taken = createServer()
    .on("error", () => {})
    .listen(8081, "127.0.0.1");
  t.after(() => taken.close());
  await new Promise((resolve) => setTimeout(resolve, 200));
  const stateDir = await temporaryDirectory("up-storage-default");
  const up = startMycloud(["up", "--state-dir", stateDir, "--http", `127.0.0.1:${await freePort()}`]);
  t.after(() => up.stop());
  await waitFor(() => up.stdout().includes("Ctrl-C stops it."), 120_000, "mycloud up");
  assert.match(up.stderr(), /127\.0\.0\.1:8081 is taken, so no storage server is started/);
  assert.doesNotMatch(up.stdout(), /Backups/);
});
