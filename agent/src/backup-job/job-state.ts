import { readFile } from "node:fs/promises";
import { BackupTrigger } from "@mycloud/protocol/backup-run";
import { z } from "zod";
import { writeFileAtomically } from "../state-directory/index.ts";

/** A run that was begun and has not ended, also not by the agent's own end. */
export const ActiveRun = z.object({ runId: z.string(), trigger: BackupTrigger, startedAtMs: z.number() });
export type ActiveRun = z.infer<typeof ActiveRun>;

/** How a run ended. */
export const FinishedRun = z.object({
  phase: z.string(),
  startedAtMs: z.number(),
  finishedAtMs: z.number(),
  totalBytes: z.number(),
  addedBytes: z.number(),
  unreadableCount: z.number(),
  /** When a run of the job last was a success. */
  succeededAtMs: z.number().nullable(),
});
export type FinishedRun = z.infer<typeof FinishedRun>;

/** What is remembered of a job over restarts. */
export const JobState = z.object({
  /** The scheduled instant up to which everything was run or passed over. */
  handledUpToMs: z.number(),
  requested: z.object({ trigger: BackupTrigger, notBeforeMs: z.number() }).nullable(),
  isPaused: z.boolean(),
  activeRun: ActiveRun.nullable(),
  /** Left out until a run has ended. */
  lastRun: FinishedRun.optional(),
});
export type JobState = z.infer<typeof JobState>;

const Jobs = z.record(z.string(), JobState);

/** The states of jobs by repository, kept in a file. */
export interface JobStates {
  get(repositoryId: number): JobState | undefined;
  all(): ReadonlyMap<number, JobState>;
  /** Durable when this resolves. Throws what the file system says. */
  set(repositoryId: number, state: JobState): Promise<void>;
  remove(repositoryId: number): Promise<void>;
}

/** Reads what the agent before this one knew; a missing or damaged file counts as empty. */
export async function openJobStates(path: string): Promise<JobStates> {
  const states = new Map<number, JobState>();
  try {
    const read = Jobs.parse(JSON.parse(await readFile(path, "utf8")));
    for (const [id, state] of Object.entries(read)) states.set(Number(id), state);
  } catch {
    // The jobs are begun as if they were new.
  }
  let writing: Promise<void> = Promise.resolve();

  function write(): Promise<void> {
    // One after the other: the last one to be written is the newest.
    writing = writing
      .catch(() => undefined)
      .then(() => writeFileAtomically(path, JSON.stringify(Object.fromEntries(states)), { mode: 0o600 }));
    return writing;
  }

  return {
    get: (id) => states.get(id),
    all: () => states,
    async set(id, state) {
      states.set(id, state);
      await write();
    },
    async remove(id) {
      if (states.delete(id)) await write();
    },
  };
}
