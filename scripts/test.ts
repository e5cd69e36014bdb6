// `npm test`: everything that proves the product, in steps. Each step counts as passed or failed beside the tests themselves, and the last
// line says how many: `N passed, N failed`.
//
//   npm test                          everything
//   npm test -- --only unit           one kind of step: lint, types, build, unit, acceptance, browser (repeatable)
//   npm test -- host notification     only test files whose path holds one of these words
//   npm test -- --name "a host"       only tests whose name matches
//
// Tests of real processes depend on how busy the machine is: where all of a step run, an acceptance or browser file that failed is tried once
// more by itself at the end of the step, at most three of them. What passes only then counts as passed, and the summary names it for somebody to mend.
import { mkdirSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages } from "./test/debian-packages.ts";
import { parseOptions } from "./test/options.ts";
import { makeQuickDirectory } from "./test/quick-directory.ts";
import { rootDirectory } from "./test/root-directory.ts";
import { checkLint, checkTypes, makeConsole } from "./test/static-steps.ts";
import { createTally } from "./test/tally.ts";
import { startTestDatabase } from "./test/test-database.ts";
import { runTestFiles } from "./test/test-files.ts";

const options = parseOptions(process.argv.slice(2));
const isCi = process.env.CI === "true";
const artifacts = join(rootDirectory, "artifacts");
mkdirSync(artifacts, { recursive: true });
// Daemons live in sbin, which is not on every user's path.
process.env.PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interruption.abort());
const { signal } = interruption;
const tally = createTally((text) => process.stdout.write(text));
const isWanted = (kind: Parameters<typeof options.kinds.has>[0]) => options.kinds.has(kind) && !signal.aborted;
const needsPeers = isWanted("unit") || isWanted("acceptance") || isWanted("browser");
const needsDatabase = isWanted("unit") || isWanted("acceptance");

if (needsPeers) await tally.step("Debian packages", () => installPackages({ isCi, signal }));
if (isWanted("lint")) await tally.step("lint", () => checkLint(signal));
if (isWanted("types")) await tally.step("types", () => checkTypes(signal));
if (isWanted("build") || isWanted("acceptance") || isWanted("browser")) {
  await tally.step("console build", () => makeConsole(signal));
}

/** So many test files at once: each waits about half of its time, for a timer, a database or another program. */
const concurrency = Math.min(8, Math.max(3, 2 * availableParallelism()));
/** What is in memory where it can be: all but the engine's own tests, whose matter is the disk. */
const quick = makeQuickDirectory();
const workspaces = "{checks,agent,control-plane,dns}";
const database = needsDatabase ? await startTestDatabase({ isCi, tally, parentDirectory: quick.path }) : undefined;
const onDisk = { options, artifacts, signal, environment: database?.environment ?? {} };
const inMemory = { ...onDisk, environment: { ...onDisk.environment, TMPDIR: quick.path } };
try {
  const unit = { concurrency, testTimeoutMs: 240_000, stepTimeoutMs: 900_000 };
  if (isWanted("unit")) {
    // Pure functions, which need no process each.
    const run = {
      ...inMemory,
      ...unit,
      name: "unit-pure",
      patterns: ["{protocol,admin-ui,dashboards}/src/**/*.test.ts"],
    };
    await tally.tests("unit pure", () => runTestFiles({ ...run, isolation: "none" }));
  }
  if (isWanted("unit")) {
    const patterns = [`${workspaces}/src/**/*.test.ts`, "scripts/**/*.test.ts"];
    const run = { ...inMemory, ...unit, name: "unit", patterns, filesPerProcess: 12 };
    await tally.tests("unit", () => runTestFiles(run));
  }
  if (isWanted("unit")) {
    const patterns = ["backup/src/**/*.test.ts"];
    await tally.tests("unit backup", () => runTestFiles({ ...onDisk, ...unit, name: "unit-backup", patterns }));
  }
  if (isWanted("acceptance") || isWanted("browser")) {
    // All in one pool, so that the cores are busy to the end.
    const patterns = [
      ...(isWanted("acceptance") ? ["test/acceptance/**/*.test.ts"] : []),
      ...(isWanted("browser") ? ["test/browser/**/*.test.ts"] : []),
    ];
    const pool = { concurrency, testTimeoutMs: 900_000, stepTimeoutMs: 1_500_000, hasSecondTry: true };
    const environment = { ...inMemory.environment, MYCLOUD_TEST_DISK: tmpdir() };
    const run = {
      ...inMemory,
      ...pool,
      environment,
      preload: "scripts/test/temporary-place.ts",
      name: "acceptance",
      patterns,
    };
    await tally.tests("real processes", () => runTestFiles(run));
  }
} finally {
  await database?.stop();
  quick.remove();
}
if (signal.aborted) tally.fail("interrupted");
process.exitCode = tally.finish();
