import type { Progress } from "@mycloud/backup/progress";
import type { EngineProgress } from "./engine-message.ts";

/** The rate is that of about the last ten seconds. */
const spanMs = 10_000;

/** Adds what came before (earlier sources of the run), rate and remaining time to what the engine counts. */
export interface ProgressRate {
  next(progress: Progress, nowMs: number): EngineProgress;
  /** A source is done: what it counted stays counted. */
  endSource(): void;
}

/** Makes one for a run that begins now. */
export function createProgressRate(): ProgressRate {
  const base = { filesDone: 0, bytesDone: 0, errors: 0 };
  let latest: Progress | undefined;
  let samples: { readonly atMs: number; readonly bytes: number }[] = [];
  return {
    next(progress, nowMs) {
      latest = progress;
      const bytesDone = base.bytesDone + progress.bytesDone;
      const bytesTotal = base.bytesDone + progress.bytesTotal;
      samples = [...samples.filter(({ atMs }) => nowMs - atMs <= spanMs), { atMs: nowMs, bytes: bytesDone }];
      const [first] = samples;
      const elapsedMs = first === undefined ? 0 : nowMs - first.atMs;
      const bytesPerSecond =
        first === undefined || elapsedMs < 500 ? null : Math.round(((bytesDone - first.bytes) / elapsedMs) * 1000);
      const isKnown = progress.isTotalKnown && bytesPerSecond !== null && bytesPerSecond > 0;
      return {
        phase: progress.isTotalKnown ? "backing-up" : "scanning",
        filesDone: base.filesDone + progress.filesDone,
        filesTotal: base.filesDone + progress.filesTotal,
        bytesDone,
        bytesTotal,
        isTotalKnown: progress.isTotalKnown,
        bytesPerSecond,
        remainingSeconds: isKnown ? Math.round((bytesTotal - bytesDone) / bytesPerSecond) : null,
        currentPaths: progress.current.slice(0, 8).map((path) => path.slice(0, 4096)),
        errorCount: base.errors + progress.errors,
      };
    },
    endSource() {
      base.filesDone += latest?.filesDone ?? 0;
      base.bytesDone += latest?.bytesDone ?? 0;
      base.errors += latest?.errors ?? 0;
      latest = undefined;
    },
  };
}
