import { setTimeout as delay } from "node:timers/promises";
import { createTokenBucket } from "../limit/token-bucket.ts";
import type { OpenRepository, Repositories, StoredObject } from "../repository/index.ts";
import type { ScrubResult, StorageLogger } from "../server/storage-server-options.ts";
import { judgeObject } from "./judge-object.ts";
import { quarantineObject } from "./quarantine.ts";
import { readScrubRecord } from "./scrub-record.ts";
import { type BadObject, scrubRepository } from "./scrub-repository.ts";

/** What the scrub goes by. */
export interface ScrubberOptions {
  readonly repositories: Repositories;
  /** 0 turns the scrub in the background off. */
  readonly bytesPerSecond: number;
  /** Least time from the start of one pass over a repository to the start of the next, in ms. */
  readonly intervalMs: number;
  readonly onBad: (object: BadObject) => Promise<void>;
  readonly onRead: (bytes: number) => void;
  readonly logger: StorageLogger;
  readonly now: () => number;
  readonly monotonicNow: () => number;
}

/** Reads everything again and again. */
export interface Scrubber {
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** One pass over everything, unbounded in rate, beside what runs in the background. */
  scrubAll(signal: AbortSignal): Promise<ScrubResult>;
  /** One fresh pass over a repository, at the rate of those in the background. */
  scrubOne(name: string, signal: AbortSignal): Promise<void>;
  /** Looks at one object, because it could not be read. */
  scrubObject(repository: OpenRepository, object: StoredObject): Promise<void>;
}

const idleMs = 30_000;
/** Pauses between reads, so that small objects do not escape the rate by their number. */
const costOfObjectBytes = 4096;

/** A scrubber; `run` takes the repository whose last pass began longest ago. */
export function createScrubber(options: ScrubberOptions): Scrubber {
  const { repositories, now, monotonicNow, logger } = options;
  const bucket = createTokenBucket(options.bytesPerSecond, monotonicNow);
  // When a pass over a repository began, by the clock that does not jump; what came before this start of the server is long ago.
  const startedMs = new Map<string, number>();

  async function tell(object: BadObject): Promise<void> {
    logger.error({ ...object }, "stored object is damaged");
    await options.onBad(object);
  }

  function tellReplaced(object: BadObject): void {
    logger.info({ ...object }, "damaged object was replaced by its second copy");
  }

  async function pass(
    name: string,
    beforeRead: (bytes: number) => Promise<void>,
    isFresh: boolean,
    signal: AbortSignal,
  ): Promise<ScrubResult> {
    const bad: BadObject[] = [];
    const repository = await repositories.find(name);
    if (repository === null) return { objects: 0, bytes: 0, bad };
    startedMs.set(name, monotonicNow());
    const { objects, bytes } = await scrubRepository(repository, {
      now,
      beforeRead,
      isFresh,
      signal,
      onRead: options.onRead,
      onUnreadable: (object) => logger.error({ ...object }, "stored object may not be read by the server"),
      onReplaced: tellReplaced,
      onCopyFailure: (err) => logger.warn({ err, repository: name }, "second copy cannot be written"),
      onBad: async (object) => {
        bad.push(object);
        await tell(object);
      },
    });
    // Others may have changed the files too: an administrator who put something back, a local restic.
    if (repository.usage.current() !== null) await repository.usage.recount();
    return { objects, bytes, bad };
  }

  async function nextDue(): Promise<string | null> {
    const due: { name: string; sinceMs: number }[] = [];
    for (const name of await repositories.list()) {
      const started = startedMs.get(name);
      if (started !== undefined && monotonicNow() - started < options.intervalMs) continue;
      due.push({ name, sinceMs: started ?? Number.NEGATIVE_INFINITY });
    }
    if (due.length === 0) return null;
    const oldest = Math.min(...due.map(({ sinceMs }) => sinceMs));
    const candidates = due.filter(({ sinceMs }) => sinceMs === oldest);
    return await longestUnread(candidates.map(({ name }) => name));
  }

  // At the start nothing is known but what is written down.
  async function longestUnread(names: readonly string[]): Promise<string | null> {
    let best: { name: string; atMs: number } | null = null;
    for (const name of names) {
      const repository = await repositories.find(name);
      if (repository === null) continue;
      const { current, last } = await readScrubRecord(repository.layout.scrubFile);
      const atMs = current === null ? (last?.startedAtMs ?? 0) : -1;
      if (best === null || atMs < best.atMs) best = { name, atMs };
      // A pass that ended shortly before a restart is not due again.
      if (current === null && last !== null && isRecent(last.startedAtMs)) {
        startedMs.set(name, monotonicNow() - (now() - last.startedAtMs));
        if (best.name === name) best = null;
      }
    }
    return best?.name ?? null;
  }

  const isRecent = (startedAtMs: number): boolean => {
    const agoMs = now() - startedAtMs;
    return agoMs >= 0 && agoMs < options.intervalMs;
  };

  return {
    async run(signal) {
      if (options.bytesPerSecond <= 0) return;
      const beforeRead = (bytes: number) => bucket.take(bytes + costOfObjectBytes, signal);
      while (!signal.aborted) {
        try {
          const name = await nextDue();
          if (name === null) await delay(idleMs, undefined, { signal });
          else await pass(name, beforeRead, false, signal);
        } catch (error) {
          if (signal.aborted) return;
          logger.error({ err: error }, "scrub failed");
          await delay(idleMs, undefined, { signal }).catch(() => undefined);
        }
      }
    },
    async scrubOne(name, signal) {
      const isLimited = options.bytesPerSecond > 0;
      await pass(
        name,
        async (bytes) => (isLimited ? bucket.take(bytes + costOfObjectBytes, signal) : undefined),
        true,
        signal,
      );
    },
    async scrubObject(repository, object) {
      const verdict = await judgeObject(repository, object, async () => {}, new AbortController().signal);
      if (verdict.kind !== "bad" || repository.wanted.has(object)) return;
      const { reason, inode } = verdict;
      const bad = { repository: repository.name, ...object, reason };
      const finding = { reason, inode, foundAtMs: now(), tell: () => tell(bad) };
      if ((await quarantineObject(repository, object, finding)) === "replaced") tellReplaced(bad);
    },
    async scrubAll(signal) {
      let objects = 0;
      let bytes = 0;
      const bad: ScrubResult["bad"][number][] = [];
      for (const name of await repositories.list()) {
        const result = await pass(name, async () => {}, true, signal);
        objects += result.objects;
        bytes += result.bytes;
        bad.push(...result.bad);
      }
      return { objects, bytes, bad };
    },
  };
}
