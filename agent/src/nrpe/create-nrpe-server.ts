import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type NrpeCommandLine, versionQuery } from "@mycloud/checks/nrpe";
import type { ScheduledCheck } from "@mycloud/protocol/agent";
import type { ExecutedCheck, Execution } from "../check-execution/index.ts";
import type { Logger } from "../logger/index.ts";
import { type LoadedPolicy, refusalOfCheck } from "../policy/index.ts";
import { isAllowedHost } from "./allowed-hosts.ts";
import { findCommand } from "./find-command.ts";
import { type NrpeAnswer, serveConnection } from "./serve-connection.ts";
import { readTlsOptions } from "./tls-options.ts";

export interface NrpeServerOptions {
  readonly address: { readonly host: string; readonly port: number };
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  /** What is configured for this host now. */
  readonly checks: () => readonly ScheduledCheck[];
  readonly execute: (execution: Execution, memory: Map<string, unknown>, signal: AbortSignal) => Promise<ExecutedCheck>;
  /** Where the agent keeps the certificate it makes itself. */
  readonly certificatePath: string;
  readonly hostName: string;
  readonly version: string;
  readonly logger: Logger;
  readonly now: () => number;
  /** How long a peer may take with its handshake, its question, and our answer. */
  readonly idleMs?: number;
}

export interface NrpeServer {
  /** As it is, also when port 0 was asked for. */
  readonly port: number;
  /** Ends commands and connections. */
  stop(): Promise<void>;
}

/** Pollers ask a handful of things at a time; each may be a program that runs. */
const maximumConnections = 64;

/** Listens for check_nrpe. Throws an Error in words when it cannot. */
export async function createNrpeServer(options: NrpeServerOptions): Promise<NrpeServer> {
  const { address, logger, idleMs = 10_000 } = options;
  const stopping = new AbortController();
  const connections = new Set<Promise<void>>();
  const sockets = new Set<Socket>();
  const memories = new Map<string, Map<string, unknown>>();
  const { policy, fault } = await options.loadPolicy();
  if (fault !== undefined) logger.error({ fault }, "NRPE answers nobody until the policy file is understood");
  const own = { path: options.certificatePath, hostName: options.hostName, nowMs: options.now() };
  const secure = createTlsServer({ ...(await readTlsOptions(policy.nrpe, own)), handshakeTimeout: idleMs });
  secure.on("secureConnection", (socket) => {
    const serving = serveConnection(
      socket,
      {
        answer: (line, signal) => answer(line, signal, memories, options),
        onFault: (reason) => logger.warn({ peer: socket.remoteAddress, reason }, "NRPE question not understood"),
        idleMs,
      },
      stopping.signal,
    ).finally(() => connections.delete(serving));
    connections.add(serving);
  });
  secure.on("tlsClientError", (error, socket) => {
    logger.warn({ peer: socket.remoteAddress, reason: error.message }, "NRPE connection without TLS as asked for");
    socket.destroy();
  });

  // Who may not ask does not get as far as the handshake, which costs us more than them.
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    void options.loadPolicy().then(({ policy: { nrpe } }) => {
      if (stopping.signal.aborted || !isAllowedHost(nrpe.allowedHosts, socket.remoteAddress)) {
        logger.warn({ peer: socket.remoteAddress }, "NRPE connection refused: the address is not in allowedHosts");
        socket.destroy();
        return;
      }
      secure.emit("connection", socket);
    });
  });
  server.maxConnections = maximumConnections;
  await listen(server, address);
  const bound = server.address();
  const port = bound === null || typeof bound === "string" ? address.port : bound.port;
  logger.info({ address: `${address.host}:${port}` }, "NRPE listening");
  return {
    port,
    async stop() {
      stopping.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...connections]);
    },
  };
}

/** Answers in nrpe's words where there are some. */
async function answer(
  line: NrpeCommandLine,
  signal: AbortSignal,
  memories: Map<string, Map<string, unknown>>,
  { loadPolicy, checks, execute, version }: NrpeServerOptions,
): Promise<NrpeAnswer> {
  if (line.name === versionQuery) return { resultCode: 0, text: `NRPE v4.1.0 (MyCloud ${version})` };
  const { policy } = await loadPolicy();
  const found = findCommand(policy.nrpe, checks(), line);
  if (found.kind === "refused") return { resultCode: 3, text: `NRPE: ${found.reason}` };
  const { execution, isConfigured } = found;
  const refusal = isConfigured ? await refusalOfCheck(policy, execution) : undefined;
  if (refusal !== undefined) return { resultCode: 3, text: `NRPE: ${refusal}` };

  const late = AbortSignal.timeout(execution.timeoutSeconds * 1_000);
  // Its own limit comes after ours, so that the answer is ours.
  const slower = { ...execution, timeoutSeconds: execution.timeoutSeconds + 5 };
  const memory = line.arguments.length === 0 ? memoryOf(memories, execution) : new Map<string, unknown>();
  const executed = await execute(slower, memory, AbortSignal.any([late, signal]));
  if (late.aborted) {
    return { resultCode: 3, text: `NRPE: Command timed out after ${execution.timeoutSeconds} seconds` };
  }
  return { resultCode: executed.returnCode, text: executed.output };
}

const maximumMemories = 1_000;

/** Rates span the time between two questions, as they do between two runs of a check. */
function memoryOf(memories: Map<string, Map<string, unknown>>, { command, arguments: args }: Execution) {
  const key = JSON.stringify([command, args]);
  const known = memories.get(key) ?? new Map<string, unknown>();
  if (memories.size >= maximumMemories) memories.clear();
  memories.set(key, known);
  return known;
}

function listen(server: Server, { host, port }: NrpeServerOptions["address"]): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(
        new Error(`NRPE cannot listen at ${host}:${port} (${error.message}); choose another with --nrpe HOST:PORT`),
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
