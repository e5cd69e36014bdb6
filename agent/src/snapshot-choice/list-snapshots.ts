import { type MachineSnapshot, MachineSnapshots } from "@mycloud/protocol/machine";
import { parseAnswer } from "../client/index.ts";
import type { Place } from "../machine-choice/index.ts";

/** The snapshots of a place, oldest first. */
export async function listSnapshots(
  { client, repository }: Pick<Place, "client" | "repository">,
  signal: AbortSignal,
): Promise<MachineSnapshot[]> {
  const path = `/api/v1/backup-repositories/${repository.id}/snapshots`;
  return parseAnswer(MachineSnapshots, await client.request("GET", path, { signal })).snapshots;
}
