import { createContext, Script } from "node:vm";

/** Runs work that may be ended in its middle. */
export interface TimeLimit {
  /** Returns false when the work took longer than `limitMs` and was ended where it was. It must be work that leaves nothing half done that matters. */
  run(work: () => void, limitMs: number): boolean;
}

/**
 * Makes a limit of milliseconds of wall time for synchronous work. V8 looks for the end of its time also while a regular expression backtracks, which
 * nothing else can interrupt. A call costs about a tenth of a millisecond: it is meant for a batch of lines. Work may not run work of the same limit.
 */
export function createTimeLimit(): TimeLimit {
  const script = new Script("work()");
  const sandbox: { work: () => void } = { work: () => undefined };
  const context = createContext(sandbox);
  return {
    run(work, limitMs) {
      sandbox.work = work;
      try {
        script.runInContext(context, { timeout: limitMs });
        return true;
      } catch (error) {
        if (isTimeout(error)) return false;
        throw error;
      } finally {
        sandbox.work = () => undefined;
      }
    },
  };
}

function isTimeout(error: unknown): boolean {
  // It is an error of the other context, no Error of this one.
  return (
    typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
