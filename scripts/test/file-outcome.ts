import { z } from "zod";

/** What one test file came to. */
export const FileOutcome = z.object({
  /** Absolute path of the file that was started; a shared suite counts for the file that uses it. */
  file: z.string(),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  /** Names of what failed: tests, and suites whose hooks did; of a file that broke, its path. */
  failures: z.array(z.string()),
  /** How long it ran; 0 when it broke. */
  durationMs: z.number(),
});
export type FileOutcome = z.infer<typeof FileOutcome>;

const Ended = z.object({
  name: z.string(),
  entryFile: z.string().optional(),
  file: z.string().optional(),
  skip: z.unknown().optional(),
  todo: z.unknown().optional(),
  details: z
    .object({ type: z.string().optional(), error: z.object({ failureType: z.string().optional() }).optional() })
    .optional(),
});
const Summary = z.object({ entryFile: z.string().optional(), file: z.string().optional(), duration_ms: z.number() });

/** Collects what the events of node:test tell of each file. */
export function collectOutcomes(): { take(type: string, data: unknown): void; files(): FileOutcome[] } {
  const byFile = new Map<string, FileOutcome>();
  const of = (file: string): FileOutcome => {
    const known = byFile.get(file) ?? { file, passed: 0, failed: 0, skipped: 0, failures: [], durationMs: 0 };
    byFile.set(file, known);
    return known;
  };
  const takeEnd = (data: unknown, isPassed: boolean) => {
    const { name, entryFile, file, skip, todo, details } = Ended.parse(data);
    const outcome = of(entryFile ?? file ?? "");
    const isSuite = details?.type === "suite";
    if (isSuite) {
      // A suite is no test, but a hook of it can fail where none of its tests does.
      if (!isPassed && details?.error?.failureType !== "subtestsFailed") outcome.failures.push(name);
    } else if (skip !== undefined || todo !== undefined) outcome.skipped++;
    else if (isPassed) outcome.passed++;
    else {
      outcome.failed++;
      outcome.failures.push(name);
    }
  };
  return {
    take(type, data) {
      if (type === "test:pass" || type === "test:fail") takeEnd(data, type === "test:pass");
      if (type !== "test:summary") return;
      const { entryFile, file, duration_ms } = Summary.parse(data);
      const path = entryFile ?? file;
      if (path !== undefined) of(path).durationMs = duration_ms;
    },
    files: () => [...byFile.values()],
  };
}
