import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { byteString, displayText } from "../../byte-string/index.ts";
import { InputError } from "../../error/index.ts";
import type { Exclusions } from "../backup-options.ts";
import type { BackupSummary } from "../backup-summary.ts";
import { inBackupPlace } from "../testing/backup-place.ts";
import type { Survey } from "./survey.ts";
import { surveyPaths } from "./survey-paths.ts";

const never = new AbortController().signal;
const cacheTag = "Signature: 8a477f597d28d172789f06886806bc55\n";

/** Makes files of these sizes, or of this content. */
function makeFiles(root: string, files: Readonly<Record<string, number | string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : Buffer.alloc(content, path));
  }
}

const bytesOf = (texts: readonly string[]) => texts.map((text) => byteString(text));

function survey(paths: readonly string[], exclude: Exclusions, withinMs = 60_000): Promise<Survey> {
  const monotonicMs = () => performance.now();
  return surveyPaths({ paths: bytesOf(paths), exclude, monotonicMs, withinMs, signal: never });
}

const figuresOf = ({ figures }: BackupSummary) => ({
  files: figures.total_files_processed,
  folders: figures.dirs_new + figures.dirs_changed + figures.dirs_unmodified,
  bytes: figures.total_bytes_processed,
});

function sumOf(found: Survey) {
  const leaving = found.rules.filter(({ isTakingBack }) => !isTakingBack);
  const sum = (key: "files" | "folders" | "bytes") =>
    leaving.reduce((total, rule) => total + rule[key], found.kept[key]);
  return { files: sum("files"), folders: sum("folders"), bytes: sum("bytes") };
}

/** By option and position: files, folders, bytes. */
const amounts = ({ rules }: Survey) =>
  rules.map(({ option, position, files, folders, bytes }) => `${option} ${position}: ${files} ${folders} ${bytes}`);

const tree = {
  "src/a.c": 10,
  "src/a.o": 100,
  "src/keep.o": 7,
  "src/OLD.O": 40,
  "src/node_modules/x/index.js": 1000,
  "src/node_modules/y.o": 2000,
  "cache/CACHEDIR.TAG": cacheTag,
  "cache/deep/blob": 30_000,
  "cache/a.o": 5,
  "nobackup/.nobackup": "",
  "nobackup/secret/iso": 500,
  "nobackup/both/a.o": 3,
  "big/film.mkv": 90_000,
  "big/text": 20,
  "docs/readme": 60,
};

const rules: readonly [name: string, exclude: Exclusions, expected: readonly string[]][] = [
  ["a pattern", { patterns: bytesOf(["*.o"]) }, ["patterns 0: 5 0 2115"]],
  [
    "patterns that overlap: the first one has it",
    { patterns: bytesOf(["node_modules", "*.o", "src/*.o"]) },
    ["patterns 0: 2 2 3000", "patterns 1: 4 0 115", "patterns 2: 0 0 0"],
  ],
  [
    "a pattern that takes back, and one behind it that leaves out again",
    { patterns: bytesOf(["*.o", "!keep.o", "!a.o", "src/a.o"]) },
    ["patterns 0: 1 0 2000", "patterns 1: 1 0 7", "patterns 2: 2 0 8", "patterns 3: 1 0 100"],
  ],
  [
    "patterns without regard to case, behind those with it",
    { patterns: bytesOf(["*.o"]), caseInsensitivePatterns: bytesOf(["*.O", "README"]) },
    ["patterns 0: 5 0 2115", "caseInsensitivePatterns 0: 1 0 40", "caseInsensitivePatterns 1: 1 0 60"],
  ],
  [
    "folders that have a file, with and without its beginning",
    { ifPresent: bytesOf([".nobackup:never", ".nobackup", "readme"]) },
    ["ifPresent 0: 0 0 0", "ifPresent 1: 2 2 503", "ifPresent 2: 0 0 0"],
  ],
  ["caches", { caches: true }, ["caches 0: 2 1 30005"]],
  ["large files", { largerThanBytes: 1000 }, ["largerThanBytes 0: 3 0 122000"]],
  [
    "everything at once",
    {
      patterns: bytesOf(["*.o", "!keep.o", "nothing"]),
      caseInsensitivePatterns: bytesOf(["FILM.*"]),
      ifPresent: bytesOf([".nobackup"]),
      caches: true,
      largerThanBytes: 900,
      otherFileSystems: true,
    },
    [
      "patterns 0: 2 0 2100",
      "patterns 1: 1 0 7",
      "patterns 2: 0 0 0",
      "caseInsensitivePatterns 0: 1 0 90000",
      "ifPresent 0: 2 2 503",
      "caches 0: 2 1 30005",
      "largerThanBytes 0: 1 0 1000",
      "otherFileSystems 0: 0 0 0",
    ],
  ],
];

for (const [name, exclude, expected] of rules) {
  test(`what rules keep from a backup is what a backup without them has more: ${name}`, async () => {
    await inBackupPlace(async ({ source, back }) => {
      makeFiles(source, tree);
      symlinkSync("src/a.c", join(source, "link.o"));
      const found = await survey([source], exclude);
      assert.deepEqual(amounts(found), expected);
      const { files, folders, bytes } = found.kept;
      assert.deepEqual({ files, folders, bytes }, figuresOf(await back({ exclude })));
      assert.deepEqual(sumOf(found), figuresOf(await back({ parent: { kind: "none" } })));
      assert.deepEqual([found.isWhole, found.unread.count], [true, 0]);
    });
  });
}

