import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { PeerAddress } from "../name-server/index.ts";
import { FrameReader, frame } from "../server/frame-reader.ts";

/**
 * Sends one message by TCP, or by TLS where `tls` is given, and yields what comes back, message by message; who has enough calls `return`, which closes the
 * connection. Ends where the other side does. Throws where there is no connection, or it breaks, and when `signal` is aborted.
 */
export async function* exchangeStream(
  { address, port }: PeerAddress,
  octets: Buffer,
  signal: AbortSignal,
  tls: ConnectionOptions | null = null,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const socket: Socket = tls === null ? connect({ host: address, port }) : connectTls({ ...tls, host: address, port });
  const abandon = () => socket.destroy(signal.reason instanceof Error ? signal.reason : new Error("abandoned"));
  signal.addEventListener("abort", abandon);
  try {
    await once(socket, tls === null ? "connect" : "secureConnect");
    socket.setNoDelay(true);
    socket.write(frame(octets));
    const reader = new FrameReader();
    for await (const piece of socket) yield* reader.push(piece);
  } finally {
    signal.removeEventListener("abort", abandon);
    socket.on("error", () => undefined);
    socket.destroy();
  }
}
