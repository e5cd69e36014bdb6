import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { StorageLogger } from "../server/storage-server-options.ts";
import type { EventQueue } from "./event-queue.ts";

/** Where events are posted to, and how. */
export interface PostOptions {
  readonly url: string;
  /** Read at each attempt; null signs nothing. */
  readonly secretFile: string | null;
  readonly queue: EventQueue;
  /** Whether an event that was found at the start has become true; what a crash prevented is dropped. */
  readonly isTrue: (json: string) => Promise<boolean>;
  readonly logger: StorageLogger;
  readonly onOutcome: (outcome: "sent" | "retry" | "dropped") => void;
  /** 0 to 1, for spreading retries. */
  readonly random: () => number;
}

/** Posts events in order, each until it is taken. */
export interface EventPoster {
  /** There may be something to post. */
  wake(): void;
  run(signal: AbortSignal): Promise<void>;
}

const attemptTimeoutMs = 10_000;
const idleMs = 60_000;

/** How long to wait after so many failed attempts in a row: 1 s doubling to 5 minutes, the last half of it at random. Pure. */
export function retryDelayMs(failures: number, random: number): number {
  const whole = Math.min(300_000, 1000 * 2 ** Math.min(failures - 1, 20));
  return whole / 2 + (whole / 2) * random;
}

/** The value of X-Mycloud-Signature for a body. Pure. */
export function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** A poster; 2xx is taken, 4xx but 408, 425 and 429 drops the event for good, everything else is tried again. */
export function createEventPoster(options: PostOptions): EventPoster {
  const { queue, logger } = options;
  let waking = new AbortController();
  let lastFault = "";

  async function attempt(json: string, signal: AbortSignal): Promise<{ isDone: boolean; fault: string | null }> {
    const secret = options.secretFile === null ? null : (await readFile(options.secretFile, "utf8")).trim();
    const response = await fetch(options.url, {
      method: "POST",
      body: json,
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        "user-agent": "mycloud-storage",
        ...(secret === null ? {} : { "x-mycloud-signature": signatureOf(json, secret) }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(attemptTimeoutMs)]),
    });
    await response.body?.cancel();
    if (response.ok) return { isDone: true, fault: null };
    const isFinal = response.status >= 400 && response.status < 500 && ![408, 425, 429].includes(response.status);
    return { isDone: isFinal, fault: `status ${response.status}` };
  }

  async function sleep(ms: number, signal: AbortSignal): Promise<void> {
    await delay(ms, undefined, { signal: AbortSignal.any([signal, waking.signal]) }).catch(() => undefined);
    if (waking.signal.aborted) waking = new AbortController();
  }

  /** Posts one event; false when it has to be tried again. */
  async function post(event: { place: string; json: string }, signal: AbortSignal): Promise<boolean> {
    const { isDone, fault } = await attempt(event.json, signal).catch((error: unknown) => ({
      isDone: false,
      fault: messageOf(error),
    }));
    if (signal.aborted) return false;
    if (isDone) await queue.remove(event.place);
    options.onOutcome(isDone ? (fault === null ? "sent" : "dropped") : "retry");
    if (fault !== null && fault !== lastFault) logger.warn({ fault, isDropped: isDone }, "event was not taken");
    lastFault = fault ?? "";
    return isDone;
  }

  return {
    wake: () => waking.abort(),
    async run(signal) {
      let failures = 0;
      while (!signal.aborted) {
        const event = await queue.first();
        if (event === null) await sleep(idleMs, signal);
        else if (!event.isConfirmed && !(await options.isTrue(event.json))) await queue.remove(event.place);
        else if (await post(event, signal)) failures = 0;
        else {
          failures++;
          // News must not hurry a receiver that is down.
          const ms = retryDelayMs(failures, options.random());
          await delay(ms, undefined, { signal }).catch(() => undefined);
        }
      }
    },
  };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
