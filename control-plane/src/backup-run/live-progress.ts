import type { BackupProgress, ShownProgress } from "@mycloud/protocol/backup-run";

/** The newest progress of runs that tell it to this control plane; what it holds is newer than the database by a few seconds. */
export interface LiveProgress {
  /** Keeps what an agent told; answers whether it is time to write it down, for the other control planes and for a restart. */
  note(
    runId: string,
    progress: BackupProgress,
    nowMs: number,
  ): { readonly shown: ShownProgress; readonly isDue: boolean };
  find(runId: string): ShownProgress | undefined;
  end(runId: string): void;
}

const writeEveryMs = 3_000;
const maximumRuns = 10_000;

/** Makes one that knows of no run. */
export function createLiveProgress(): LiveProgress {
  const runs = new Map<string, { readonly shown: ShownProgress; readonly writtenAtMs: number }>();
  return {
    note(runId, progress, nowMs) {
      const { repositoryId: _r, trigger: _t, startedAtMs: _s, agentVersion: _v, ...rest } = progress;
      const before = runs.get(runId);
      const isDue =
        before === undefined || before.shown.phase !== rest.phase || nowMs - before.writtenAtMs >= writeEveryMs;
      const shown = { ...rest, toldAtMs: nowMs };
      if (runs.size >= maximumRuns && before === undefined) runs.clear();
      runs.set(runId, { shown, writtenAtMs: isDue ? nowMs : before.writtenAtMs });
      return { shown, isDue };
    },
    find: (runId) => runs.get(runId)?.shown,
    end: (runId) => void runs.delete(runId),
  };
}
