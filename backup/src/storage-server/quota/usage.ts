import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { listedTypes, type ObjectType, type RepositoryLayout } from "../repository/repository-layout.ts";
import { readTrash } from "../trash/trash.ts";

/** What a repository takes. */
export interface UsageFigures {
  /** Objects that are there, quarantined ones included. */
  readonly bytes: number;
  readonly trashBytes: number;
  readonly objects: Readonly<Record<ObjectType, number>>;
}

/** What a repository takes, counted once and then kept up. */
export interface Usage {
  /** Null until it was counted. */
  current(): UsageFigures | null;
  /** Counts when it was not counted yet. */
  count(): Promise<UsageFigures>;
  /** Counts again, for whatever others did to the files. */
  recount(): Promise<UsageFigures>;
  added(type: ObjectType, bytes: number): void;
  /** An object left; into the trash when `isTrashed`. */
  removed(type: ObjectType, bytes: number, isTrashed: boolean): void;
  /** Bytes of uploads under way. */
  readonly incomingBytes: number;
  /** Counts bytes of an upload as taken until the function it returns is called. */
  reserve(bytes: number): () => void;
}

/** The usage of a repository; nothing is read before it is asked for. */
export function createUsage(layout: RepositoryLayout): Usage {
  let figures: UsageFigures | null = null;
  let counting: Promise<UsageFigures> | null = null;
  let incomingBytes = 0;

  function change(type: ObjectType, objects: number, bytes: number, trashBytes: number): void {
    if (figures === null) return;
    figures = {
      bytes: Math.max(0, figures.bytes + bytes),
      trashBytes: Math.max(0, figures.trashBytes + trashBytes),
      objects: { ...figures.objects, [type]: Math.max(0, figures.objects[type] + objects) },
    };
  }

  function recount(): Promise<UsageFigures> {
    counting ??= countRepository(layout)
      .then((counted) => {
        figures = counted;
        return counted;
      })
      .finally(() => {
        counting = null;
      });
    return counting;
  }

  return {
    current: () => figures,
    count: async () => figures ?? (await recount()),
    recount,
    added: (type, bytes) => change(type, 1, bytes, 0),
    removed: (type, bytes, isTrashed) => change(type, -1, -bytes, isTrashed ? bytes : 0),
    get incomingBytes() {
      return incomingBytes;
    },
    reserve(bytes) {
      incomingBytes += bytes;
      let isReleased = false;
      return () => {
        if (!isReleased) incomingBytes -= bytes;
        isReleased = true;
      };
    },
  };
}

/** Walks over every file of a repository: one stat each. */
export async function countRepository(layout: RepositoryLayout): Promise<UsageFigures> {
  const objects: Record<ObjectType, number> = {
    config: 0,
    data: 0,
    index: 0,
    keys: 0,
    locks: 0,
    snapshots: 0,
    holds: 0,
  };
  let bytes = 0;
  async function countDirectory(directory: string, type: ObjectType): Promise<void> {
    for (const name of await readdir(directory).catch(() => [])) {
      const info = await stat(join(directory, name)).catch(() => null);
      if (!info?.isFile()) continue;
      objects[type]++;
      bytes += info.size;
    }
  }
  const config = await stat(layout.object({ type: "config", name: "" })).catch(() => null);
  if (config !== null) {
    objects.config = 1;
    bytes += config.size;
  }
  for (const type of listedTypes) {
    const directory = layout.typeDirectory(type);
    if (type !== "data") await countDirectory(directory, type);
    else for (const part of await readdir(directory).catch(() => [])) await countDirectory(join(directory, part), type);
    await countDirectory(join(layout.quarantine, type), type);
  }
  const trashBytes = (await readTrash(layout.trash)).reduce((sum, entry) => sum + entry.sizeBytes, 0);
  return { bytes, trashBytes, objects };
}
