import type { Stored } from "@mycloud/protocol/definition";
import type { Logger } from "pino";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findOldest, findSurplus, settle } from "./queue-store.ts";
import type { ForwardedResult, Handover } from "./target/forwarded-result.ts";

/** Hands results over; as `sendTo`. */
export type Send = (
  target: Stored<"Forward">["target"],
  results: readonly ForwardedResult[],
  signal: AbortSignal,
) => Promise<Handover>;

export interface DrainDependencies {
  readonly database: ConnectedDatabase;
  readonly send: Send;
  readonly logger: Logger;
  readonly now: () => number;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
  /** Results that a queue keeps. */
  readonly maximumWaiting?: number;
}

/** What is remembered of a forward between two runs. */
export interface ForwardMemory {
  failures: number;
  notBeforeMs: number;
  loggedError: string;
}

export const newForwardMemory = (): ForwardMemory => ({ failures: 0, notBeforeMs: 0, loggedError: "" });

const batchSize = 500;
const longestWaitMs = 5 * 60_000;

/** How long to wait after so many failures: 2 s, 4 s ... 5 min, up to a quarter less, so that forwards do not come in step. Pure. */
export function retryDelayMs(failures: number, random: number): number {
  return Math.min(1_000 * 2 ** failures, longestWaitMs) * (1 - random / 4);
}

/**
 * Sends a forward's queue, oldest first, until it is empty or sending fails; drops what is beyond its bound before. The caller holds the forward's
 * lease, so that there is one sender at a time.
 */
export async function drainForward(
  forward: Stored<"Forward">,
  memory: ForwardMemory,
  { database, send, logger, now, random, maximumWaiting = 100_000 }: DrainDependencies,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const surplus = await findSurplus(database, forward.id, maximumWaiting);
    if (surplus.length === 0) break;
    const lastError = memory.loggedError || "the queue was full";
    await settle(database, forward.id, surplus, { dropped: surplus.length, lastSentAtMs: null, lastError });
    logger.warn(
      { forward: forward.name, dropped: surplus.length },
      "forward queue full; the oldest results were dropped",
    );
  }
  while (!signal.aborted && now() >= memory.notBeforeMs) {
    const batch = await findOldest(database, forward.id, batchSize);
    if (batch.length === 0) return;
    try {
      const { refused, reason } = await send(forward.target, batch, signal);
      const ids = batch.map(({ id }) => id);
      const sent = batch.length - refused;
      await settle(database, forward.id, ids, { sent, refused, lastSentAtMs: now(), lastError: reason });
      if (refused > 0) logger.warn({ forward: forward.name, refused, reason }, "forwarded results refused");
      if (memory.failures > 0) logger.info({ forward: forward.name }, "forward works again");
      Object.assign(memory, newForwardMemory());
    } catch (error) {
      if (signal.aborted) return;
      const message = explain(error);
      memory.failures = Math.min(memory.failures + 1, 20);
      memory.notBeforeMs = now() + retryDelayMs(memory.failures, random());
      if (message === memory.loggedError) return;
      memory.loggedError = message;
      await settle(database, forward.id, [], { lastSentAtMs: null, lastError: message });
      logger.warn({ forward: forward.name, error: message }, "forward failed; results wait");
    }
  }
}

/** fetch hides why in `cause`. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
