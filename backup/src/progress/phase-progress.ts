import type { OnProgress } from "./progress.ts";

/** Counts what an operation does, phase by phase, and tells it at most ten times a second. */
export interface PhaseProgress {
  begin(phase: string, total?: number, bytesTotal?: number): void;
  step(count: number, bytes: number): void;
  error(): void;
  end(): void;
}

const tellEveryMs = 100;

export function createPhaseProgress(onProgress: OnProgress | undefined): PhaseProgress {
  let phase = "";
  let [done, total, bytesDone, bytesTotal] = [0, 0, 0, 0];
  let isTotalKnown = false;
  let errors = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;

  function tell(): void {
    toldAtMs = performance.now();
    onProgress?.({
      phase,
      filesDone: done,
      filesTotal: isTotalKnown ? total : done,
      bytesDone,
      bytesTotal,
      isTotalKnown,
      current: [],
      errors,
    });
  }

  return {
    begin(nextPhase, totalOfPhase, bytes = 0) {
      phase = nextPhase;
      [done, total, bytesDone, bytesTotal] = [0, totalOfPhase ?? 0, 0, bytes];
      isTotalKnown = totalOfPhase !== undefined;
      tell();
    },
    step(count, bytes) {
      done += count;
      bytesDone += bytes;
      if (performance.now() - toldAtMs >= tellEveryMs) tell();
    },
    error() {
      errors++;
    },
    end: tell,
  };
}
