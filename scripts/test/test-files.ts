import { globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { TestOptions } from "./options.ts";
import { rootDirectory } from "./root-directory.ts";
import { runProgram } from "./run-program.ts";
import type { Counts } from "./tally.ts";

interface TestRun {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly concurrency: number;
  /** `none`: all files in one process, which saves a start for each; only for those that leave nothing behind. Default: a process for each. */
  readonly isolation?: "none";
  /** A file that takes longer is killed and fails. */
  readonly fileTimeoutMs: number;
  /** The whole run is killed after this. */
  readonly stepTimeoutMs: number;
  readonly options: TestOptions;
  readonly artifacts: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const ReportedCounts = z.object({
  passed: z.number(),
  failed: z.number(),
  cancelled: z.number(),
  skipped: z.number(),
  todo: z.number(),
});

const root = rootDirectory;
const reporter = join(root, "scripts/test/counting-reporter.ts");

/** Runs test files by node:test: readable on stdout, JUnit in artifacts/. A run that breaks counts as one failure. */
export async function runTestFiles(run: TestRun): Promise<Counts> {
  const files = findTestFiles(run.patterns, run.options.words);
  if (files.length === 0) {
    process.stdout.write("no test file matches\n");
    return { passed: 0, failed: 0, skipped: 0 };
  }
  const directory = await mkdtemp(join(tmpdir(), "mycloud-test-run-"));
  const countsFile = join(directory, "counts.json");
  const args = [
    "--test",
    ...(run.isolation === "none" ? ["--test-isolation=none"] : [`--test-concurrency=${run.concurrency}`]),
    `--test-timeout=${run.fileTimeoutMs}`,
    ...reporterArguments("spec", "stdout"),
    ...reporterArguments("junit", join(run.artifacts, `${run.name}.junit.xml`)),
    ...reporterArguments(reporter, countsFile),
    ...(run.options.name === undefined ? [] : [`--test-name-pattern=${run.options.name}`]),
    ...files,
  ];
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
    const counts = await readCounts(countsFile);
    if (counts === undefined) {
      const why = code === 124 ? `was killed after ${run.stepTimeoutMs / 1000} s` : `broke with exit code ${code}`;
      process.stdout.write(`the test run ${why}\n`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
    // The runner's exit code knows of failures that belong to no test.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function reporterArguments(name: string, destination: string): string[] {
  return [`--test-reporter=${name}`, `--test-reporter-destination=${destination}`];
}

function findTestFiles(patterns: readonly string[], words: readonly string[]): string[] {
  const files = globSync([...patterns], { cwd: root }).sort();
  return words.length === 0 ? files : files.filter((file) => words.some((word) => file.includes(word)));
}

async function readCounts(path: string): Promise<Counts | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  const last = text.trim().split("\n").at(-1) ?? "";
  if (last === "") return undefined;
  const { passed, failed, cancelled, skipped, todo } = ReportedCounts.parse(JSON.parse(last));
  return { passed, failed: failed + cancelled, skipped: skipped + todo };
}
