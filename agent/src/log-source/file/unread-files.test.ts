import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import { type FollowedLogs, followLogs, type Running } from "../testing/followed-logs.ts";
import type { WatchDirectory } from "./watch-directories.ts";

const countersOf = ({ sources }: Running) => sources.counters().test;

/** Permissions are nothing to root: the process is nobody while the test runs. */
function becomeNobody(logs: FollowedLogs): void {
  if (process.geteuid?.() !== 0) return;
  chownSync(logs.directory, 65_534, 65_534);
  process.seteuid?.(65_534);
}

/** Before anything else that is done after the test, such as removing directories below one that is root's. */
function becomeRootAgain(t: TestContext): void {
  if (process.geteuid?.() === 0) t.after(() => process.seteuid?.(0));
}

/** There is no program on the path but these, until `bring`. */
function withoutPrograms(t: TestContext, logs: FollowedLogs): { bring(program: string): void } {
  const path = process.env.PATH ?? "";
  const own = join(logs.directory, "bin");
  mkdirSync(own);
  process.env.PATH = own;
  t.after(() => {
    process.env.PATH = path;
  });
  return {
    bring(program) {
      const found = path.split(delimiter).find((directory) => existsSync(join(directory, program)));
      symlinkSync(join(found ?? "", program), join(own, program));
    },
  };
}

test("a file that may not be read is named while the others are read, and is read from when it may be", async (t) => {
  becomeRootAgain(t);
  const logs = followLogs(t);
  becomeNobody(logs);
  const path = join(logs.directory, "closed.log");
  writeFileSync(path, "one\n");
  chmodSync(path, 0);
  writeFileSync(join(logs.directory, "open.log"), "open\n");
  const running = logs.start({ paths: [`${logs.directory}/*.log`] });
  await logs.until(() => logs.lines.includes("open") && countersOf(running)?.refused === 1);
  assert.deepEqual(countersOf(running)?.unread, [`${path} may not be read by the agent: permission denied`]);
  assert.equal(logs.lines.length, 1);
  chmodSync(path, 0o600);
  await logs.until(() => logs.lines.includes("one"));
  appendFileSync(path, "two\n");
  await logs.until(() => logs.lines.includes("two") && countersOf(running)?.refused === 0);
  assert.deepEqual(countersOf(running)?.unread, []);
  assert.deepEqual(logs.lines, ["open", "one", "two"]);
});

for (const program of ["bzip2", "xz"]) {
  test(`what ${program} has compressed waits for the program, holds up nothing, and is read once when it comes`, async (t) => {
    const logs = followLogs(t);
    const path = join(logs.directory, "a.log");
    const input = { paths: [path] };
    writeFileSync(path, "one\n");
    const first = logs.start(input);
    await logs.until(() => logs.lines.length === 1);
    await first.stop();
    appendFileSync(path, "two\n");
    renameSync(path, `${path}.1`);
    execFileSync(program, [`${path}.1`]);
    writeFileSync(path, "three\n");
    const { bring } = withoutPrograms(t, logs);
    const second = logs.start(input);
    await logs.until(() => logs.lines.length === 2 && countersOf(second)?.refused === 1);
    assert.match(countersOf(second)?.unread[0] ?? "", new RegExp(`a\\.log\\.1\\S+ .* no program ${program}`));
    await second.stop();
    // It waits over a start as well, and what is written meanwhile is read.
    appendFileSync(path, "four\n");
    const third = logs.start(input, { isWatching: false });
    await logs.until(() => logs.lines.length === 3 && countersOf(third)?.refused === 1);
    bring(program);
    await logs.until(() => logs.lines.length === 4 && countersOf(third)?.refused === 0);
    assert.deepEqual(logs.lines, ["one", "three", "four", "two"]);
    assert.equal(countersOf(third)?.lost, 0);
  });
}

test("a generation nobody has read yet waits for the program it was compressed by", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  writeFileSync(path, "one\n");
  const first = logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 1);
  await first.stop();
  renameSync(path, `${path}.2`);
  writeFileSync(`${path}.1`, "two\n");
  execFileSync("bzip2", [`${path}.1`]);
  writeFileSync(path, "three\n");
  const { bring } = withoutPrograms(t, logs);
  const second = logs.start({ paths: [path] }, { isWatching: false });
  await logs.until(() => logs.lines.includes("three") && countersOf(second)?.refused === 1);
  bring("bzip2");
  await logs.until(() => logs.lines.length === 3 && countersOf(second)?.refused === 0);
  assert.deepEqual([...logs.lines].sort(), ["one", "three", "two"]);
  assert.equal(countersOf(second)?.lost, 0);
});

