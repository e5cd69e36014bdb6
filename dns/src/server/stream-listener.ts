import { once } from "node:events";
import { createServer, isIPv6, type Server, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { FrameReader, frame } from "./frame-reader.ts";

/** What a message by a stream is answered with: nothing, one message, or many (a zone transfer), which are made as fast as they are read. */
export type StreamAnswer = Buffer | undefined | Iterable<Buffer> | AsyncIterable<Buffer>;

export interface StreamListenerOptions {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  /** As for packets: the kernel spreads the connections among several processes. */
  readonly isShared: boolean;
  /** DNS over TLS (RFC 7858); null: TCP. */
  readonly tls: TlsOptions | null;
  readonly answer: (octets: Buffer, address: string) => StreamAnswer | Promise<StreamAnswer>;
  readonly limits: StreamLimits;
  /** Connections that were not taken or were cut, by reason. */
  readonly onLost: (reason: "too many" | "idle" | "slow" | "error") => void;
  /** One message could not be answered because of a fault of ours; its connection is closed. */
  readonly onFault: (error: unknown) => void;
}

export interface StreamLimits {
  readonly maximumConnections: number;
  readonly maximumConnectionsOfOne: number;
  /** Milliseconds without a whole message, and without anything being answered, until a connection is closed (RFC 7766 §6.2.3). */
  readonly idleMs: number;
  /** Milliseconds that one who does not read what was answered is waited for. */
  readonly stalledMs: number;
}

export const defaultStreamLimits: StreamLimits = {
  maximumConnections: 150,
  maximumConnectionsOfOne: 25,
  idleMs: 10_000,
  stalledMs: 10_000,
};

export interface StreamListener {
  readonly port: number;
  readonly connections: number;
  /** Another certificate for those who connect from now on. */
  renewTls(tls: TlsOptions): void;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Octets of answers that wait to be read before no more questions are. */
const maximumUnread = 256 * 1024;
/** Thousands of questions that come at once are answered for so many milliseconds before others have their turn. */
const turnMs = 5;

/** Answers messages by TCP or TLS on one address, several to a connection, in the order they came (RFC 7766). Rejects where it cannot be listened on. */
export async function listenStream(options: StreamListenerOptions): Promise<StreamListener> {
  /** The one that said something last is last. */
  const sockets = new Map<Socket, Connection>();
  const take = (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const ofOne = [...sockets.values()].filter((other) => other.address === address).length;
    const { maximumConnections, maximumConnectionsOfOne } = options.limits;
    if (ofOne >= maximumConnectionsOfOne || (sockets.size >= maximumConnections && !endIdlest())) {
      options.onLost("too many");
      socket.destroy();
      return;
    }
    const onMessage = () => {
      const connection = sockets.get(socket);
      if (connection === undefined) return;
      sockets.delete(socket);
      sockets.set(socket, connection);
    };
    sockets.set(socket, serve(socket, address, options, onMessage));
    socket.once("close", () => sockets.delete(socket));
  };
  /** Who connects and says nothing does not keep out who has something to ask (RFC 7766 §6.2.3). False: all are being answered. */
  function endIdlest(): boolean {
    for (const [socket, { isIdle }] of sockets) {
      if (!isIdle()) continue;
      options.onLost("idle");
      sockets.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }
  const tlsServer = options.tls === null ? undefined : createTlsServer(options.tls, take);
  const server: Server = tlsServer ?? createServer(take);
  // Those whose handshake is under way are not counted by us.
  server.maxConnections = 2 * options.limits.maximumConnections;
  // A handshake that fails or never ends counts as well; Node closes it.
  server.on("tlsClientError", () => options.onLost("error"));
  const { address: host, port, isShared: reusePort } = options;
  server.listen({ host, port, reusePort, ipv6Only: isIPv6(host) });
  await once(server, "listening");
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : port,
    get connections() {
      return sockets.size;
    },
    renewTls: (tls) => tlsServer?.setSecureContext(tls),
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets.keys()) socket.destroy();
      await closed;
    },
  };
}

interface Connection {
  readonly address: string;
  /** Nothing of it waits to be answered. */
  isIdle(): boolean;
}

function serve(
  socket: Socket,
  address: string,
  { answer, limits, onLost, onFault }: StreamListenerOptions,
  onMessage: () => void,
): Connection {
  const reader = new FrameReader();
  let queue = Promise.resolve();
  let waiting = 0;
  let turnEndsAt = 0;
  socket.setNoDelay(true);
  socket.on("error", () => onLost("error"));
  // What is read counts when it makes a message: somebody who sends an octet now and then is idle.
  let idle = setTimeout(giveUp, limits.idleMs);
  socket.once("close", () => clearTimeout(idle));
  function giveUp(): void {
    onLost("idle");
    socket.destroy();
  }
  function restart(): void {
    clearTimeout(idle);
    if (waiting === 0 && !socket.destroyed) idle = setTimeout(giveUp, limits.idleMs);
  }
  async function reply(message: Buffer): Promise<void> {
    try {
      if (!socket.destroyed) await send(socket, await answer(message, address), limits, onLost);
      if (performance.now() >= turnEndsAt) {
        await setImmediate();
        turnEndsAt = performance.now() + turnMs;
      }
    } catch (error) {
      onFault(error);
      socket.destroy();
    } finally {
      waiting -= 1;
      if (waiting === 0) socket.resume();
      restart();
    }
  }
  socket.on("data", (octets: Buffer) => {
    const messages = reader.push(octets);
    if (messages.length === 0) return;
    onMessage();
    if (waiting === 0) turnEndsAt = performance.now() + turnMs;
    waiting += messages.length;
    // The next ones are read when these are answered.
    socket.pause();
    restart();
    for (const message of messages) queue = queue.then(() => reply(message));
  });
  return { address, isIdle: () => waiting === 0 };
}

async function send(
  socket: Socket,
  answer: StreamAnswer,
  limits: StreamLimits,
  onLost: StreamListenerOptions["onLost"],
): Promise<void> {
  if (answer === undefined) return;
  if (Buffer.isBuffer(answer)) {
    socket.write(frame(answer));
    await drain(socket, limits, onLost);
    return;
  }
  for await (const message of answer) {
    if (socket.destroyed) return;
    socket.write(frame(message));
    await drain(socket, limits, onLost);
    // A network that takes everything at once would have us make the whole of it before anybody else is answered.
    await setImmediate();
  }
}

/** Waits while too much is unread; ends the connection of one who does not read at all. */
async function drain(socket: Socket, limits: StreamLimits, onLost: StreamListenerOptions["onLost"]): Promise<void> {
  if (socket.destroyed || socket.writableLength <= maximumUnread) return;
  const stalled = setTimeout(() => {
    onLost("slow");
    socket.destroy();
  }, limits.stalledMs);
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(socket, "drain", { signal }), once(socket, "close", { signal })]).catch(() => undefined);
  // The one that did not happen is listened for no longer.
  over.abort();
  clearTimeout(stalled);
}
