// Stock restic and our patterns choose among the same files: what people have in their exclude lists must mean the same after the move.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { type ByteString, byteString, byteStringOf, joinBytes, systemPath } from "@mycloud/backup/byte-string";
import { createExclude, createInclude, parsePatternFile } from "@mycloud/backup/pattern";
import { requirePeer } from "../peers/peer.ts";
import { makeCheapRepository } from "../support/cheap-repository.ts";
import { temporaryDirectory } from "../support/index.ts";

const resticPath = "/usr/bin/restic";

const files = [
  "ada/notes.txt",
  "ada/Notes.TXT",
  "ada/.cache/thumbnail.png",
  "ada/code/build/main.o",
  "ada/code/build/keep/main.c",
  "ada/code/src/main.c",
  "ada/code/src/main.o",
  "ada/code/node_modules/a/b/c/index.js",
  "ada/code/[odd]/{name}.txt",
  "ada/code/back\\slash",
  "bob/Photos/été 1.JPG",
  "bob/Photos/2.jpg",
  "bob/Photos/3.jpeg",
  "bob/tmp/x/y/z/deep.tmp",
  "bob/tmp/keep.tmp",
  "bob/日本/file",
].map((path) => byteString(path));
/** Latin-1, so no UTF-8. */
const oddFile = joinBytes("bob/caf", byteStringOf(Uint8Array.of(0xe9)), ".txt");

let home: string;
let root: string;

before(async () => {
  root = await temporaryDirectory("patterns");
  home = `${root}/home`;
  for (const file of [...files, oddFile]) {
    const path = joinBytes(byteString(home), "/", file);
    mkdirSync(systemPath(joinBytes(path.slice(0, path.lastIndexOf("/")))), { recursive: true });
    writeFileSync(systemPath(path), "x");
  }
});

function restic(...args: readonly string[]): Buffer {
  return execFileSync(resticPath, ["--repo", `${root}/repository`, "--no-cache", "--quiet", ...args], {
    env: { ...process.env, RESTIC_PASSWORD: "secret", HOME: "/home/somebody" },
    maxBuffer: 1 << 26,
  });
}

/** Regular files below a directory, as byte strings. */
function filesBelow(directory: ByteString, isTaken: (path: ByteString) => boolean): ByteString[] {
  const found: ByteString[] = [];
  for (const entry of readdirSync(systemPath(directory), { withFileTypes: true, encoding: "buffer" })) {
    const path = joinBytes(directory, "/", byteStringOf(entry.name));
    if (!isTaken(path)) continue;
    if (entry.isDirectory()) found.push(...filesBelow(path, isTaken));
    else found.push(path);
  }
  return found;
}

/** The files of the latest snapshot, as restic restores them. */
function filesOfLatest(target: string, ...options: readonly string[]): ByteString[] {
  restic("restore", "latest", "--target", target, ...options);
  const found = filesBelow(byteString(target), () => true).map((path) =>
    joinBytes(path.slice(byteString(target).length)),
  );
  rmSync(target, { recursive: true });
  return found.sort();
}

interface Patterns {
  readonly patterns: readonly string[];
  readonly caseInsensitive?: readonly string[];
}

describe("patterns choose what restic chooses", () => {
  const excludes: readonly Patterns[] = [
    { patterns: ["*.o", "node_modules", ".cache"] },
    { patterns: ["*.tmp", "!keep.tmp", "build/*", "!build/keep"] },
    { patterns: ["HOME/ada/code/**/main.*", "HOME/bob/*/?", "HOME/bob/tmp/**/z"] },
    { patterns: ["bob/**/y", "[a-c]/index.js", "code/\\[odd\\]", "back\\\\slash"] },
    { patterns: ["*.txt", "!HOME/ada", "HOME/*/Photos/[0-9].*"], caseInsensitive: ["*.JPG", "NOTES.*"] },
    { patterns: ["caf?.txt", "日?", "//code///src/."], caseInsensitive: ["ÉTÉ*"] },
    { patterns: ["HOME/*", "!HOME/ada", "!HOME/bob", "HOME/bob/P*"] },
  ];
  const includes: readonly Patterns[] = [
    { patterns: ["*.o", "Photos"] },
    { patterns: ["HOME/ada/code/*/main.c"] },
    { patterns: ["HOME/**/z", "HOME/ada/notes.txt"] },
    { patterns: ["HOME/bob/[P]*/*.jp*g", "{name}.txt"] },
    { patterns: ["notes.txt"], caseInsensitive: ["HOME/BOB/photos/*.jpg"] },
    { patterns: ["**/keep"] },
  ];
  const at = (pattern: string) => byteString(pattern.replace("HOME", home));
  const options = (kind: string, { patterns, caseInsensitive = [] }: Patterns) => [
    ...patterns.flatMap((pattern) => [`--${kind}`, pattern.replace("HOME", home)]),
    ...caseInsensitive.flatMap((pattern) => [`--i${kind}`, pattern.replace("HOME", home)]),
  ];
  const listsOf = ({ patterns, caseInsensitive = [] }: Patterns) => ({
    patterns: patterns.map(at),
    caseInsensitive: caseInsensitive.map(at),
  });

  test("when excluding from a backup", async (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    await makeCheapRepository({ location: `${root}/repository`, password: "secret" });
    for (const lists of excludes) {
      restic("backup", "--force", ...options("exclude", lists), home);
      const isExcluded = createExclude(listsOf(lists));
      const taken = filesBelow(byteString(home), (path) => !isExcluded(path)).sort();
      assert.deepEqual(taken, filesOfLatest(`${root}/restored`), JSON.stringify(lists));
      assert.ok(taken.length < files.length + 1, `${JSON.stringify(lists)} excludes something`);
    }
  });

  test("when a file lists what is excluded", (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    const text = `# comment\n\n  *.o\t\n$EXCLUDED\n\${EXCLUDED}2\r\n!keep\n*.$$\n`;
    writeFileSync(`${root}/excludes`, text);
    const environment = { EXCLUDED: "Photos" };
    process.env.EXCLUDED = environment.EXCLUDED;
    restic("backup", "--force", "--exclude-file", `${root}/excludes`, home);
    const isExcluded = createExclude({ patterns: parsePatternFile(Buffer.from(text), environment) });
    assert.deepEqual(
      filesBelow(byteString(home), (path) => !isExcluded(path)).sort(),
      filesOfLatest(`${root}/restored`),
    );
  });

  test("when including and excluding from a restore", (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    restic("backup", "--force", home);
    const all = filesBelow(byteString(home), () => true);
    for (const lists of includes) {
      const include = createInclude(listsOf(lists));
      const isEntered = (path: ByteString) => {
        const parents = path.split("/").slice(1, -1);
        return parents.every(
          (_, depth) => include(joinBytes("/", parents.slice(0, depth + 1).join("/"))).childMayBeSelected,
        );
      };
      const taken = all.filter((path) => isEntered(path) && include(path).isSelected).sort();
      assert.deepEqual(taken, filesOfLatest(`${root}/restored`, ...options("include", lists)), JSON.stringify(lists));
      assert.ok(taken.length > 0, `${JSON.stringify(lists)} includes something`);
    }
  });
});