test("zstd needs no program", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  writeFileSync(path, "one\n");
  const first = logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 1);
  await first.stop();
  appendFileSync(path, "two\n");
  renameSync(path, `${path}.1`);
  execFileSync("zstd", ["-q", "--rm", `${path}.1`]);
  withoutPrograms(t, logs);
  logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 2);
  assert.deepEqual(logs.lines, ["one", "two"]);
});

test("a file that vanishes and comes back as it was is read on, and one of the same name in another inode is read whole", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  const away = join(logs.directory, "away");
  writeFileSync(path, "one\n");
  const running = logs.start({ paths: [path] });
  await logs.until(() => logs.lines.length === 1);
  renameSync(path, away);
  await logs.until(() => countersOf(running)?.files === 0 || logs.batches.length > 0);
  appendFileSync(away, "two\n");
  renameSync(away, path);
  await logs.until(() => logs.lines.length === 2);
  // The same text, so that only what was read before tells them apart.
  const text = readFileSync(path);
  unlinkSync(path);
  await logs.until(() => countersOf(running)?.lagBytes === 0);
  writeFileSync(`${path}.new`, `${text}three\n`);
  renameSync(`${path}.new`, path);
  await logs.until(() => logs.lines.includes("three"));
  assert.deepEqual(logs.lines, ["one", "two", "one", "two", "three"]);
});

test("a link is followed inside of the roots, refused where it leads out of them, and followed again when it leads inside", async (t) => {
  const logs = followLogs(t);
  const other = followLogs(t);
  writeFileSync(join(other.directory, "secret.log"), "secret\n");
  writeFileSync(join(logs.directory, "real"), "real\n");
  const link = join(logs.directory, "link.log");
  symlinkSync(join(other.directory, "secret.log"), link);
  const running = logs.start({ paths: [link] });
  await logs.until(() => countersOf(running)?.refused === 1);
  assert.match(countersOf(running)?.unread[0] ?? "", /link\.log is a link that leads outside/);
  rmSync(link);
  symlinkSync(join(logs.directory, "real"), link);
  await logs.until(() => logs.lines.length === 1 && countersOf(running)?.refused === 0);
  assert.deepEqual(logs.lines, ["real"]);
});

for (const [code, setting] of [
  ["ENOSPC", "max_user_watches"],
  ["EMFILE", "max_user_instances"],
] as const) {
  test(`without inotify (${code}) directories are looked at again and again, which is said, until there are watches again`, async (t) => {
    const logs = followLogs(t);
    let isShort = true;
    const watchers: (() => void)[] = [];
    const watchDirectory: WatchDirectory = (directory, onChange) => {
      if (isShort) throw Object.assign(new Error(`${code}: watch ${directory}`), { code });
      watchers.push(() => onChange("change", "a.log"));
      return { close: () => undefined, on: () => undefined };
    };
    const path = join(logs.directory, "a.log");
    writeFileSync(path, "one\n");
    const running = logs.start({ paths: [`${logs.directory}/*.log`] }, { watchDirectory });
    await logs.until(() => logs.lines.length === 1 && countersOf(running)?.polledDirectories === 1);
    assert.match(countersOf(running)?.watchFault ?? "", new RegExp(setting));
    appendFileSync(path, "two\n");
    await logs.until(() => logs.lines.length === 2);
    isShort = false;
    await logs.until(() => countersOf(running)?.polledDirectories === 0);
    assert.equal(countersOf(running)?.watchFault, null);
    assert.equal(watchers.length, 1);
    assert.equal(logs.warnings.filter((line) => line.includes("cannot be watched")).length, 1);
  });
}

test("a pattern of where records begin that takes for ever on a line is ended, counted and said, and reading goes on", async (t) => {
  const logs = followLogs(t);
  const path = join(logs.directory, "a.log");
  // Harmless by its form, of the fourth power in time.
  const start = "^\\d|[a-z]*[a-z]*[a-z]*[a-z]*1$";
  writeFileSync(path, `1 first\n${"a".repeat(3_000)}\n2 second\n at it\n3 third\n`);
  const running = logs.start({ paths: [path], multiline: { start, timeoutMs: 100 } });
  await logs.until(() => logs.lines.length === 3);
  assert.deepEqual(
    logs.lines.map((line) => String(line).slice(0, 9)),
    ["1 first\na", "2 second\n", "3 third"],
  );
  assert.equal(countersOf(running)?.patternTimeouts, 1);
  assert.equal(logs.warnings.filter((line) => line.includes("takes too long")).length, 1);
});
