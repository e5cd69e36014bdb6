import type { LogJobDestination } from "@mycloud/protocol/log-source";
import { backoffMs } from "../backoff/index.ts";
import { DamagedChunkError, type DestinationQueue, type WaitingChunk } from "../log-queue/index.ts";
import type { Logger } from "../logger/index.ts";
import { sleep } from "../retry-loop/index.ts";
import { chooseChunk, isPoison, suspectedAfterAttempts, type Window } from "./choose-chunk.ts";
import { type ForwardConnection, openForwardConnection } from "./forward-connection.ts";
import { createWake } from "./wake.ts";

export interface ShippingOptions {
  readonly destination: LogJobDestination;
  readonly queue: DestinationQueue;
  readonly hostName: string;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
  readonly window?: Window;
  /** How long nothing may be acknowledged while something is on its way. */
  readonly ackTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly backoff?: { readonly baseMs: number; readonly maximumMs: number };
}

/** How shipping to a destination goes. */
export interface ShippingStatus {
  readonly isConnected: boolean;
  readonly lastAcknowledgedAtMs: number | null;
  /** Why the last attempt failed; null since something was acknowledged. */
  readonly lastError: string | null;
}

export interface Shipping {
  status(): ShippingStatus;
  /** Sends nothing more; resolves when what is on its way was acknowledged, or after a second. */
  stop(): Promise<void>;
}

const defaultWindow: Window = { chunks: 8, bytes: 1024 * 1024 };
const defaultBackoff = { baseMs: 500, maximumMs: 30_000 };
const lastAcksWithinMs = 1_000;

/** Ships what a queue holds until it is stopped. Never throws. */
export function startShipping(options: ShippingOptions): Shipping {
  const { destination, queue, logger: parent, now, random } = options;
  const {
    window = defaultWindow,
    ackTimeoutMs = 60_000,
    connectTimeoutMs = 10_000,
    backoff = defaultBackoff,
  } = options;
  const logger = parent.child({ destination: destination.name });
  const stopping = new AbortController();
  const { signal } = stopping;
  const wake = createWake();
  const attempts = new Map<string, number>();
  const inFlight = new Map<string, WaitingChunk>();
  let connection: ForwardConnection | undefined;
  /** Whether this connection has brought an acknowledgement. */
  let isProven = false;
  let failures = 0;
  let progressAtMs = 0;
  let lastAcknowledgedAtMs: number | null = null;
  let lastError: string | null = null;
  const stopListening = queue.onChange(wake.wake);

  function onAcknowledged(chunkId: string): void {
    const chunk = inFlight.get(chunkId);
    if (chunk === undefined) return;
    inFlight.delete(chunkId);
    attempts.delete(chunkId);
    isProven = true;
    failures = 0;
    progressAtMs = performance.now();
    lastAcknowledgedAtMs = now();
    if (lastError !== null) logger.info({}, "logs are taken again");
    lastError = null;
    queue.acknowledge(chunk);
    wake.wake();
  }

  async function connected(): Promise<ForwardConnection> {
    if (connection !== undefined && connection.ended === undefined) return connection;
    isProven = false;
    connection = await openForwardConnection({
      destination,
      hostName: options.hostName,
      onAcknowledged,
      onEnd: wake.wake,
      timeoutMs: connectTimeoutMs,
      signal,
    });
    return connection;
  }

  async function send(to: ForwardConnection, chunk: WaitingChunk): Promise<void> {
    // While the connection was made, it may have been dropped.
    if (!queue.chunks().includes(chunk)) return;
    queue.hold(chunk);
    let body: Buffer;
    try {
      body = await queue.read(chunk);
    } catch (error) {
      queue.release(chunk);
      if (!(error instanceof DamagedChunkError)) throw error;
      return await queue.putAside(chunk, error.message);
    }
    if (inFlight.size === 0) progressAtMs = performance.now();
    inFlight.set(chunk.id, chunk);
    await to.send(chunk, body);
  }

  /** Sends and waits until there is nothing to do; throws when the connection does not serve any more. */
  async function ship(): Promise<void> {
    for (;;) {
      const waiting = queue.chunks();
      if (signal.aborted) return;
      if (connection?.ended !== undefined && inFlight.size > 0) throw connection.ended;
      const next = chooseChunk({ waiting, inFlight, attempts, isProven, window });
      if (next !== undefined) {
        await send(await connected(), next);
        continue;
      }
      if (inFlight.size === 0) {
        if (connection?.isKeptAlive === false) connection.close();
        return await wake.sleep();
      }
      const leftMs = progressAtMs + ackTimeoutMs - performance.now();
      if (leftMs <= 0) throw new Error(`nothing was acknowledged for ${ackTimeoutMs / 1000} s`);
      await wake.sleep(leftMs);
    }
  }

  async function failed(error: unknown): Promise<void> {
    connection?.close();
    connection = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    if (reason !== lastError) logger.warn({ reason }, "logs are not taken; they are kept");
    lastError = reason;
    failures++;
    const [blamed] = inFlight.values();
    for (const chunk of inFlight.values()) queue.release(chunk);
    inFlight.clear();
    if (blamed === undefined) return;
    attempts.set(blamed.id, (attempts.get(blamed.id) ?? 0) + 1);
    if (!isPoison(blamed, attempts, isProven)) return;
    attempts.delete(blamed.id);
    await queue.putAside(blamed, `refused ${suspectedAfterAttempts + 1} times while others are taken: ${reason}`);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await ship();
      } catch (error) {
        if (signal.aborted) break;
        await failed(error);
        await sleep(backoffMs(failures, backoff, random()), signal);
      }
    }
    const deadline = performance.now() + lastAcksWithinMs;
    while (inFlight.size > 0 && connection?.ended === undefined && performance.now() < deadline) {
      await wake.sleep(deadline - performance.now());
    }
    stopListening();
    for (const chunk of inFlight.values()) queue.release(chunk);
    connection?.close();
  }

  const ended = run();
  return {
    status: () => ({
      isConnected: connection !== undefined && connection.ended === undefined,
      lastAcknowledgedAtMs,
      lastError,
    }),
    async stop() {
      stopping.abort(new Error("stopped"));
      wake.wake();
      await ended;
    },
  };
}
