// Whose lock counts: of programs that are asked whether they live, that were killed, and whose terminal went away.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { requirePeer } from "../peers/peer.ts";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { password } from "../support/backup-faults/index.ts";
import { makeCheapRepository } from "../support/cheap-repository.ts";
import { listProcesses, repositoryRoot, startMycloud, temporaryDirectory, waitFor } from "../support/index.ts";

describe("a lock", () => {
  let root = "";
  before(async () => {
    root = await temporaryDirectory("backup-locks");
    await writeFile(join(root, "password"), password);
  });

  /** A repository, and a backup to it of what a command says when `end` is called. */
  async function openEndedBackup(t: TestContext, name: string) {
    const location = join(root, name);
    await makeCheapRepository({ location, password });
    const endFile = join(root, `${name}-may-end`);
    const end = () => writeFile(endFile, "");
    // The command that is backed up outlives a backup that is killed.
    t.after(end);
    // Not one that is just being written.
    const locks = async () => (await readdir(join(location, "locks"))).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const settings = ["--repo", location, "--password-file", join(root, "password")];
    const dump = ["sh", "-c", `until [ -e ${endFile} ]; do sleep 0.1; done; echo said`];
    return {
      location,
      args: ["repo", "backup", "--quiet", ...settings, "--stdin-from-command", "--", ...dump],
      settings,
      end,
      restic: (...args: readonly string[]) => runRestic({ location, password }, args),
      locks,
      locked: () => waitFor(async () => (await locks()).length === 1, 20_000, "the lock"),
    };
  }

  test("of a backup at work outlives `restic unlock`, and the backup does not mind being asked", async (t) => {
    if (!requireRestic(t)) return;
    const backup = await openEndedBackup(t, "asked");
    const running = startMycloud(backup.args);
    t.after(() => running.kill("SIGKILL"));
    await backup.locked();
    for (let i = 0; i < 3; i++) assert.equal((await backup.restic("unlock")).code, 0);
    assert.equal((await backup.locks()).length, 1);
    await backup.end();
    assert.deepEqual(await running.ended, { code: 0, signal: null }, running.stderr());
    assert.deepEqual(await backup.locks(), []);
  });

  test("of a killed backup is in nobody's way, even before the exit code was asked for", async (t) => {
    if (!requireRestic(t)) return;
    const backup = await openEndedBackup(t, "zombie");
    // The shell becomes a program that never asks how its children ended, so the killed one stays a zombie: to restic it lives.
    const parent = spawn(
      "sh",
      ["-c", '"$@" & exec sleep 300', "sh", join(repositoryRoot, "bin/mycloud"), ...backup.args],
      {
        cwd: repositoryRoot,
        stdio: "ignore",
      },
    );
    t.after(() => {
      parent.kill("SIGKILL");
    });
    await backup.locked();
    const pid = listProcesses().find(({ parentPid }) => parentPid === parent.pid)?.pid ?? 0;
    assert.ok(pid > 0);
    process.kill(pid, "SIGKILL");
    await waitFor(async () => / \(\S+\) Z /.test(await readFile(`/proc/${pid}/stat`, "utf8")), 10_000, "the zombie");
    await backup.restic("unlock");
    assert.equal((await backup.locks()).length, 1, "restic cannot tell; should this fail, it has learnt to");

    const prune = startMycloud(["repo", "prune", "--quiet", ...backup.settings]);
    assert.deepEqual(await prune.ended, { code: 0, signal: null }, prune.stderr());
    assert.deepEqual(await backup.locks(), []);
    assert.match((await backup.restic("check")).stdout, /no errors were found/);
  });

  test("goes with the terminal that its backup was started from", async (t) => {
    if (!requirePeer(t, "/usr/bin/script", "bsdutils")) return;
    const backup = await openEndedBackup(t, "terminal");
    const command = [join(repositoryRoot, "bin/mycloud"), ...backup.args].map((each) => `'${each}'`).join(" ");
    const terminal = spawn("script", ["--quiet", "--command", `exec ${command}`, "/dev/null"], {
      cwd: repositoryRoot,
      stdio: ["pipe", "ignore", "ignore"],
    });
    t.after(() => killWorkersOn(backup.location));
    await backup.locked();
    terminal.kill("SIGKILL");
    await waitFor(async () => (await backup.locks()).length === 0, 20_000, "the backup to end");
  });
});

/** Its own parent is gone by then. */
function killWorkersOn(location: string): void {
  for (const { pid, command } of listProcesses()) if (command.includes(location)) process.kill(pid, "SIGKILL");
}
