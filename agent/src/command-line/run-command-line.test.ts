import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { test } from "node:test";
import { Command } from "commander";
import type { CommandEntry } from "./command-entry.ts";
import { CommandError } from "./command-error.ts";
import { commandGroup } from "./command-group.ts";
import { addInstanceOptions, flagsOf } from "./instance-options.ts";
import { runCommandLine } from "./run-command-line.ts";
import { type Terminal, write } from "./terminal.ts";

function recorder() {
  let text = "";
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

function testTerminal() {
  const stdout = recorder();
  const stderr = recorder();
  const terminal: Terminal = {
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdin: new PassThrough(),
    environment: {},
    workingDirectory: "/",
    homeDirectory: "/nowhere",
    now: () => 0,
    signal: new AbortController().signal,
  };
  return { terminal, out: stdout.text, err: stderr.text };
}

function entries(onList: (flags: object) => void = () => {}): CommandEntry[] {
  const load = async (terminal: Terminal) => {
    const list = addInstanceOptions(new Command("list")).action(async () => {
      onList(flagsOf(list));
      await write(terminal.stdout, "listed\n");
    });
    const show = new Command("show").argument("<HOST>", "its name").action(() => {
      throw new CommandError("notFound", 'no host is named "web\n9"');
    });
    return commandGroup("host", "Hosts.", [list, show]);
  };
  return [
    { name: "host", summary: "hosts", group: "Look:", load },
    { name: "server", summary: "the control plane", group: "Run:" },
  ];
}

async function run(...words: string[]) {
  const { terminal, out, err } = testTerminal();
  const code = await runCommandLine(words, terminal, entries(), "1.2.3");
  return { code, out: out(), err: err() };
}

test("an unknown command ends with 64 and suggests the nearest", async () => {
  assert.deepEqual(await run("hots"), {
    code: 64,
    out: "",
    err: "mycloud: unknown command 'hots'; did you mean host?\n",
  });
  assert.match((await run("host", "lst")).err, /did you mean list\?/);
  assert.match((await run("servr")).err, /did you mean server\?/);
});

test("an unknown option ends with 64 and suggests the nearest", async () => {
  const { code, err } = await run("host", "list", "--jsn");
  assert.equal(code, 64);
  assert.equal(err, "mycloud: unknown option '--jsn'; did you mean --json?\n");
});

test("a noun without its verb is wrong usage, its help is not", async () => {
  assert.equal((await run("host")).code, 64);
  const help = await run("host", "--help");
  assert.equal(help.code, 0);
  assert.match(help.out, /list \[options\]/);
  assert.equal((await run("help", "host")).code, 0);
});

test("help knows every command and lists the exit codes", async () => {
  for (const words of [[], ["--help"], ["help"]]) {
    const { code, out } = await run(...words);
    assert.equal(code, 0);
    assert.match(out, /server +the control plane/);
    assert.match(out, /69 {2}no control plane/);
  }
});

test("a failure is one line on stderr, and JSON with --json", async () => {
  assert.deepEqual(await run("host", "show", "x"), {
    code: 66,
    out: "",
    err: 'mycloud: no host is named "web 9"\n',
  });
  const { code, err } = await run("--json", "host", "show", "x");
  assert.equal(code, 66);
  assert.deepEqual(JSON.parse(err), {
    error: { code: "MYCLOUD_NOT_FOUND", message: 'no host is named "web\n9"', exitCode: 66 },
  });
});

test("options of the program may stand before or after the command", async () => {
  for (const words of [
    ["--state-dir", "/a", "--json", "host", "list"],
    ["host", "list", "--json", "--state-dir", "/a"],
    ["--state-dir", "/b", "host", "list", "--json", "--state-dir", "/a"],
  ]) {
    const { terminal } = testTerminal();
    let seen: object = {};
    const code = await runCommandLine(
      words,
      terminal,
      entries((flags) => (seen = flags)),
      "1.2.3",
    );
    assert.equal(code, 0, words.join(" "));
    assert.deepEqual({ ...seen }, { stateDir: "/a", json: true }, words.join(" "));
  }
});

test("the version is printed on stdout", async () => {
  assert.deepEqual(await run("--version"), { code: 0, out: "1.2.3\n", err: "" });
});
