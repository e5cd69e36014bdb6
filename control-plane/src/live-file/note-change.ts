import { UnansweredError } from "../agent-question/index.ts";
import { DomainError } from "../error/index.ts";
import type { Asker, LiveFiles, LiveMachine } from "./live-machine.ts";

export interface NotedChange {
  /** `machine-file.write`, ... */
  readonly action: string;
  readonly path: string;
  /** What else is noted, known once it is done; never content. */
  readonly detail: () => Record<string, unknown>;
}

/**
 * Has a change made on a machine and notes it in the audit: done, or perhaps done, when the machine was lost on the way. What the machine refuses changes
 * nothing and is not noted.
 */
export async function noteChange<Result>(
  { database, audit }: LiveFiles,
  { actor }: Asker,
  machine: LiveMachine,
  { action, path, detail }: NotedChange,
  change: () => Promise<Result>,
): Promise<Result> {
  const note = async (outcome: string) => {
    const what = { actor, action, resourceKind: "host", resourceId: machine.id, resourceName: machine.name };
    await audit.record(database.db, { ...what, after: { path, outcome, ...detail() } });
  };
  try {
    const result = await change();
    await note("done");
    return result;
  } catch (error) {
    if (isUncertain(error)) await note("not known: the machine was lost on the way");
    throw error;
  }
}

/** Whether the machine may have done it all the same: it did not answer, or whoever asked went away. What it refuses, it has not done. */
function isUncertain(error: unknown): boolean {
  return !(error instanceof DomainError) || error instanceof UnansweredError;
}
