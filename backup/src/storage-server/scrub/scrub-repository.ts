import { listObjects } from "../object/list-objects.ts";
import type { OpenRepository, StoredObject } from "../repository/index.ts";
import { judgeObject } from "./judge-object.ts";
import { quarantineObject } from "./quarantine.ts";
import { type Pass, readScrubRecord, type ScrubRecord, writeScrubRecord } from "./scrub-record.ts";
import { dropStrayCopies, keepCopy } from "./second-copy.ts";

/** A bad object, as it is told about. */
export interface BadObject extends StoredObject {
  readonly repository: string;
  readonly reason: string;
}

/** What a pass needs. */
export interface ScrubContext {
  /** Unix time in ms. */
  readonly now: () => number;
  /** Delays so that reading keeps to its rate. */
  readonly beforeRead: (bytes: number) => Promise<void>;
  readonly onBad: (object: BadObject) => Promise<void>;
  /** The pass goes on without it. */
  readonly onUnreadable: (object: BadObject) => void;
  /** A bad object was replaced by the server's second copy of it. */
  readonly onReplaced: (object: BadObject) => void;
  /** A second copy could not be made. */
  readonly onCopyFailure: (error: unknown) => void;
  readonly onRead: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** Whether it begins anew, whatever another pass has read already. */
  readonly isFresh: boolean;
}

/** What the scrub reads. Locks are gone before it comes; holds are not named by their content. */
const scrubbedTypes = ["keys", "snapshots", "index", "data"] as const;
/** How many objects or bytes are read before the place is written down. */
const recordEveryObjects = 500;
const recordEveryBytes = 1024 ** 3;

/** Reads every object of a repository once, going on where an interrupted pass ended. Throws when `signal` aborts. */
export async function scrubRepository(repository: OpenRepository, context: ScrubContext): Promise<Pass> {
  const file = repository.layout.scrubFile;
  const record = await readScrubRecord(file);
  const pass = (context.isFresh ? null : record.current) ?? {
    startedAtMs: context.now(),
    after: "",
    objects: 0,
    bytes: 0,
    bad: 0,
  };
  let recorded = { objects: pass.objects, bytes: pass.bytes };
  const save = async (current: ScrubRecord["current"], last: Pass | null): Promise<void> => {
    recorded = { objects: pass.objects, bytes: pass.bytes };
    await writeScrubRecord(file, { current, last });
  };

  try {
    for await (const object of objectsAfter(repository, pass.after)) {
      context.signal.throwIfAborted();
      const verdict = await judgeObject(repository, object, context.beforeRead, context.signal);
      pass.after = placeOf(object);
      if (verdict.kind === "unreadable")
        context.onUnreadable({ repository: repository.name, ...object, reason: verdict.reason });
      if (verdict.kind === "gone" || verdict.kind === "unreadable") continue;
      pass.objects++;
      pass.bytes += verdict.bytes;
      context.onRead(verdict.bytes);
      if (verdict.kind === "bad") {
        const { reason, inode } = verdict;
        const tell = () => context.onBad({ repository: repository.name, ...object, reason });
        const outcome = await quarantineObject(repository, object, { reason, inode, foundAtMs: context.now(), tell });
        if (outcome !== "another") pass.bad++;
        if (outcome === "replaced") context.onReplaced({ repository: repository.name, ...object, reason });
      } else {
        await keepCopy(repository, object, context.beforeRead).catch((err: unknown) => context.onCopyFailure(err));
      }
      if (pass.objects - recorded.objects >= recordEveryObjects || pass.bytes - recorded.bytes >= recordEveryBytes)
        await save(pass, record.last);
    }
  } catch (error) {
    await save(pass, record.last).catch(() => undefined);
    throw error;
  }
  await dropStrayCopies(repository);
  const finished = {
    startedAtMs: pass.startedAtMs,
    finishedAtMs: context.now(),
    objects: pass.objects,
    bytes: pass.bytes,
    bad: pass.bad,
  };
  await save(null, finished);
  return finished;
}

const rank = { config: 0, keys: 1, snapshots: 2, index: 3, data: 4, locks: 5, holds: 6 } as const satisfies Record<
  StoredObject["type"],
  number
>;
const placeOf = ({ type, name }: StoredObject): string => `${rank[type]}/${name}`;

// In an order that stays the same from one start to the next, so that a place in it can be written down.
async function* objectsAfter(repository: OpenRepository, after: string): AsyncGenerator<StoredObject> {
  const config = { type: "config", name: "" } as const;
  if (after < placeOf(config)) yield config;
  for (const type of scrubbedTypes) {
    if (placeOf({ type, name: "g" }) <= after) continue;
    if (type === "data") {
      // One directory at a time, of which there are 256, in the order of their names.
      for await (const part of sortedParts(repository))
        for (const name of part) if (placeOf({ type, name }) > after) yield { type, name };
      continue;
    }
    const names: string[] = [];
    for await (const part of listObjects(repository, type)) names.push(...part.map(({ name }) => name));
    for (const name of names.sort()) if (placeOf({ type, name }) > after) yield { type, name };
  }
}

async function* sortedParts(repository: OpenRepository): AsyncGenerator<string[]> {
  for await (const part of listObjects(repository, "data")) yield part.map(({ name }) => name).sort();
}
