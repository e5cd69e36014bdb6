// Completion as real shells do it. What is asked of the control plane is answered by a stand-in here; customer-terminal.test.ts asks a real one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { requirePeer } from "../peers/peer.ts";
import { runMycloud, temporaryDirectory } from "../support/index.ts";

const standIn = `#!/bin/sh
shift 3
printf '%s\\n' "$@" > "$ASKED"
for word; do last=$word; done
case $last in
  latest:/*) printf 'latest:/srv/my files/\\t\\nlatest:/srv/zoë.txt\\t2026-11-22\\n' ;;
  la*) printf 'latest\\t2026-11-22 20:15 +1 ~2\\nlatest~1\\t2026-11-21 20:15\\n' ;;
  d*) printf 'docs/\\t2026-11-22\\n' ;;
esac
`;

describe("completion in a shell", () => {
  let directory = "";
  let environment: NodeJS.ProcessEnv = {};

  before(async () => {
    directory = await temporaryDirectory("completion");
    await writeFile(join(directory, "mycloud"), standIn);
    await chmod(join(directory, "mycloud"), 0o755);
    environment = {
      PATH: `${directory}:/usr/bin:/bin`,
      ASKED: join(directory, "asked"),
      HOME: directory,
      TERM: "dumb",
      LC_ALL: "C.UTF-8",
    };
  });

  async function script(shell: string): Promise<string> {
    const { code, stdout, stderr } = await runMycloud(["completion", shell]);
    assert.equal(code, 0, stderr);
    const path = join(directory, `completion.${shell}`);
    await writeFile(path, stdout);
    return path;
  }
  const asked = async () => (await readFile(join(directory, "asked"), "utf8")).trim().split("\n");
  const run = (shell: string, args: string[]) =>
    execFileSync(shell, args, {
      env: environment,
      encoding: "utf8",
      timeout: 30_000,
      stdio: ["ignore", "pipe", "ignore"],
    });

  test("bash completes commands, options, and what the control plane knows", async () => {
    const path = await script("bash");
    const complete = (...words: string[]) =>
      run("/usr/bin/bash", [
        "-c",
        `source ${path}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mycloud; printf '%s\\n' "\${COMPREPLY[@]}"`,
        "bash",
        ...words,
      ])
        .split("\n")
        .filter((line) => line !== "");
    assert.deepEqual(complete("mycloud", "chec"), ["check", "checkout", "check-result"]);
    assert.deepEqual(complete("mycloud", "host", ""), ["list", "show", "delete"]);
    assert.deepEqual(complete("mycloud", "sync", "--no"), ["--no-watch"]);
    assert.deepEqual(complete("mycloud", "checkout", "--machine", "web1", "la"), ["latest", "latest~1"]);
    assert.deepEqual(await asked(), ["checkout", "--machine", "web1", "la"]);
    // bash takes words apart at colons, and puts in place what is behind the last.
    assert.deepEqual(complete("mycloud", "ls", "latest", ":", "/sr"), ["/srv/my\\ files/", "/srv/zoë.txt"]);
    assert.deepEqual(await asked(), ["ls", "latest:/sr"]);
    assert.deepEqual(complete("mycloud", "user", "create", "la"), []);
  });

  test("fish completes with what each is", async (t) => {
    if (!requirePeer(t, "/usr/bin/fish", "fish")) return;
    const path = await script("fish");
    const complete = (line: string) =>
      run("/usr/bin/fish", ["--no-config", "-c", `source ${path}; complete -C ${JSON.stringify(line)}`])
        .split("\n")
        .filter((each) => each !== "");
    assert.match(complete("mycloud chec").join("\n"), /^checkout\tbring files back to where they came from$/m);
    assert.match(complete("mycloud sync --wat").join("\n"), /^--watch\t/);
    assert.deepEqual(complete("mycloud checkout la"), ["latest\t2026-11-22 20:15 +1 ~2", "latest~1\t2026-11-21 20:15"]);
    assert.deepEqual(complete("mycloud checkout latest d"), ["docs/\t2026-11-22"]);
    assert.deepEqual(await asked(), ["checkout", "latest", "d"]);
  });

  test("zsh completes on the key", async (t) => {
    if (!requirePeer(t, "/usr/bin/zsh", "zsh")) return;
    const path = await script("zsh");
    // A pseudo-terminal with an interactive zsh; what the line becomes is printed by a key of its own.
    const complete = (line: string) => {
      const out = run("/usr/bin/zsh", [
        "-f",
        "-c",
        `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; unsetopt beep zle_bracketed_paste; autoload -U compinit; compinit -u -D; source ${path}'
zpty -w z 'show() { print -r -- "LINE<$BUFFER>"; BUFFER=; zle accept-line }; zle -N show; bindkey "^X" show'
zpty -w z 'print -r -- REA""DY'
zpty -r z out '*READY*'
zpty -w -n z ${JSON.stringify(line)}$'\\t\\x18'
zpty -r -m z out '*LINE<*>*'
print -r -- "$out"
zpty -d z`,
      ]);
      return /LINE<(.*)>/.exec(out)?.[1];
    };
    assert.equal(complete("mycloud checko"), "mycloud checkout ");
    assert.equal(complete("mycloud sync --no-w"), "mycloud sync --no-watch ");
    assert.equal(complete("mycloud checkout latest d"), "mycloud checkout latest docs/");
    assert.deepEqual(await asked(), ["checkout", "latest", "d"]);
  });
});
