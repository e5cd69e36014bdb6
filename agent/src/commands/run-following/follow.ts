import { CommandError, type Terminal } from "../../command-line/index.ts";
import { sleep } from "../../retry-loop/sleep.ts";
import type { RunDisplay } from "./run-display.ts";
import type { RunProgress } from "./run-progress.ts";

export interface FollowOptions<Run> {
  readonly terminal: Terminal;
  readonly display: RunDisplay;
  /** How it is now; asked again and again. */
  readonly look: () => Promise<Run>;
  readonly isOver: (run: Run) => boolean;
  readonly progressOf: (run: Run) => RunProgress;
  /** Agents tell their progress once a second. */
  readonly everyMs?: number;
}

/** A control plane that is being restarted is back by then. */
const lostForMs = 120_000;

/** Shows a run until it is over and answers how it ended; undefined when the person stopped looking (Ctrl-C). Throws CommandError. */
export async function follow<Run>(options: FollowOptions<Run>): Promise<Run | undefined> {
  const { terminal, display, look, isOver, progressOf, everyMs = 500 } = options;
  let lostAtMs: number | null = null;
  try {
    while (!terminal.signal.aborted) {
      try {
        const run = await look();
        lostAtMs = null;
        if (isOver(run)) return run;
        await display.show(progressOf(run));
      } catch (error) {
        if (terminal.signal.aborted) return undefined;
        if (!isPassing(error)) throw error;
        if (lostAtMs === null) await display.note(`${error.message}; trying again`);
        lostAtMs ??= terminal.now();
        if (terminal.now() - lostAtMs > lostForMs) throw error;
      }
      await sleep(everyMs, terminal.signal);
    }
    return undefined;
  } finally {
    await display.end();
  }
}

function isPassing(error: unknown): error is CommandError {
  return error instanceof CommandError && ["MYCLOUD_UNAVAILABLE", "MYCLOUD_TOO_MANY_REQUESTS"].includes(error.code);
}
