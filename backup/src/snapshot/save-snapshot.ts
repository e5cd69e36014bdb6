import type { Id } from "../blob/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Snapshot } from "./snapshot.ts";

/** Stores a snapshot; returns its id when it is durable. Everything it refers to must be stored and indexed before. */
export async function saveSnapshot(
  repository: Pick<Repository, "saveUnpacked">,
  snapshot: Snapshot,
  signal?: AbortSignal,
): Promise<Id> {
  return repository.saveUnpacked("snapshots", snapshot, signal);
}
