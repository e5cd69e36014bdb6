import { randomUUID } from "node:crypto";
import type { AgentResultBatch } from "@mycloud/protocol/agent";
import { createServerClock } from "../../agent/src/clock/index.ts";
import type { AgentPrivateKey } from "../../agent/src/identity/index.ts";
import { createRequestToken } from "../../agent/src/identity/index.ts";
import { type Patience, sleep, startRetryLoop, waitMs } from "../../agent/src/retry-loop/index.ts";
import { createControlPlane, createHttpConnection, followCommandStream } from "../../agent/src/transport/index.ts";

/** What all simulated agents count together. */
export interface Counts {
  streams: number;
  keepalives: number;
  toldToWait: number;
  delivered: number;
  measured: number;
  configurations: number;
  /** Answers 401 and 403: should never happen here. */
  refused: number;
}

export interface SimulatedAgent {
  /** Accepted since the last call of `forget`. */
  readonly isAlive: boolean;
  readonly isConnected: boolean;
  readonly spooled: number;
  forget(): void;
}

export interface SimulationOptions {
  readonly url: string;
  readonly agentId: string;
  readonly key: AgentPrivateKey;
  readonly counts: Counts;
  readonly resultIntervalMs: number;
  /** Results in one batch, the services taking turns; left out: all services each time. */
  readonly resultsPerBatch?: number;
  /** When in the interval this agent sends, so that many send evenly; left out: anywhere. */
  readonly phaseMs?: number;
  /** Hears of each batch that was taken: how many results, and how long the answer took. */
  readonly onDelivered?: (results: number, milliseconds: number) => void;
  readonly signal: AbortSignal;
}

/** As the real agent waits. */
const patience: Patience = {
  backoff: { baseMs: 500, maximumMs: 30_000 },
  refusedBackoff: { baseMs: 60_000, maximumMs: 600_000 },
  random: Math.random,
  sleep,
};

/**
 * An agent without a disk and without checks: the real one's transport, tokens, back-off and stream, made-up results. Its spool is an array.
 */
export async function startSimulatedAgent(options: SimulationOptions): Promise<SimulatedAgent> {
  const { counts, signal } = options;
  const clock = createServerClock(Date.now);
  const connection = await createHttpConnection(options.url, { keySha256: null, ca: undefined });
  signal.addEventListener("abort", () => connection.close());
  const requestToken = createRequestToken({ agentId: options.agentId, privateKey: options.key }, clock.now);
  const controlPlane = createControlPlane({ connection, clock, now: Date.now, requestToken, signal });
  const spool: AgentResultBatch[] = [];
  let etag: string | null = null;
  let serviceIds: readonly number[] = [];
  let turn = 0;
  let isAlive = false;
  let isConnected = false;
  let endPause: () => void = () => undefined;

  const delivery = startRetryLoop({
    patience,
    signal,
    attempt: async () => {
      const [oldest] = spool;
      if (oldest === undefined) return "idle";
      const sentAtMs = performance.now();
      const outcome = await controlPlane.sendResults(oldest);
      if (outcome.kind === "refused") counts.refused++;
      if (outcome.kind !== "ok") return outcome;
      spool.shift();
      counts.delivered += oldest.results.length;
      options.onDelivered?.(oldest.results.length, performance.now() - sentAtMs);
      return "again";
    },
  });
  const refresh = startRetryLoop({
    patience,
    signal,
    attempt: async () => {
      const outcome = await controlPlane.fetchConfiguration(etag);
      if (outcome.kind === "busy") counts.toldToWait++;
      if (outcome.kind !== "ok") return outcome;
      counts.configurations++;
      etag = outcome.value.etag;
      serviceIds = outcome.value.configuration?.checks.flatMap((check) => check.serviceId ?? []) ?? serviceIds;
      return "idle";
    },
  });
  void followCommandStream({
    controlPlane,
    patience,
    monotonicNow: () => performance.now(),
    signal,
    handlers: {
      onConnected() {
        isConnected = true;
        counts.streams++;
        refresh.retryNow();
        delivery.retryNow();
        if (!isAlive) endPause();
      },
      onDisconnected(failure) {
        if (isConnected) counts.streams--;
        isConnected = false;
        if (failure.kind === "busy") counts.toldToWait++;
        if (failure.kind === "refused") counts.refused++;
      },
      onCommand: () => undefined,
      onQuestion: () => undefined,
      onConfigurationChanged: () => refresh.retryNow(),
      onUnknown: () => undefined,
    },
  });

  async function keepAlive(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const outcome = await controlPlane.sendKeepalive({
        agentVersion: "simulated",
        startedAtMs: 1,
        sentAtMs: Date.now(),
        configurationEtag: etag,
        spooledBatches: spool.length,
        spooledBytes: 0,
        droppedResults: 0,
        rejectedBatches: 0,
      });
      let pauseMs = 30_000 * (0.9 + 0.2 * Math.random());
      if (outcome.kind === "ok") {
        failures = 0;
        isAlive = true;
        counts.keepalives++;
      } else {
        const backoff = waitMs(patience, ++failures, outcome);
        pauseMs = outcome.kind === "unreachable" ? Math.min(pauseMs, backoff) : backoff;
      }
      const pause = new AbortController();
      endPause = () => pause.abort();
      await sleep(pauseMs, AbortSignal.any([signal, pause.signal]));
    }
  }

  /** The services whose turn it is. */
  function nextServices(): readonly number[] {
    const size = Math.min(options.resultsPerBatch ?? serviceIds.length, serviceIds.length);
    const taken = Array.from({ length: size }, (_, index) => serviceIds[(turn + index) % serviceIds.length] ?? 0);
    turn += size;
    return taken;
  }

  async function measure(): Promise<void> {
    const { resultIntervalMs, phaseMs = Math.random() * resultIntervalMs } = options;
    const untilTurnMs = () => resultIntervalMs - ((Date.now() - phaseMs) % resultIntervalMs);
    await sleep(untilTurnMs(), signal);
    while (!signal.aborted) {
      if (serviceIds.length > 0) {
        const services = nextServices();
        const checkedAtMs = Date.now();
        const result = { returnCode: 0, output: "LOAD OK | load1=0.1", checkedAtMs };
        const more = { executionTimeSeconds: 0.01, latencySeconds: 0 };
        spool.push({
          batchId: randomUUID(),
          results: services.map((serviceId) => ({ serviceId, ...result, ...more })),
        });
        counts.measured += services.length;
        delivery.wake();
      }
      await sleep(untilTurnMs(), signal);
    }
  }
  void keepAlive();
  void measure();

  return {
    get isAlive() {
      return isAlive;
    },
    get isConnected() {
      return isConnected;
    },
    get spooled() {
      return spool.length;
    },
    forget() {
      isAlive = false;
    },
  };
}
