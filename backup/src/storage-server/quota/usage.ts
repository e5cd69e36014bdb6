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
  /** An object goes from one folder of the repository to another: a count under way may see it twice, or not at all. */
  moving(): void;
  /** Bytes of uploads under way. */
  readonly incomingBytes: number;
  /** Counts bytes of an upload as taken until the function it returns is called. */
  reserve(bytes: number): () => void;
}

/** A repository that is written to all the time is counted as well as it can be. */
const countAttempts = 3;

/** The usage of a repository; nothing is read before it is asked for. */
export function createUsage(layout: RepositoryLayout): Usage {
  let figures: UsageFigures | null = null;
  let counting: Promise<UsageFigures> | null = null;
  /** The count that begins when the one under way is over. */
  let waiting: Promise<UsageFigures> | null = null;
  let changes = 0;
  let incomingBytes = 0;

  function change(type: ObjectType, objects: number, bytes: number, trashBytes: number): void {
    changes++;
    if (figures === null) return;
    figures = {
      bytes: Math.max(0, figures.bytes + bytes),
      trashBytes: Math.max(0, figures.trashBytes + trashBytes),
      objects: { ...figures.objects, [type]: Math.max(0, figures.objects[type] + objects) },
    };
  }

  function begin(): Promise<UsageFigures> {
    counting = countUnchanged().finally(() => {
      counting = null;
    });
    return counting;
  }

  /** What comes and goes while it is counted may be counted twice, or not at all: then it is counted again. */
  async function countUnchanged(): Promise<UsageFigures> {
    for (let attempt = 1; ; attempt++) {
      const changesBefore = changes;
      const counted = await countRepository(layout);
      if (changes !== changesBefore && attempt < countAttempts) continue;
      figures = counted;
      return counted;
    }
  }

  /** A count that has begun already does not know what happened since. */
  function recount(): Promise<UsageFigures> {
    if (counting === null) return begin();
    waiting ??= counting
      .catch(() => undefined)
      .then(() => {
        waiting = null;
        return begin();
      });
    return waiting;
  }

  return {
    current: () => figures,
    count: async () => figures ?? (await (counting ?? begin())),
    recount,
    added: (type, bytes) => change(type, 1, bytes, 0),
    removed: (type, bytes, isTrashed) => change(type, -1, -bytes, isTrashed ? bytes : 0),
    moving: () => {
      changes++;
    },
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
