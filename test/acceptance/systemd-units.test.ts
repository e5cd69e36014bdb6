import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { requirePeer } from "../peers/peer.ts";
import { repositoryRoot, temporaryDirectory } from "../support/index.ts";

const run = promisify(execFile);
const analyse = "/usr/bin/systemd-analyze";

test("systemd accepts every unit without a word", async (t) => {
  if (!requirePeer(t, analyse, "systemd")) return;
  const source = join(repositoryRoot, "deploy/systemd");
  const directory = await temporaryDirectory("units");
  const units = (await readdir(source)).filter((name) => /\.(service|timer)$/.test(name));
  assert.ok(units.includes("mycloud-sync.timer"));
  await cp(source, directory, { recursive: true });
  for (const unit of units) {
    // The program has to exist for systemd to accept its path: it is taken from this clone.
    const text = await readFile(join(source, unit), "utf8");
    await writeFile(join(directory, unit), text.replaceAll("/usr/bin/mycloud", join(repositoryRoot, "bin/mycloud")));
  }
  for (const unit of units) {
    const { stderr } = await run(analyse, ["verify", "--man=no", join(directory, unit)]);
    // A fault ends with exit code 0 and a complaint; other units of this machine are not ours to judge.
    const ours = stderr.split("\n").filter((line) => line.includes("mycloud"));
    assert.deepEqual(ours, [], unit);
  }
});

test("no unit is more exposed than systemd calls ok", async (t) => {
  if (!requirePeer(t, analyse, "systemd")) return;
  for (const unit of [
    "mycloud-server.service",
    "mycloud-agent.service",
    "mycloud-storage.service",
    "mycloud-dns.service",
    "mycloud-sync.service",
  ]) {
    const path = join(repositoryRoot, "deploy/systemd", unit);
    const { stdout } = await run(analyse, ["security", "--offline=true", "--no-pager", path]);
    const exposure = Number(/Overall exposure level[^:]*: ([\d.]+)/.exec(stdout)?.[1]);
    assert.ok(exposure < 5, `${unit}: ${exposure}`);
  }
});
