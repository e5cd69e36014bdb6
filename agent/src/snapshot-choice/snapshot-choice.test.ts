import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CommandError } from "../command-line/index.ts";
import { chooseSnapshot } from "./choose-snapshot.ts";
import { formatLocalTime } from "./local-time.ts";
import { parseSnapshotPath } from "./snapshot-path.ts";
import { parseSnapshotWord } from "./snapshot-word.ts";
import { splitDiffArguments } from "./split-arguments.ts";
import { viewPathOf } from "./view-path.ts";

// A Sunday evening, in whatever zone the test runs.
const now = new Date(2026, 10, 22, 20, 15, 30).getTime();
const at = (day: number, hours = 0, minutes = 0) => new Date(2026, 10, day, hours, minutes).getTime();

const snapshot = (beginning: string, takenAtMs: number, source = "paths", paths = ["/srv/www"]) => ({
  id: beginning.padEnd(64, "0"),
  takenAtMs,
  paths,
  tags: [`source=${source}`],
});
const first = snapshot("aaaa1111", at(20, 3));
const second = snapshot("aaaa2222", at(21, 3));
const dump = snapshot("bbbb3333", at(21, 4), "mariadb-all", ["/dumps/mariadb-all"]);
const third = snapshot("cccc4444", at(22, 3));
const all = [first, second, dump, third];
const chosen = (word: string, path: string | null = null) => chooseSnapshot(all, word, path, now);

test("a word for a snapshot is the beginning of an id, latest, or a time", () => {
  const table: [string, object | undefined][] = [
    ["latest", { kind: "latest", back: 0 }],
    ["latest~", { kind: "latest", back: 1 }],
    ["latest~3", { kind: "latest", back: 3 }],
    ["1a2b", { kind: "id", beginning: "1a2b" }],
    ["1A2B3C4D", { kind: "id", beginning: "1a2b3c4d" }],
    ["now", { kind: "time", atMs: now }],
    ["2026-11-21", { kind: "time", atMs: at(22) - 1 }],
    ["yesterday", { kind: "time", atMs: at(22) - 1 }],
    ["Yesterday 14:30", { kind: "time", atMs: at(21, 14, 31) - 1 }],
    ["2026-11-21T14:30", { kind: "time", atMs: at(21, 14, 31) - 1 }],
    ["2026-11-21 14:30", { kind: "time", atMs: at(21, 14, 31) - 1 }],
    ["2026-11-21T14:30:00Z", { kind: "time", atMs: Date.UTC(2026, 10, 21, 14, 30) }],
    ["2026-11-21T14:30+01:00", { kind: "time", atMs: Date.UTC(2026, 10, 21, 13, 30) }],
    ["3:05", { kind: "time", atMs: at(22, 3, 6) - 1 }],
    ["2h ago", { kind: "time", atMs: now - 7_200_000 }],
    ["saturday", { kind: "time", atMs: at(22) - 1 }],
    ["sunday", { kind: "time", atMs: at(16) - 1 }],
  ];
  for (const [word, meaning] of table) assert.deepEqual(parseSnapshotWord(word, now), meaning, word);
  for (const none of ["", "abc", "notes.txt", "2026-02-30", "25:00", "yesterday noon", "latest~x", "5x ago", "g1a2"]) {
    assert.equal(parseSnapshotWord(none, now), undefined, none);
  }
});

test("a time means the newest snapshot at or before it, the time that log shows means the one it shows it of", () => {
  assert.equal(chosen("yesterday"), second);
  assert.equal(chosen("2026-11-20"), first);
  assert.equal(chosen("latest"), third);
  assert.equal(chosen("latest~2"), first);
  assert.equal(chosen("aaaa2"), second);
  assert.equal(chosen(formatLocalTime(third.takenAtMs + 0)), third);
  fc.assert(
    fc.property(fc.integer({ min: at(1), max: now }), (takenAtMs) => {
      const one = snapshot("dddd", takenAtMs);
      assert.equal(chooseSnapshot([one], formatLocalTime(takenAtMs), null, now), one);
    }),
  );
});

