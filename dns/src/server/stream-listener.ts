import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { FrameReader, frame } from "./frame-reader.ts";

/** What a message by a stream is answered with: nothing, one message, or many (a zone transfer), which are made as fast as they are read. */
export type StreamAnswer = Buffer | undefined | Iterable<Buffer> | AsyncIterable<Buffer>;

export interface StreamListenerOptions {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
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
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Octets of answers that wait to be read before no more questions are. */
const maximumUnread = 256 * 1024;

/** Answers messages by TCP or TLS on one address, several to a connection, in the order they came (RFC 7766). Rejects where it cannot be listened on. */
export async function listenStream(options: StreamListenerOptions): Promise<StreamListener> {
  const sockets = new Map<Socket, string>();
  const take = (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const ofOne = [...sockets.values()].filter((other) => other === address).length;
    const { maximumConnections, maximumConnectionsOfOne } = options.limits;
    if (sockets.size >= maximumConnections || ofOne >= maximumConnectionsOfOne) {
      options.onLost("too many");
      socket.destroy();
      return;
    }
    sockets.set(socket, address);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, address, options);
  };
  const server: Server = options.tls === null ? createServer(take) : createTlsServer(options.tls, take);
  // A handshake that fails or never ends counts as well; Node closes it.
  server.on("tlsClientError", () => options.onLost("error"));
  server.listen({ host: options.address, port: options.port });
  await once(server, "listening");
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : options.port,
    get connections() {
      return sockets.size;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets.keys()) socket.destroy();
      await closed;
    },
  };
}

function serve(socket: Socket, address: string, { answer, limits, onLost, onFault }: StreamListenerOptions): void {
  const reader = new FrameReader();
  let queue = Promise.resolve();
  let waiting = 0;
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
    waiting += messages.length;
    // The next ones are read when these are answered.
    socket.pause();
    restart();
    for (const message of messages) queue = queue.then(() => reply(message));
  });
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
  }
}

/** Waits while too much is unread; ends the connection of one who does not read at all. */
async function drain(socket: Socket, limits: StreamLimits, onLost: StreamListenerOptions["onLost"]): Promise<void> {
  if (socket.destroyed || socket.writableLength <= maximumUnread) return;
  const stalled = setTimeout(() => {
    onLost("slow");
    socket.destroy();
  }, limits.stalledMs);
  await Promise.race([once(socket, "drain"), once(socket, "close")]).catch(() => undefined);
  clearTimeout(stalled);
}
