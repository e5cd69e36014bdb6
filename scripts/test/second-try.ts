import type { FileOutcome } from "./file-outcome.ts";
import type { Counts } from "./tally.ts";

/** What is done about files that failed. */
export type SecondTryPlan =
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "again"; readonly files: readonly string[] };

/** More files that fail in one step are no accident. */
export const mostFilesAgain = 3;

/**
 * Which files are tried once more, each by itself: tests with real processes depend on how busy the machine is, and one that was too slow among others
 * must not refuse everything. Pure.
 */
export function planSecondTry(files: readonly FileOutcome[]): SecondTryPlan {
  const failed = files.filter(({ failures }) => failures.length > 0);
  if (failed.length === 0) return { kind: "none" };
  if (failed.length > mostFilesAgain) {
    const reason = `${failed.length} files failed, and no more than ${mostFilesAgain} are tried a second time`;
    return { kind: "refused", reason };
  }
  return { kind: "again", files: failed.map(({ file }) => file) };
}

/** Counts after a second try, and what has to be said about it. */
export interface SecondTryResult {
  readonly counts: Counts;
  readonly remarks: readonly string[];
}

/**
 * Puts the second try of files in the place of their first, where it passed wholly; where it did not, or proved less than the first one by running
 * fewer tests, what the first try came to stands. `counts` are those of the whole first run. Pure.
 */
export function takeSecondTry(
  counts: Counts,
  first: readonly FileOutcome[],
  second: readonly FileOutcome[],
  nameOf: (file: string) => string,
): SecondTryResult {
  const result = { ...counts };
  const remarks: string[] = [];
  for (const before of first) {
    const name = nameOf(before.file);
    const after = second.find(({ file }) => file === before.file);
    const tests = before.failures.join("; ");
    if (after === undefined || after.failures.length > 0 || after.passed < before.passed + before.failed) {
      // A suite's hook that fails is no failed test: it counts as one.
      if (before.failed === 0) result.failed++;
      remarks.push(
        `failed at the second try too: ${name} (${(after?.failures ?? before.failures).join("; ") || tests})`,
      );
      continue;
    }
    result.passed += after.passed - before.passed;
    result.failed -= before.failed;
    result.skipped += after.skipped - before.skipped;
    remarks.push(`passed only at the second try: ${name} (${tests})`);
  }
  return { counts: result, remarks };
}
