import type { ApplyProgress } from "@mycloud/protocol/resource";
import type { Terminal } from "../../command-line/index.ts";
import { describeProgress } from "./describe-progress.ts";

/** What is over sooner needs no progress. */
const shownAfterMs = 2_000;
const redrawMs = 200;

/** One line on a person's terminal that is written over and over; nothing where nobody looks. */
export interface ProgressLine {
  report(progress: ApplyProgress): void;
  end(): void;
}

/** Makes a line that appears once it has taken two seconds. */
export function createProgressLine({ stderr, environment, now }: Terminal): ProgressLine {
  const isDrawing = stderr.isTTY === true && environment.TERM !== "dumb";
  const startedAtMs = now();
  let phase: ApplyProgress["phase"] | undefined;
  let phaseStartedAtMs = startedAtMs;
  let drawnAtMs = 0;
  return {
    report(progress) {
      const nowMs = now();
      if (progress.phase !== phase) {
        phase = progress.phase;
        phaseStartedAtMs = nowMs;
      }
      if (!isDrawing || nowMs - startedAtMs < shownAfterMs || nowMs - drawnAtMs < redrawMs) return;
      drawnAtMs = nowMs;
      stderr.write(`\r${describeProgress({ progress, elapsedMs: nowMs - phaseStartedAtMs })}\u001b[K`);
    },
    end() {
      if (drawnAtMs > 0) stderr.write("\r\u001b[K");
    },
  };
}
