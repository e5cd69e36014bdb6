import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { DiskQueue } from "../log-forward/disk-queue.ts";
import type { PostWrite, WriteOutcome } from "./post-write.ts";
import { fromLines } from "./queued-samples.ts";
import { splitSeries } from "./write-request.ts";

/** Told of what becomes of samples. */
export interface WriteTally {
  sent(samples: number): void;
  refused(samples: number, message: string): void;
  failed(message: string): void;
}

export interface DrainDependencies {
  readonly name: string;
  readonly queue: Pick<DiskQueue, "read" | "commit" | "waitForMore">;
  readonly post: PostWrite;
  readonly tally: WriteTally;
  readonly logger: Logger;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
  readonly firstPauseMs?: number;
}

const longestPauseMs = 30_000;
/** Requests that the parts of one refused request may take to find what the store will not have. */
const maximumParts = 200;
/** After so many of them without one that was taken, the whole of it is what the store will not have: too old, for example. */
const maximumPartsInVain = 20;

/**
 * Sends what waits, in order and one request at a time, until the signal fires. A store that is away is asked again less and less often, at least every 30 s
 * unless it says when; one that refuses a request gets it in halves, so that what it will not have does not take the rest along.
 */
export async function drainWrites(dependencies: DrainDependencies, signal: AbortSignal): Promise<void> {
  const { name, queue, tally, logger } = dependencies;
  let lastFault = "";
  while (!signal.aborted) {
    const more = queue.waitForMore(signal);
    const piece = await queue.read();
    if (piece === null) {
      await more;
      continue;
    }
    const { samples, request } = fromLines(piece.lines);
    const refusal = request.length === 0 ? null : await sendWhole(dependencies, request, samples, signal);
    if (signal.aborted) return;
    tally.sent(samples - (refusal?.samples ?? 0));
    if (refusal !== null) {
      tally.refused(refusal.samples, refusal.message);
      if (refusal.message !== lastFault) {
        logger.warn({ remoteWrite: name, ...refusal }, "samples were refused and are dropped");
      }
    }
    lastFault = refusal?.message ?? "";
    await queue.commit(piece);
  }
}

interface Refusal {
  readonly samples: number;
  readonly message: string;
}

/** Resolves when the store has it or will not have it (of how much); or, unfinished, when the signal fires. */
async function sendWhole(
  dependencies: DrainDependencies,
  whole: Uint8Array,
  samples: number,
  signal: AbortSignal,
): Promise<Refusal | null> {
  const answer = await sendUntilAnswered(dependencies, whole, signal);
  if (answer === null || answer.kind !== "refused") return null;
  if (!answer.isSplittable) return { samples, message: answer.message };
  // Halves of what was refused, first things first: a series' samples stay in their order.
  const waiting = halve(splitSeries(whole));
  if (waiting.length < 2) return { samples, message: answer.message };
  let refused = 0;
  let isAnyTaken = false;
  let { message } = answer;
  for (let asked = 0; waiting.length > 0; asked++) {
    const part = waiting.shift() ?? [];
    if (asked >= (isAnyTaken ? maximumParts : maximumPartsInVain)) {
      refused += part.length;
      continue;
    }
    const outcome = await sendUntilAnswered(dependencies, Buffer.concat(part), signal);
    if (outcome === null) return null;
    if (outcome.kind !== "refused") {
      isAnyTaken = true;
      continue;
    }
    message = outcome.message;
    if (part.length === 1 || !outcome.isSplittable) refused += part.length;
    else waiting.unshift(...halve(part));
  }
  return refused === 0 ? null : { samples: refused, message };
}

function halve<T>(list: readonly T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)].filter((half) => half.length > 0);
}

/** Asks again while the store is away. Null when the signal fired. */
async function sendUntilAnswered(
  { name, post, tally, logger, random, firstPauseMs = 500 }: DrainDependencies,
  request: Uint8Array,
  signal: AbortSignal,
): Promise<Exclude<WriteOutcome, { kind: "away" }> | null> {
  let lastFault = "";
  for (let failures = 0; !signal.aborted; failures++) {
    const outcome = await post(request, signal);
    if (signal.aborted) return null;
    if (outcome.kind !== "away") {
      if (failures > 0) logger.info({ remoteWrite: name }, "samples are written again");
      return outcome;
    }
    tally.failed(outcome.message);
    if (outcome.message !== lastFault) {
      logger.warn({ remoteWrite: name, fault: outcome.message }, "samples cannot be written; they wait");
    }
    lastFault = outcome.message;
    const backOffMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 20)) * (0.5 + random() / 2);
    await sleep(Math.max(backOffMs, outcome.retryAfterMs ?? 0), undefined, { signal }).catch(() => undefined);
  }
  return null;
}
