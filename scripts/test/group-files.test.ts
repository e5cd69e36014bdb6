import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { groupFiles, isLoaded, writeGroups } from "./group-files.ts";

function files(...texts: string[]) {
  return texts.map((text, index) => ({ path: `${index}.test.ts`, text }));
}

test("files share processes, as many in each as in the others, in their order", () => {
  const groups = groupFiles(files(...Array.from({ length: 10 }, () => "")), 4);
  assert.deepEqual(
    groups.map((group) => group.length),
    [3, 3, 4],
  );
  assert.deepEqual(
    groups.flat(),
    files(...Array.from({ length: 10 }, () => "")).map(({ path }) => path),
  );
  assert.deepEqual(groupFiles([], 4), []);
});

test("a file that changes or measures its process, or waits while it is loaded, has one of its own", () => {
  const own = [
    'before(() => {});\ntest("x", () => {});',
    "afterEach(async () => {});",
    "t.mock.timers.enable();",
    '  process.env.TZ = "UTC";',
    'process.env["A"] = "";',
    "const used = process.cpuUsage();",
    "const root = await mkdtemp();",
    "await prepare();",
  ];
  const shared = [
    "  before(() => {});",
    "after(() => {});",
    "  await prepare();",
    "const a = async () => await b();",
    'if (process.env.TZ === "UTC") {}',
  ];
  const all = files(...own, ...shared);
  const [last, ...alone] = groupFiles(all, 100).toReversed();
  assert.deepEqual(
    last,
    all.slice(own.length).map(({ path }) => path),
  );
  assert.deepEqual(
    alone.toReversed().flat(),
    all.slice(0, own.length).map(({ path }) => path),
  );
});

test("a group's module loads all its files, and it is seen when it did not", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "mycloud-groups-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const name of ["a", "b", "c"]) writeFileSync(join(root, `${name}.mjs`), `console.log(${JSON.stringify(name)});`);
  writeFileSync(join(root, "broken.mjs"), 'throw new Error("it is broken");');
  const run = async (...names: string[]) => {
    const [group = assert.fail()] = await writeGroups(
      root,
      root,
      names.map((name) => `${name}.mjs`),
      9,
    );
    assert.equal(isLoaded(group), false);
    let said = "";
    try {
      said = execFileSync(process.execPath, [group.entry], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    } catch {
      said = "failed";
    }
    const result = [said, isLoaded(group)];
    rmSync(`${group.entry}.loaded`, { force: true });
    return result;
  };
  assert.deepEqual(await run("a", "b", "c"), ["a\nb\nc\n", true]);
  assert.equal((await run("a", "broken"))[1], false);
});
