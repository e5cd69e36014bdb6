import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";

const ROOT = new URL("../../..", import.meta.url).pathname;
const PAGE = readFileSync(join(ROOT, "docs/how-to/add-a-check.md"), "utf8");

/** The code blocks of the page that carry a file name, with the one import changed that depends on the folder. */
function readSnippets(): Map<string, string> {
  const blocks = PAGE.matchAll(/^```ts (\S+)\n(.*?)^```$/gms);
  return new Map(
    [...blocks].map(([, name = "", code = ""]) => [
      name,
      code.replace('"../run-in-test.ts"', '"../../plugins/run-in-test.ts"'),
    ]),
  );
}

describe("docs/how-to/add-a-check.md", () => {
  // Two levels below checks/src, as a plugin is, but not among the plugins that other tests list.
  const home = mkdtempSync(join(ROOT, "checks/src/.add-a-check-"));
  const folder = join(home, "file-handles");
  after(() => rmSync(home, { recursive: true }));
  mkdirSync(folder);
  const snippets = readSnippets();
  for (const [name, code] of snippets) writeFileSync(join(folder, name), code);

  test("its plugin passes its test", () => {
    assert.deepEqual([...snippets.keys()], ["file-handles.ts", "file-handles.test.ts"]);
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const ended = spawnSync(process.execPath, ["--test", join(folder, "file-handles.test.ts")], {
      encoding: "utf8",
      env: environment,
    });
    assert.equal(ended.status, 0, ended.stdout);
    assert.match(ended.stdout, /pass 3/);
  });

  test("its code satisfies the compiler", () => {
    const config = { extends: join(ROOT, "tsconfig.json"), include: ["file-handles"] };
    writeFileSync(join(home, "tsconfig.json"), JSON.stringify(config));
    try {
      execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", join(home, "tsconfig.json")], { encoding: "utf8" });
    } catch (error) {
      assert.fail(error instanceof Error && "stdout" in error ? String(error.stdout) : String(error));
    }
  });

  test("the files it names exist", () => {
    const named = [...PAGE.matchAll(/`((?:checks|test|docs)\/[\w./-]+\.(?:ts|md))`/g)].map((match) => match[1] ?? "");
    assert.ok(named.length > 2);
    for (const path of named) readFileSync(join(ROOT, path));
  });
});
