import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Terminal } from "../command-line/index.ts";
import { runCommandLine } from "../command-line/run-command-line.ts";
import { nowMs, type StandIn, startStandIn } from "../commands/own-backups/testing/stand-in.ts";
import { commandEntries } from "../commands/registry.ts";
import { machineChoices, personChoices, strangerChoices } from "./choices.ts";
import { runHome } from "./run-home.ts";

describe("mycloud alone on a terminal", () => {
  let standIn: StandIn;
  let home = "";
  before(async () => {
    standIn = await startStandIn();
    home = await mkdtemp(join(tmpdir(), "mycloud-home-"));
    await writeFile(join(home, "token"), "mc_person\n");
  });
  after(async () => {
    await standIn.stop();
    await rm(home, { recursive: true, force: true });
  });

  /** Types each line when what is before it has been shown; answers all that was shown, and what was run. */
  async function at(
    environment: Record<string, string>,
    dialogue: readonly (readonly [shown: RegExp, typed: string])[],
    isTty = true,
  ) {
    const stdin = Object.assign(new PassThrough(), { isTTY: isTty });
    const stdout = Object.assign(new PassThrough(), { isTTY: isTty, columns: 100 });
    let shown = "";
    stdout.on("data", (piece) => (shown += String(piece)));
    const terminal: Terminal = {
      ...{ stdin, stdout, stderr: stdout, environment: { NO_COLOR: "1", ...environment } },
      ...{ workingDirectory: home, homeDirectory: home, now: () => nowMs, signal: AbortSignal.timeout(20_000) },
    };
    const ended = runCommandLine([], terminal, commandEntries, "1.2.3", runHome);
    let from = 0;
    for (const [words, typed] of dialogue) {
      while (!words.test(shown.slice(from))) {
        assert.ok(!terminal.signal.aborted, `no ${words} in ${shown}`);
        await wait(10);
      }
      from = shown.length;
      stdin.write(`${typed}\n`);
    }
    return { code: await ended, shown };
  }
  const loggedIn = () => ({
    MYCLOUD_SERVER: standIn.url,
    MYCLOUD_TOKEN_FILE: join(home, "token"),
  });

  test("it says who I am and how my machines are; a number leads to one, a key does something and says by which command", async () => {
    const { code, shown } = await at(loggedIn(), [
      [/> $/, "1"],
      [/> $/, "c"],
      [/Which file or folder\? /, "/srv/www/notes.txt"],
      [/\[latest\] /, ""],
      [/> $/, "h"],
      [/> $/, "x"],
      [/> $/, "q"],
    ]);
    assert.equal(code, 0, shown);
    assert.match(shown, /anna@example.org, owner of acme, at http:/);
    assert.match(shown, /1 +web1 +good +Backed up 2 h ago\.\n2 +db1 +good/);
    assert.match(shown, /web1: Backed up 2 h ago\.\n\nSNAPSHOT[\s\S]*bbbb2222[\s\S]*s {2}back up now/);
    assert.match(shown, /\$ mycloud checkout latest \/srv\/www\/notes.txt --machine web1\n/);
    assert.match(shown, /checked out on web1/);
    assert.match(shown, /"x" is none of these/);
  });

  test("a question that gets no answer does nothing", async () => {
    const before = standIn.asked.filter(({ method }) => method === "POST").length;
    const { code } = await at(loggedIn(), [
      [/> $/, "1"],
      [/> $/, "r"],
      [/Which file or folder\? /, ""],
      [/> $/, "q"],
    ]);
    assert.equal(code, 0);
    assert.equal(standIn.asked.filter(({ method }) => method === "POST").length, before);
  });

  test("who is not logged in is told how, and can leave", async () => {
    const { code, shown } = await at({ MYCLOUD_SERVER: standIn.url }, [[/> $/, "q"]]);
    assert.equal(code, 0);
    assert.match(shown, /You are not logged in\.[\s\S]*i {2}log in\n {2}m {2}make an account/);
  });

  test("where nobody sits the help is shown as ever", async () => {
    const { code, shown } = await at(loggedIn(), [], false);
    assert.equal(code, 0);
    assert.match(shown, /^Usage: mycloud/);
  });

  test("no two choices on one screen have the same key", () => {
    for (const choices of [[...machineChoices, ...personChoices], strangerChoices]) {
      const keys = [...choices.map(({ key }) => key), "q", "h"];
      assert.equal(new Set(keys).size, keys.length, keys.join(" "));
    }
  });
});