test("dumps of databases are not what latest means, unless the path lies in one", () => {
  assert.equal(chooseSnapshot([first, dump], "latest", null, now), first);
  assert.equal(chosen("latest", "/dumps/mariadb-all"), dump);
  assert.equal(chosen("latest", "/srv/www/index.html"), third);
  assert.equal(chosen("latest", "/srv"), third);
  assert.equal(chosen("bbbb"), dump);
});

test("what is not there is said with what there is", () => {
  const refused = (word: string, words: RegExp, of: typeof all = all) =>
    assert.throws(
      () => chooseSnapshot(of, word, null, now),
      (error: unknown) => error instanceof CommandError && words.test(error.message),
      word,
    );
  refused("2026-11-01", /no snapshot was taken by 2026-11-01 23:59; the oldest is of 2026-11-20 03:00/);
  refused("aaaa", /several snapshots' ids begin with aaaa; write more/);
  refused("ffff", /no snapshot's id begins with ffff; mycloud log/);
  refused("latest~9", /there is no latest~9: there are 3 snapshots/);
  refused("soon", /"soon" is no snapshot; write latest/);
  refused("latest", /no snapshot yet; mycloud sync makes one/, []);
});

test("SNAPSHOT:PATH is taken apart also where the snapshot is a time", () => {
  const table: [string, string | null, string | null][] = [
    ["latest", "latest", null],
    ["latest:/srv", "latest", "/srv"],
    ["latest:a:b", "latest", "a:b"],
    ["2026-11-22T20:15", "2026-11-22T20:15", null],
    ["2026-11-22T20:15:notes.txt", "2026-11-22T20:15", "notes.txt"],
    ["2026-11-22T20:15:30:/etc", "2026-11-22T20:15:30", "/etc"],
    ["/srv/www", null, "/srv/www"],
    ["./latest", null, "./latest"],
    [":/srv", null, "/srv"],
    ["notes.txt", "notes.txt", null],
  ];
  for (const [text, word, path] of table) {
    assert.deepEqual(parseSnapshotPath(text, now), { snapshot: word, path }, text);
  }
});

test("diff's words are snapshots, then a path", () => {
  const table: [string[], string, string, string | null][] = [
    [[], "latest~1", "latest", null],
    [["aaaa"], "aaaa", "latest", null],
    [["aaaa", "bbbb"], "aaaa", "bbbb", null],
    [["aaaa", "notes.txt"], "aaaa", "latest", "notes.txt"],
    [["aaaa", "bbbb", "./cccc"], "aaaa", "bbbb", "./cccc"],
    [["/etc"], "latest~1", "latest", "/etc"],
  ];
  for (const [words, from, to, path] of table) {
    assert.deepEqual(splitDiffArguments(words, now), { from, to, path }, words.join(" "));
  }
  assert.throws(() => splitDiffArguments(["aaaa", "/etc", "/srv"], now), CommandError);
  assert.throws(() => splitDiffArguments(["aaaa", "bbbb", "cccc"], now), CommandError);
});

test("a relative path counts from where one stands on the machine itself, and is refused elsewhere", () => {
  const here = { workingDirectory: "/srv/www", isHere: true, hostName: "web1" };
  const table: [string, string][] = [
    ["notes.txt", "/srv/www/notes.txt"],
    [".", "/srv/www"],
    ["../logs/", "/srv/logs"],
    ["/", "/"],
    ["//etc//hosts", "/etc/hosts"],
    ["/../..", "/"],
    ["a\\b", "/srv/www/a\\\\b"],
    ["a\\\\b", "/srv/www/a\\\\b"],
    ["a\\xff", "/srv/www/a\\xff"],
    ["tab\there", "/srv/www/tab\\x09here"],
    ["zoë", "/srv/www/zoë"],
  ];
  for (const [typed, path] of table) assert.equal(viewPathOf(typed, here), path, typed);
  assert.throws(
    () => viewPathOf("notes.txt", { ...here, isHere: false }),
    /counts from a folder of this machine; of web1 write the path from \/ on/,
  );
  assert.equal(viewPathOf("/etc", { ...here, isHere: false }), "/etc");
});
