import type { TaskBasics } from "@mycloud/backup/task-process";

/** What every task of an engine says: beside the first token a name that one engine of this host has at a time. */
export interface EngineBasics extends TaskBasics {
  readonly lockName: string;
}
