import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import {
  encodeAck,
  type ForwardEntry,
  MessagePackStream,
  readForwardMessage,
  readPackedEntries,
} from "@mycloud/protocol/fluent-forward";
import type { Cleanup } from "../../support/index.ts";

/** Takes chunks by Forward, acknowledges them, and hands on their entries: each chunk once, whatever the sender repeats. */
export interface CountingReceiver {
  readonly port: number;
  readonly entries: () => number;
  close(): Promise<void>;
}

/** Starts one, on a given port or a free one. It keeps nothing but the ids of chunks. */
export async function startCountingReceiver(
  cleanup: Cleanup,
  options: { readonly port?: number; readonly onEntry?: (entry: ForwardEntry) => void } = {},
): Promise<CountingReceiver> {
  const sockets = new Set<Socket>();
  const known = new Set<string>();
  let entries = 0;
  function take(socket: Socket, bytes: Buffer): void {
    const message = readForwardMessage(bytes);
    if (message.mode !== "compressed") throw new Error(`unexpected ${message.mode}`);
    const id = message.options.chunk ?? "";
    if (!known.has(id)) {
      known.add(id);
      for (const entry of readPackedEntries(gunzipSync(message.packed))) {
        entries++;
        options.onEntry?.(entry);
      }
    }
    socket.write(encodeAck(id));
  }
  const server = createServer((socket) => {
    sockets.add(socket);
    const stream = new MessagePackStream(64 * 1024 * 1024);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    socket.on("data", (bytes) => {
      if (typeof bytes === "string") return;
      stream.push(bytes);
      for (let message = stream.next(); message !== null; message = stream.next()) take(socket, message);
    });
  }).listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  cleanup.after(close);
  return { port: address.port, entries: () => entries, close };
}
