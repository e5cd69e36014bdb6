import { statfs } from "node:fs/promises";
import type { RepositoryStatus, StorageStatus } from "@mycloud/protocol/storage-status";
import { readScrubRecord } from "../scrub/index.ts";
import { readFigures } from "./create-context.ts";
import type { StorageContext } from "./storage-context.ts";

const listedWanted = 100;

/** What the server says of itself and its repositories. A large repository that was not counted since the start is without figures at first. */
export async function readStatus(context: StorageContext): Promise<StorageStatus> {
  const { layout, repositories, freeSpace, quotas, now } = context;
  const { blocks, bsize, files, ffree } = await statfs(layout.root);
  const listed: RepositoryStatus[] = [];
  for (const figures of await readFigures(repositories, quotas, now)) {
    const repository = await repositories.find(figures.name);
    if (repository === null) continue;
    const { last } = await readScrubRecord(repository.layout.scrubFile);
    const wanted = repository.wanted.all();
    listed.push({
      name: figures.name,
      bytes: figures.bytes,
      trashBytes: figures.trashBytes,
      snapshots: figures.snapshots,
      lastSnapshotAtMs: figures.lastSnapshotAtMs,
      quotaBytes: figures.quotaBytes,
      scrubStartedAtMs: last?.startedAtMs ?? null,
      scrubbedAtMs: last?.finishedAtMs ?? null,
      wantedCount: wanted.length,
      wanted: wanted
        .slice(0, listedWanted)
        .map(({ type, name, foundAtMs, reason }) => ({ type, name, foundAtMs, reason })),
    });
  }
  return {
    totalBytes: blocks * bsize,
    freeBytes: await freeSpace.freeBytes(),
    reserveBytes: freeSpace.reserveBytes,
    inodes: files,
    inodesFree: ffree,
    repositories: listed,
  };
}