test("a path within another, and one that is left out and named, count as in a backup", async () => {
  await inBackupPlace(async ({ source, back }) => {
    makeFiles(source, tree);
    const paths = [join(source, "src/node_modules"), source, join(source, "big/film.mkv")];
    const exclude = { patterns: bytesOf(["node_modules", "*.mkv", "*.o"]), largerThanBytes: 1000 };
    const found = await survey(paths, exclude);
    const source_ = { kind: "paths", paths: bytesOf(paths) } as const;
    const { files, folders, bytes } = found.kept;
    assert.deepEqual({ files, folders, bytes }, figuresOf(await back({ source: source_, exclude })));
    assert.deepEqual(sumOf(found), figuresOf(await back({ source: source_, parent: { kind: "none" } })));
  });
});

const shared = "/dev/shm";
const isMounted = existsSync(shared) && statSync(shared).dev !== statSync("/dev").dev;
const withMount = { skip: isMounted ? false : `nothing is mounted on ${shared}` };

test("what is mounted below a path is left out by the rule to stay on its file system", withMount, async (context) => {
  const place = makePlace(context, shared);
  makeFiles(place, { a: 1000, "sub/b": 500 });
  await inBackupPlace(async ({ back }) => {
    const patterns = bytesOf(["/dev/*", `!${shared}`]);
    const source = { kind: "paths", paths: bytesOf(["/dev"]) } as const;
    const found = await survey(["/dev"], { patterns, otherFileSystems: true });
    const { files, folders, bytes } = found.kept;
    const kept = await back({ source, exclude: { patterns, otherFileSystems: true } });
    assert.deepEqual({ files, folders, bytes }, figuresOf(kept));
    const rule = found.rules.find(({ option }) => option === "otherFileSystems");
    // Others put their files there, too.
    assert.ok(rule !== undefined && rule.files >= 2 && rule.folders >= 2 && rule.bytes >= 1500);
    assert.equal(displayText(rule.examples[0]?.path ?? byteString("")), shared);
  });
});

function makePlace(context: TestContext, parent = tmpdir()): string {
  const place = mkdtempSync(join(parent, "mycloud-survey-"));
  context.after(() => rmSync(place, { recursive: true, force: true }));
  return place;
}

test("the largest are the examples, a folder for all that is left out of it", async (context) => {
  const place = makePlace(context);
  makeFiles(place, tree);
  for (let at = 0; at < 50; at++) makeFiles(place, { [`many/${at}.tmp`]: at });
  const found = await survey([place], {
    patterns: bytesOf(["*.tmp", "node_modules"]),
    ifPresent: bytesOf([".nobackup"]),
  });
  const [temporary, modules, tagged] = found.rules;
  assert.ok(temporary && modules && tagged);
  assert.deepEqual(
    temporary.examples.map(({ bytes }) => bytes),
    Array.from({ length: 20 }, (_, at) => 49 - at),
  );
  const shown = (rule: typeof modules) =>
    rule.examples.map(({ path, isFolder, files, bytes }) => [
      displayText(path).slice(place.length),
      isFolder,
      files,
      bytes,
    ]);
  assert.deepEqual(shown(modules), [["/src/node_modules", true, 2, 3000]]);
  assert.deepEqual(shown(tagged), [["/nobackup", true, 2, 503]]);
});

test("what cannot be looked at is named, and the rest is counted", async (context) => {
  const place = makePlace(context);
  makeFiles(place, { a: 5 });
  const found = await survey([join(place, "gone"), place], {});
  assert.equal(found.kept.bytes, 5);
  assert.deepEqual(
    found.unread.named.map(({ item }) => item),
    [join(place, "gone")],
  );
});

test("when the time is up it says that it is not whole; an abort ends it", async (context) => {
  const place = makePlace(context);
  for (let at = 0; at < 200; at++) makeFiles(place, { [`f${at}`]: 1, [`left/f${at}`]: 1 });
  const exclude = { patterns: bytesOf(["left"]) };
  const soon = await survey([place], exclude, 0);
  assert.ok(!soon.isWhole && soon.kept.files < 200);
  assert.equal(soon.rules[0]?.isWhole, false);

  let looks = 0;
  const afterKept = await surveyPaths({
    paths: bytesOf([place]),
    exclude,
    // Each look is a millisecond: what is kept takes 6 of them.
    monotonicMs: () => looks++,
    withinMs: 9,
    signal: never,
  });
  assert.deepEqual([afterKept.kept.files, afterKept.isWhole, afterKept.rules[0]?.isWhole], [200, false, false]);

  const gone = AbortSignal.abort(new Error("nobody waits"));
  let fast = 0;
  const aborted = surveyPaths({
    paths: bytesOf([place]),
    exclude,
    monotonicMs: () => (fast += 100),
    withinMs: 1e9,
    signal: gone,
  });
  await assert.rejects(aborted, /nobody waits/);
});

test("a malformed pattern is refused", async () => {
  await assert.rejects(survey(["/nowhere"], { patterns: bytesOf(["[a"]) }), InputError);
});
