import type { BackupProgress, ShownProgress } from "@mycloud/protocol/backup-run";

/** The newest that runs tell this control plane; what it holds is newer than the database by a few seconds. */
export interface LiveRuns<Shown> {
  /** Keeps what an agent told; answers whether it is time to write it down, for the other control planes and for a restart. */
  note(runId: string, shown: Shown, nowMs: number): boolean;
  find(runId: string): Shown | undefined;
  end(runId: string): void;
}

/** The newest progress of backup runs. */
export interface LiveProgress extends Pick<LiveRuns<ShownProgress>, "find" | "end"> {
  note(
    runId: string,
    progress: BackupProgress,
    nowMs: number,
  ): { readonly shown: ShownProgress; readonly isDue: boolean };
}

const writeEveryMs = 3_000;
const maximumRuns = 10_000;

/** Makes one that knows of no run. */
export function createLiveRuns<Shown extends { readonly phase: string }>(): LiveRuns<Shown> {
  const runs = new Map<string, { readonly shown: Shown; readonly writtenAtMs: number }>();
  return {
    note(runId, shown, nowMs) {
      const before = runs.get(runId);
      const isDue =
        before === undefined || before.shown.phase !== shown.phase || nowMs - before.writtenAtMs >= writeEveryMs;
      if (runs.size >= maximumRuns && before === undefined) runs.clear();
      runs.set(runId, { shown, writtenAtMs: isDue ? nowMs : before.writtenAtMs });
      return isDue;
    },
    find: (runId) => runs.get(runId)?.shown,
    end: (runId) => void runs.delete(runId),
  };
}

/** Makes one that knows of no backup run. */
export function createLiveProgress(): LiveProgress {
  const { note, find, end } = createLiveRuns<ShownProgress>();
  return {
    note(runId, progress, nowMs) {
      const { repositoryId: _r, trigger: _t, startedAtMs: _s, agentVersion: _v, ...rest } = progress;
      const shown = { ...rest, toldAtMs: nowMs };
      return { shown, isDue: note(runId, shown, nowMs) };
    },
    find,
    end,
  };
}
