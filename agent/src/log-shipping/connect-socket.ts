import { createHash } from "node:crypto";
import { connect as connectPlain, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { LogJobDestination } from "@mycloud/protocol/log-source";

/** Opens a connection to a destination, by TLS where it says so, and to nobody else. Throws why it cannot. */
export async function connectSocket(
  { host, port, tls, serverKeySha256 }: LogJobDestination,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const socket = tls === null ? connectPlain({ host, port }) : await connectByTls({ host, port, tls, serverKeySha256 });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => end(new Error(`no connection within ${timeoutMs / 1000} s`)), timeoutMs);
    const end = (error?: Error) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (error === undefined) return resolve();
      socket.destroy();
      reject(error);
    };
    const onAbort = () => end(new Error("stopped"));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", end);
    socket.once("close", () => end(new Error("the connection was closed at once")));
    socket.once(tls === null ? "connect" : "secureConnect", () => end());
  });
  if (isTls(socket) && serverKeySha256 !== null) checkKey(socket, serverKeySha256);
  return socket;
}

async function connectByTls(
  to: Pick<LogJobDestination, "host" | "port" | "serverKeySha256"> & {
    readonly tls: NonNullable<LogJobDestination["tls"]>;
  },
): Promise<Socket> {
  // Loaded only where it is wanted.
  const { connect } = await import("node:tls");
  const { isIP } = await import("node:net");
  const serverName = to.tls.serverName ?? (isIP(to.host) === 0 ? to.host : undefined);
  return connect({
    host: to.host,
    port: to.port,
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(to.tls.ca === null ? {} : { ca: to.tls.ca }),
    // The pinned key decides alone.
    rejectUnauthorized: to.serverKeySha256 === null,
  });
}

/** Before a byte is sent. */
function checkKey(socket: TLSSocket, pinned: string): void {
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: "spki", format: "der" });
  const seen = key === undefined ? Buffer.alloc(0) : createHash("sha256").update(key).digest();
  if (seen.equals(Buffer.from(pinned, "base64"))) return;
  socket.destroy();
  throw new Error(`the server's key is sha256:${seen.toString("base64")}, not the pinned sha256:${pinned}`);
}

function isTls(socket: Socket): socket is TLSSocket {
  return "getPeerX509Certificate" in socket;
}
