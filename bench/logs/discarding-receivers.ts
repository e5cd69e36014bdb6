import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { encodeAck, MessagePackStream, readForwardMessage } from "@mycloud/protocol/fluent-forward";

/** Counts what it is sent, and throws it away. */
export interface DiscardingReceiver {
  readonly port: number;
  /** Resolves when so many lines have come; throws when that takes too long. */
  until(lines: number, timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Forward: acknowledges each chunk at once. The entries are counted by what their sender says, and stay packed. */
export async function startForwardSink(): Promise<DiscardingReceiver> {
  return await startSink((socket, count) => {
    const stream = new MessagePackStream(64 * 1024 * 1024);
    return (bytes) => {
      stream.push(bytes);
      for (let message = stream.next(); message !== null; message = stream.next()) {
        const read = readForwardMessage(message);
        if (read.mode === "heartbeat") continue;
        count(read.options.size ?? 0);
        if (read.options.chunk !== null) socket.write(encodeAck(read.options.chunk));
      }
    };
  });
}

/** Syslog over TCP, a line for each record. */
export async function startSyslogSink(): Promise<DiscardingReceiver> {
  return await startSink((_, count) => (bytes) => {
    let lines = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
    count(lines);
  });
}

async function startSink(
  serve: (socket: Socket, count: (lines: number) => void) => (bytes: Buffer) => void,
): Promise<DiscardingReceiver> {
  const sockets = new Set<Socket>();
  let lines = 0;
  let onChange = (): void => undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    const take = serve(socket, (more) => {
      lines += more;
      onChange();
    });
    socket.on("data", (bytes: Buffer) => take(bytes));
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    port: address.port,
    async until(wanted, timeoutMs) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${lines} of ${wanted} lines came`)), timeoutMs);
        onChange = () => {
          if (lines < wanted) return;
          clearTimeout(timer);
          resolve();
        };
        onChange();
      });
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
