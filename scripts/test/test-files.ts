import { globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { z } from "zod";
import { FileOutcome } from "./file-outcome.ts";
import type { FileRunSettings } from "./file-run-settings.ts";
import { isLoaded, writeGroups } from "./group-files.ts";
import type { TestOptions } from "./options.ts";
import { rootDirectory } from "./root-directory.ts";
import { runProgram } from "./run-program.ts";
import { planSecondTry, takeSecondTry } from "./second-try.ts";
import { longestFirst } from "./start-order.ts";
import type { Counts } from "./tally.ts";

interface TestRun {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly concurrency: number;
  /** `none`: all files in one process, which saves a start for each; only for those that leave nothing behind. Default: a process for each. */
  readonly isolation?: "none";
  /** So many files share a process, which saves the start of a program for each. Default: 1. */
  readonly filesPerProcess?: number;
  /** A test or suite that takes longer fails. */
  readonly testTimeoutMs: number;
  /** The whole run is killed after this. */
  readonly stepTimeoutMs: number;
  /** A module that is loaded before each file, from the root. */
  readonly preload?: string;
  /** Files that failed are run once more, by themselves: for tests of real processes, when all of them are run. */
  readonly hasSecondTry?: boolean;
  readonly options: TestOptions;
  readonly artifacts: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const Reported = z.object({
  counts: z.object({
    passed: z.number(),
    failed: z.number(),
    cancelled: z.number(),
    skipped: z.number(),
    todo: z.number(),
  }),
  files: z.array(FileOutcome),
});

/** What a run of node:test came to; undefined counts: it broke. */
interface RunOutcome {
  readonly code: number;
  readonly counts: Counts | undefined;
  readonly files: readonly FileOutcome[];
}

const root = rootDirectory;
const broken: Counts = { passed: 0, failed: 1, skipped: 0 };

/** Runs test files by node:test: readable on stdout, JUnit in artifacts/. A run that breaks counts as one failure. */
export async function runTestFiles(run: TestRun): Promise<Counts> {
  const files = findTestFiles(run.patterns, run.options.words);
  if (files.length === 0) {
    process.stdout.write("no test file matches\n");
    return { passed: 0, failed: 0, skipped: 0 };
  }
  const first = await runOnce(run, files);
  if (first.counts === undefined) {
    const why =
      first.code === 124 ? `was killed after ${run.stepTimeoutMs / 1000} s` : `broke with exit code ${first.code}`;
    process.stdout.write(`the test run ${why}\n`);
    return broken;
  }
  const isWhole = run.options.words.length === 0 && run.options.name === undefined;
  const plan =
    run.hasSecondTry && isWhole && !run.signal.aborted ? planSecondTry(first.files) : { kind: "none" as const };
  if (plan.kind === "refused") process.stdout.write(`${plan.reason}\n`);
  if (plan.kind !== "again") {
    // The runner's exit code knows of failures that belong to no test.
    return first.code !== 0 && first.counts.failed === 0 ? { ...first.counts, failed: 1 } : first.counts;
  }
  const names = plan.files.map((file) => relative(root, file));
  process.stdout.write(`\n== ${run.name}, second try: ${names.join(", ")}\n`);
  const second = await runOnce({ ...run, name: `${run.name}-second-try`, concurrency: 1 }, names);
  const failed = first.files.filter(({ file }) => plan.files.includes(file));
  // A failure that belongs to no file may belong to any.
  const isTold = second.code === 0 || second.files.some(({ failures }) => failures.length > 0);
  const { counts, remarks } = takeSecondTry(first.counts, failed, isTold ? second.files : [], (file) =>
    relative(root, file),
  );
  return { ...counts, remarks };
}

async function runOnce(run: TestRun, files: readonly string[]): Promise<RunOutcome> {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-test-run-"));
  const countsFile = join(directory, "counts.json");
  const groups = await writeGroups(root, directory, files, run.filesPerProcess ?? 1);
  const settings: FileRunSettings = {
    files: groups.map(({ entry }) => entry),
    concurrency: run.concurrency,
    isolation: run.isolation ?? "process",
    execArgv: run.preload === undefined ? [] : ["--import", join(root, run.preload)],
    timeoutMs: run.testTimeoutMs,
    name: run.options.name,
    junitPath: join(run.artifacts, `${run.name}.junit.xml`),
    countsPath: countsFile,
  };
  const args = [join(root, "scripts/test/run-files.ts"), JSON.stringify(settings)];
  try {
    const { code } = await runProgram(process.execPath, args, {
      environment: {
        // Hundreds of processes load the same modules: the types are taken out of them once.
        NODE_COMPILE_CACHE: join(root, "node_modules/.cache/mycloud"),
        ...run.environment,
        MYCLOUD_TEST_ARTIFACTS: run.artifacts,
      },
      output: "inherit",
      timeoutMs: run.stepTimeoutMs,
      signal: run.signal,
    });
    const broken = groups.filter((group) => !isLoaded(group)).map(({ files: [first] }) => first);
    if (broken.length > 0) process.stdout.write(`not all test files were loaded: those about ${broken.join(", ")}\n`);
    return { code: broken.length > 0 && code === 0 ? 1 : code, ...(await readOutcome(countsFile)) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function findTestFiles(patterns: readonly string[], words: readonly string[]): string[] {
  const files = longestFirst(globSync([...patterns], { cwd: root }).sort());
  return words.length === 0 ? files : files.filter((file) => words.some((word) => file.includes(word)));
}

async function readOutcome(path: string): Promise<Pick<RunOutcome, "counts" | "files">> {
  const text = await readFile(path, "utf8").catch(() => "");
  const last = text.trim().split("\n").at(-1) ?? "";
  if (last === "") return { counts: undefined, files: [] };
  const { counts, files } = Reported.parse(JSON.parse(last));
  const { passed, failed, cancelled, skipped, todo } = counts;
  return { counts: { passed, failed: failed + cancelled, skipped: skipped + todo }, files };
}
