import { type ByteString, bytesOfDisplayText, displayText } from "@mycloud/backup/byte-string";
import { choosePaths } from "@mycloud/backup/checkout";
import type { Repository } from "@mycloud/backup/repository";
import { compareSnapshots, listSnapshots, type StoredSnapshot } from "@mycloud/backup/snapshot";
import type { RestoreRequest } from "@mycloud/protocol/restore-run";
import { isWithin, realPlace } from "./allowed-roots.ts";

/** Why a restore that was asked for cannot be made; asking again does not help. */
export class RestoreRefusal extends Error {}

/** The tag of a snapshot of files; those of dumps have other sources. */
const ofPaths = "source=paths";

export interface ChosenSnapshot {
  readonly snapshot: StoredSnapshot;
  /** Of the same host, newest first; the chosen one is among them. */
  readonly snapshots: readonly StoredSnapshot[];
  readonly paths: readonly ByteString[];
}

/** Finds what is asked for, and refuses what cannot be meant. Throws RestoreRefusal, and the repository's errors. */
export async function chooseSnapshot(
  repository: Repository,
  request: RestoreRequest,
  signal: AbortSignal,
): Promise<ChosenSnapshot> {
  const all = await listSnapshots(repository, { signal, onDamaged: () => undefined });
  const snapshot = all.find(({ id }) => id === request.snapshotId);
  if (snapshot === undefined) {
    throw new RestoreRefusal(`snapshot ${request.snapshotId.slice(0, 8)} is not in the repository any more`);
  }
  const source = snapshot.tags?.find((tag) => tag.startsWith("source="));
  if (request.kind !== "restore" && source !== undefined && source !== ofPaths) {
    throw new RestoreRefusal("this snapshot is a database's dump, which comes from no file: restore it to a directory");
  }
  const { paths, uncovered } = choosePaths(request.paths.map(bytesOf), snapshot.paths);
  const [first] = uncovered;
  if (first !== undefined) throw new RestoreRefusal(`${displayText(first)} was not backed up in this snapshot`);
  const snapshots = all.filter(({ hostname }) => hostname === snapshot.hostname).sort((a, b) => compareSnapshots(b, a));
  return { snapshot, snapshots, paths };
}

/** Refuses what the host's policy does not let restores write, and the agent's own files. Throws RestoreRefusal. */
export async function assertAllowed(
  { targetDirectory }: RestoreRequest,
  paths: readonly ByteString[],
  { roots, stateDirectory }: { readonly roots: readonly string[]; readonly stateDirectory: string },
): Promise<void> {
  const places = targetDirectory === null ? paths.map(displayText) : [await realPlace(textOf(targetDirectory))];
  const refused = places.find((place) => !isWithin(place, roots));
  if (refused !== undefined) {
    throw new RestoreRefusal(`this host's policy does not let restores write to ${refused} (restoreRoots)`);
  }
  const own = await realPlace(stateDirectory);
  const isOwn = places.find((place) => isWithin(place, [own]));
  if (isOwn !== undefined) throw new RestoreRefusal(`${isOwn} is the agent's own, which restores do not write`);
}

/** A target as the system takes it: names that are no UTF-8 cannot be written so. Throws RestoreRefusal. */
export function textOf(targetDirectory: string): string {
  const text = Buffer.from(bytesOf(targetDirectory), "latin1").toString("utf8");
  if (text.includes("\ufffd") || text.includes("\0"))
    throw new RestoreRefusal(`${targetDirectory} is no directory's name`);
  return text;
}

function bytesOf(path: string): ByteString {
  const bytes = bytesOfDisplayText(path);
  if (bytes === null || bytes.includes("\0")) throw new RestoreRefusal(`${path} is no path`);
  return bytes;
}
