import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { generatedPages } from "../../scripts/documentation/index.ts";
import {
  anchorsOf,
  documentedMetrics,
  exposedMetrics,
  internalLinks,
  readPages,
  type ShellCommand,
  shellCommands,
} from "../documentation/index.ts";
import { repositoryRoot, runMycloud, startServer, startStorage } from "../support/index.ts";

const pages = readPages();
const read = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");

describe("documentation", () => {
  test("every link to a file or heading of the repository leads somewhere", () => {
    const broken: string[] = [];
    for (const { from, target, anchor } of pages.flatMap(internalLinks)) {
      const path = join(repositoryRoot, target);
      if (!existsSync(path)) broken.push(`${from}: ${target} does not exist`);
      else if (anchor !== undefined && !(target.endsWith(".md") && anchorsOf(read(target)).has(anchor)))
        broken.push(`${from}: ${target} has no heading #${anchor}`);
    }
    assert.deepEqual(broken, []);
  });

  for (const { path, make } of generatedPages) {
    test(`${path} is what the program says now`, () => {
      assert.equal(read(path), make(), `run: node_modules/.bin/node scripts/write-documentation.ts`);
    });
  }

  test("every variable the programs read is on the configuration page", () => {
    const page = read("docs/configuration.md");
    const sources = execFileSync(
      "git",
      [
        "grep",
        "-hoE",
        "(env|environment|ENVIRONMENT)\\??\\.MYCLOUD_[A-Z_]+",
        "--",
        "agent/src",
        "control-plane/src",
        "checks/src",
        "bin",
        ":!*.test.ts",
        ":!*/testing/*",
      ],
      { cwd: repositoryRoot, encoding: "utf8" },
    );
    const names = new Set([...sources.matchAll(/MYCLOUD_[A-Z_]+/g)].map(([name]) => name));
    assert.ok(names.size > 5, "found none: look for them in another way");
    const undocumented = [...names].filter((name) => !name.startsWith("MYCLOUD_TEST_") && !page.includes(`\`${name}`));
    assert.deepEqual(undocumented, []);
  });

  test("the metrics page lists exactly what a control plane exposes", async (t) => {
    const server = await startServer(t);
    const exposed = exposedMetrics(await (await fetch(`${server.url}/metrics`)).text());
    const [ofControlPlane = "", ofAgent] = read("docs/metrics.md").split("\n## Of the agent\n");
    assert.ok(ofAgent !== undefined, "the page has no part about the agent");
    const documented = documentedMetrics(ofControlPlane);
    const byName = (metrics: Map<string, string>) => [...metrics].sort(([a], [b]) => (a < b ? -1 : 1));
    assert.deepEqual(byName(documented), byName(exposed));
  });

  test("the storage server's page lists exactly what a storage server exposes of its own", async (t) => {
    const storage = await startStorage(t);
    await storage.user("web1", "web1", "read,append");
    const created = await fetch(`${storage.url}/web1/?create=true`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa("web1:web1")}` },
    });
    assert.equal(created.status, 200);
    const exposed = exposedMetrics(await (await fetch(`${storage.url}/metrics`)).text());
    const documented = documentedMetrics(read("docs/how-to/run-a-storage-server.md"));
    const ofStorage = (metrics: Map<string, string>) =>
      [...metrics].filter(([name]) => name.startsWith("mycloud_storage_")).sort(([a], [b]) => (a < b ? -1 : 1));
    assert.ok(documented.size > 10, "the page's table was not understood");
    assert.deepEqual(ofStorage(documented), ofStorage(exposed));
  });

  test("every command a page tells to type exists, with its options", async () => {
    const commands = pages.filter(({ path }) => !path.startsWith("changelog/")).flatMap(shellCommands);
    const ours = commands.filter(({ words }) => /^(\.\/bin\/|bin\/)?mycloud$/.test(words[0] ?? ""));
    assert.ok(ours.length > 10, `only ${ours.length} found: read the pages in another way`);
    const help = createHelp();
    const faults = (await Promise.all(ours.map((command) => faultOf(command, help)))).filter(
      (fault) => fault !== undefined,
    );
    assert.deepEqual(faults, []);
  });

  test("every npm script a page names exists", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const missing = pages.flatMap(shellCommands).flatMap(({ from, words }) => {
      if (words[0] !== "npm" || words[1]?.startsWith("-")) return [];
      const script = words[1] === "run" ? words[2] : words[1];
      const isBuiltIn = ["ci", "install", "exec", "view"].includes(script ?? "");
      return isBuiltIn || script === undefined || script in scripts ? [] : [`${from}: npm ${words.slice(1).join(" ")}`];
    });
    assert.deepEqual(missing, []);
  });
});

type Help = (path: readonly string[]) => Promise<string | undefined>;

/** The help of a command, asked once; undefined when there is no such command. */
function createHelp(): Help {
  const asked = new Map<string, Promise<string | undefined>>();
  return (path) => {
    const key = path.join(" ");
    const answer =
      asked.get(key) ?? runMycloud([...path, "--help"]).then(({ code, stdout }) => (code === 0 ? stdout : undefined));
    asked.set(key, answer);
    return answer;
  };
}

async function faultOf({ from, words }: ShellCommand, help: Help): Promise<string | undefined> {
  const place = `${from}: ${words.join(" ")}`;
  const path: string[] = [];
  let text = (await help([])) ?? "";
  for (const word of words.slice(1)) {
    // `mycloud check --help` names its checks by --list.
    const isCommand = path.join() === "check" || listsCommand(text, word);
    if (word.startsWith("-") || !isCommand) break;
    path.push(word);
    text = (await help(path)) ?? "";
  }
  if (path.length === 0 && words.slice(1).some((word) => !word.startsWith("-"))) return `${place}: no such command`;
  if (text === "") return `${place}: no help for ${path.join(" ")}`;
  // What follows `--` is another program's.
  const end = words.indexOf("--");
  const own = end < 0 ? words.slice(1) : words.slice(1, end);
  const unknown = own.filter((word) => /^--?[a-z]/i.test(word) && !listsOption(text, word));
  return unknown.length === 0 ? undefined : `${place}: unknown ${unknown.join(" ")}`;
}

/** Help lists a command as the first word of an indented line, aliases after a bar. */
function listsCommand(help: string, word: string): boolean {
  return help.split("\n").some((line) => /^ {2,6}\S/.test(line) && line.trim().split(/[\s|,]+/)[0] === word);
}

function listsOption(help: string, option: string): boolean {
  const name = option.split("=")[0] ?? option;
  return help.split(/[\s,|[\]()]+/).includes(name);
}
