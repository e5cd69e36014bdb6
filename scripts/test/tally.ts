/** How many tests passed, failed and were skipped. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What nobody may overlook though it changes no number; repeated in the summary. */
  readonly remarks?: readonly string[];
}

/** What a step that is no test run came to. */
export type StepOutcome =
  | { readonly kind: "passed"; readonly remark?: string }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "skipped"; readonly reason: string };

/** Counts steps and tests and says so. */
export interface Tally {
  /** Runs a step; an exception fails it. It counts as one. */
  step(name: string, run: () => Promise<StepOutcome>): Promise<void>;
  /** Runs test files; their tests count. */
  tests(name: string, run: () => Promise<Counts>): Promise<void>;
  fail(reason: string): void;
  /** Prints the summary and the closing line; returns the exit code. */
  finish(): number;
}

/** The closing line: `12 passed, 0 failed`, and how many were skipped if any. Pure. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** A tally that writes headings and results through `write`. */
export function createTally(write: (text: string) => void, now: () => number = () => performance.now()): Tally {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const rows: string[] = [];
  const remarks: string[] = [];
  const startedAtMs = now();
  const seconds = (fromMs: number) => `${((now() - fromMs) / 1000).toFixed(1)} s`;
  const record = (name: string, text: string, counts: Counts, fromMs: number) => {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    const said = (counts.remarks ?? []).map((remark) => `  ! ${name}: ${remark}`);
    remarks.push(...said);
    rows.push(`  ${counts.failed > 0 ? "✖" : "✔"} ${name.padEnd(16)} ${text}  (${seconds(fromMs)})`);
    write([rows.at(-1), ...said, ""].join("\n"));
  };
  return {
    step: async (name, run) => {
      const fromMs = now();
      write(`\n== ${name}\n`);
      const outcome = await run().catch(
        (error: unknown): StepOutcome => ({
          kind: "failed",
          reason: error instanceof Error ? error.message : String(error),
        }),
      );
      const text = outcome.kind === "passed" ? (outcome.remark ?? "passed") : `${outcome.kind}: ${outcome.reason}`;
      const one = { passed: 0, failed: 0, skipped: 0, [outcome.kind]: 1 };
      record(name, text, one, fromMs);
    },
    tests: async (name, run) => {
      const fromMs = now();
      write(`\n== ${name} tests\n`);
      const counts = await run().catch((error: unknown): Counts => {
        write(`${error instanceof Error ? error.stack : String(error)}\n`);
        return { passed: 0, failed: 1, skipped: 0 };
      });
      record(name, closingLine(counts), counts, fromMs);
    },
    fail: (reason) => record(reason, "failed", { passed: 0, failed: 1, skipped: 0 }, now()),
    finish: () => {
      write(`\n== Summary (${seconds(startedAtMs)})\n${[...rows, ...remarks].join("\n")}\n\n${closingLine(sum)}\n`);
      return sum.failed > 0 || sum.passed === 0 ? 1 : 0;
    },
  };
}
