import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Logger } from "pino";
import { plainAddress } from "../../log-sender/index.ts";
import { exitCodes, StartError } from "../../start-error.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

interface StreamServerOptions {
  /** For messages: "Forward". */
  readonly title: string;
  /** For messages: "--forward". */
  readonly flag: string;
  readonly address: ListenAddress;
  /** Nobody asked for this address: when another program has it, this listener stays off. */
  readonly isDefault?: boolean;
  readonly tls: TlsIdentity | null;
  readonly maximumConnections: number;
  readonly maximumPerAddress: number;
  /** Serves one connection until it is done; the socket is closed after that. `signal` fires when the server stops. */
  readonly serve: (socket: Socket, peer: string, signal: AbortSignal) => Promise<void>;
  readonly onRefused: () => void;
  readonly onConnections: (change: number) => void;
  readonly logger: Logger;
}

export interface StreamServer {
  start(): Promise<void>;
  stop(): Promise<void>;
  port(): number | null;
}

/** Time to say goodbye in, after which a connection is cut off. */
const closingMs = 2_000;
const tlsHandshakeMs = 10_000;

/** Listens, with or without TLS, and serves no more connections than there may be, in all and of one address. */
export function createStreamServer(options: StreamServerOptions): StreamServer {
  const { title, address, tls, maximumConnections, maximumPerAddress, logger } = options;
  const stopping = new AbortController();
  const open = new Map<Socket, string>();
  const serving = new Set<Promise<void>>();

  /** Before anything is read, a TLS handshake included. */
  function admit(raw: Socket): void {
    const peer = plainAddress(raw.remoteAddress ?? "");
    const ofPeer = [...open.values()].filter((each) => each === peer).length;
    if (open.size >= maximumConnections || ofPeer >= maximumPerAddress || stopping.signal.aborted) {
      options.onRefused();
      raw.destroy();
      return;
    }
    open.set(raw, peer);
    options.onConnections(1);
    // A connection that fails is closed, which is heard of below.
    raw.on("error", () => undefined);
    raw.once("close", () => {
      open.delete(raw);
      options.onConnections(-1);
    });
  }

  function serve(socket: Socket): void {
    if (socket.destroyed) return;
    const peer = plainAddress(socket.remoteAddress ?? "");
    socket.on("error", () => undefined);
    socket.setKeepAlive(true, 60_000);
    socket.setNoDelay(true);
    const done = options
      .serve(socket, peer, stopping.signal)
      .catch((err: unknown) => {
        if (!socket.destroyed) logger.warn({ err, peer }, `a connection of ${title} failed`);
      })
      .finally(() => {
        serving.delete(done);
        close(socket);
      });
    serving.add(done);
  }

  const server: Server =
    tls === null
      ? createServer({ allowHalfOpen: true }, serve)
      : createTlsServer(
          {
            cert: tls.cert,
            key: tls.key,
            minVersion: "TLSv1.2",
            allowHalfOpen: true,
            handshakeTimeout: tlsHandshakeMs,
          },
          serve,
        );
  server.on("connection", admit);
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());

  return {
    port() {
      const bound = server.address();
      return bound === null || typeof bound === "string" ? null : bound.port;
    },
    async start() {
      try {
        await listen(server, options);
      } catch (error) {
        if (options.isDefault !== true || !isAddressInUse(error)) throw error;
        logger.warn({ address: `${address.host}:${address.port}` }, `${title} is off: another program has its address`);
        return;
      }
      logger.info({ address: `${address.host}:${address.port}`, tls: tls !== null }, `${title} listening`);
    },
    async stop() {
      stopping.abort(new Error("the control plane stops"));
      const closed = server.listening ? new Promise<void>((resolve) => server.close(() => resolve())) : undefined;
      await Promise.all(serving);
      for (const socket of open.keys()) socket.destroy();
      await closed;
    },
  };
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof StartError && error.exitCode === exitCodes.addressInUse.code;
}

/** Lets what was written arrive first. */
function close(socket: Socket): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), closingMs);
  socket.once("close", () => clearTimeout(timer));
  socket.resume();
  socket.end();
  socket.once("finish", () => socket.destroySoon());
}

function listen(server: Server, { address, title, flag }: StreamServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const code = "code" in error ? error.code : undefined;
      const exit = code === "EADDRINUSE" ? "addressInUse" : code === "EACCES" ? "notAllowed" : "configuration";
      const at = `${address.host}:${address.port}`;
      reject(new StartError(exit, `${title} cannot listen at ${at} (${error.message}); choose another with ${flag}`));
    });
    server.listen(address.port, address.host, () => {
      server.removeAllListeners("error");
      // Accepting fails when there are too many open files: those that are open go on.
      server.on("error", () => undefined);
      resolve();
    });
  });
}
