import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { writeExportedFiles } from "./index.ts";

async function directoryOf(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-exported-"));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

const options = { kind: "prometheus", isForced: false };
const files = (rules: string) =>
  new Map([
    ["rules/a.yml", rules],
    ["prometheus.yml", "x"],
  ]);

describe("exported files", () => {
  it("are replaced by the next export, and one that is no longer part of it goes", async (t) => {
    const directory = await directoryOf(t);
    await writeExportedFiles(directory, files("one"), options);
    assert.equal(await readFile(join(directory, "rules/a.yml"), "utf8"), "one");
    const again = await writeExportedFiles(directory, new Map([["prometheus.yml", "y"]]), options);
    assert.deepEqual(again, { written: ["prometheus.yml"], removed: ["rules/a.yml"] });
    assert.equal(await readFile(join(directory, "prometheus.yml"), "utf8"), "y");
    assert.deepEqual(await readdir(join(directory, "rules")), []);
  });

  it("that somebody put there or changed are left alone, all of them, unless forced", async (t) => {
    const directory = await directoryOf(t);
    await writeExportedFiles(directory, files("one"), options);
    await writeFile(join(directory, "rules/a.yml"), "edited");
    await writeFile(join(directory, "token"), "secret");
    await assert.rejects(writeExportedFiles(directory, files("two"), options), /rules\/a\.yml; name another directory/);
    assert.equal(await readFile(join(directory, "rules/a.yml"), "utf8"), "edited");
    await writeExportedFiles(directory, files("two"), { ...options, isForced: true });
    assert.equal(await readFile(join(directory, "rules/a.yml"), "utf8"), "two");
    assert.equal(await readFile(join(directory, "token"), "utf8"), "secret");
    assert.deepEqual(
      (await readdir(directory)).filter((name) => name.endsWith(".new")),
      [],
    );
  });

  it("of another kind are somebody else's", async (t) => {
    const directory = await directoryOf(t);
    await writeExportedFiles(directory, new Map([["README.md", "of grafana"]]), { ...options, kind: "grafana" });
    await assert.rejects(writeExportedFiles(directory, new Map([["README.md", "p"]]), options), /README\.md/);
  });

  it("that cannot all be written leave everything as it was", async (t) => {
    const directory = await directoryOf(t);
    await writeExportedFiles(directory, files("one"), options);
    await mkdir(join(directory, "z"));
    await writeFile(join(directory, "blocked"), "a file where a folder would have to be");
    const next = new Map([...files("two"), ["blocked/b.yml", "never"]]);
    await assert.rejects(writeExportedFiles(directory, next, { ...options, isForced: true }));
    assert.equal(await readFile(join(directory, "rules/a.yml"), "utf8"), "one");
    assert.deepEqual((await readdir(directory)).toSorted(), [
      ".mycloud-export.json",
      "blocked",
      "prometheus.yml",
      "rules",
      "z",
    ]);
  });
});
