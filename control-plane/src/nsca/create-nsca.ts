import { randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { NscaMethod } from "@mycloud/checks/nsca";
import { maximumResultsPerRequest, type PassiveCheckResult } from "@mycloud/protocol/check-result";
import type { Logger } from "pino";
import { DomainError } from "../error/index.ts";
import type { CommandingOperator, ExternalCommands } from "../external-command/index.ts";
import { systemActor } from "../http/actor.ts";
import type { Part } from "../part.ts";
import { StartError } from "../start-error.ts";
import type { NscaMetrics } from "./metrics.ts";
import type { Senders } from "./senders.ts";
import { type ConnectionTally, serveConnection } from "./serve-connection.ts";

export interface NscaDependencies {
  readonly commands: Pick<ExternalCommands, "storeResults">;
  readonly address: { readonly host: string; readonly port: number };
  readonly method: NscaMethod;
  readonly password: string;
  readonly maximumAgeSeconds: number;
  readonly senders: Senders;
  readonly mayRegister: boolean;
  readonly metrics: NscaMetrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly idleMs?: number;
}

const maximumConnections = 500;

/** Listens for NSCA. */
export function createNsca(dependencies: NscaDependencies): Part & { readonly port: () => number | null } {
  const { address, senders, metrics, logger, idleMs = 30_000 } = dependencies;
  const stopping = new AbortController();
  const connections = new Set<Promise<void>>();
  let server: Server | undefined;

  async function serve(socket: Socket): Promise<void> {
    const peer = socket.remoteAddress ?? "";
    const patterns = senders.patternsOf(peer);
    if (patterns.length === 0) {
      logger.warn({ peer }, "NSCA connection refused: the address may speak for no host");
      socket.destroy();
      return;
    }
    metrics.connections(1);
    try {
      const tally = await serveConnection(
        socket,
        {
          ...dependencies,
          idleMs,
          patterns,
          iv: randomBytes(128),
          store: (results) => store(results, peer, dependencies, stopping.signal),
        },
        stopping.signal,
      );
      metrics.results(tally);
      report(tally, peer, logger);
    } finally {
      metrics.connections(-1);
    }
  }

  return {
    name: "nsca",
    port: () => {
      const bound = server?.address();
      return bound === null || bound === undefined || typeof bound === "string" ? null : bound.port;
    },
    async start() {
      // The sender closes its side when it has sent everything; ours stays open until it is stored.
      const listening = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
        const serving = serve(socket)
          .catch((err: unknown) => logger.error({ err }, "an NSCA connection failed"))
          .finally(() => connections.delete(serving));
        connections.add(serving);
      });
      server = listening;
      listening.maxConnections = maximumConnections;
      await listen(listening, address);
      logger.info({ address: `${address.host}:${address.port}`, method: dependencies.method }, "NSCA listening");
    },
    async stop() {
      stopping.abort();
      const closing = server;
      if (closing?.listening) await new Promise<void>((resolve) => closing.close(() => resolve()));
      await Promise.all(connections);
    },
  };
}

/** Stores results in order, waiting where ingest is full; answers a reason for each that was not stored. */
async function store(
  results: readonly PassiveCheckResult[],
  peer: string,
  { commands, mayRegister, logger }: NscaDependencies,
  stopping: AbortSignal,
): Promise<readonly string[]> {
  const operator: CommandingOperator = {
    actor: { ...systemActor, name: "nsca", address: peer },
    scope: { kind: "all" },
    mayOperate: true,
    mayRegister,
  };
  const reasons: string[] = [];
  for (let at = 0; at < results.length; at += maximumResultsPerRequest) {
    const batch = results.slice(at, at + maximumResultsPerRequest);
    // There is nobody to send it again, so it waits here until it is stored or we are stopped.
    for (;;) {
      try {
        const outcomes = await commands.storeResults(batch, operator);
        reasons.push(...outcomes.flatMap(({ isDone, message }) => (isDone ? [] : [message])));
        break;
      } catch (error) {
        const isRetryable = error instanceof DomainError && error.isRetryable && !stopping.aborted;
        if (!isRetryable) {
          logger.error({ err: error, results: batch.length }, "NSCA results not stored");
          reasons.push(...batch.map(() => (error instanceof Error ? error.message : String(error))));
          break;
        }
        await sleep((error.retryAfterSeconds ?? 2) * 1000, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
  }
  return reasons;
}

function report({ reason, ...counts }: ConnectionTally, peer: string, logger: Logger): void {
  if (reason !== null) logger.warn({ peer, ...counts, reason }, "NSCA results not stored");
}

function listen(server: Server, { host, port }: NscaDependencies["address"]): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const taken = "code" in error && error.code === "EADDRINUSE" ? "addressInUse" : "configuration";
      reject(
        new StartError(taken, `NSCA cannot listen at ${host}:${port} (${error.message}); choose another with --nsca`),
      );
    });
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      // Accepting fails when there are too many open files: those that are open go on.
      server.on("error", () => undefined);
      resolve();
    });
  });
}
