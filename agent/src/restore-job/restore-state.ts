import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writeFileAtomically } from "../state-directory/index.ts";

/** A run that was taken on and has not ended. */
export const TakenRun = z.object({
  runId: z.string(),
  repositoryId: z.number(),
  startedAtMs: z.number(),
  /** Of a rollback that has it: its end says so, whatever happens. */
  safetySnapshotId: z.string().nullable(),
});
export type TakenRun = z.infer<typeof TakenRun>;

/** Runs in the order in which they were asked for, kept in a file. */
export interface TakenRuns {
  all(): readonly TakenRun[];
  /** Adds a run, or replaces it. Durable when this resolves. Throws what the file system says. */
  set(run: TakenRun): Promise<void>;
  remove(runId: string): Promise<void>;
}

/** Reads what the agent before this one knew; a missing or damaged file counts as empty: the control plane gives those runs up. */
export async function openTakenRuns(path: string): Promise<TakenRuns> {
  let runs: readonly TakenRun[] = [];
  try {
    runs = z.array(TakenRun).parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    // Nothing was taken on.
  }
  let writing: Promise<void> = Promise.resolve();

  function write(): Promise<void> {
    // One after the other: the last one to be written is the newest.
    writing = writing
      .catch(() => undefined)
      .then(() => writeFileAtomically(path, JSON.stringify(runs), { mode: 0o600 }));
    return writing;
  }

  return {
    all: () => runs,
    async set(run) {
      const at = runs.findIndex(({ runId }) => runId === run.runId);
      runs = at === -1 ? [...runs, run] : runs.with(at, run);
      await write();
    },
    async remove(runId) {
      runs = runs.filter((run) => run.runId !== runId);
      await write();
    },
  };
}
