import { chmod, lstat, unlink } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Logger } from "pino";

/** Where it listens: a TCP address, or a socket file. */
export type ListenTarget = { readonly host: string; readonly port: number } | { readonly path: string };

export interface ListenerOptions {
  readonly target: ListenTarget;
  readonly maximumConnections: number;
  readonly serve: (socket: Socket) => Promise<void>;
  readonly logger: Logger;
}

export interface Listener {
  /** `127.0.0.1:6557`, or the path; as it is, also when port 0 was asked for. */
  readonly address: string;
  /** Takes no more connections; those there are end by themselves. */
  close(): Promise<void>;
}

/** Listens. A socket file is made for owner and group (mode 0660); one that nobody answers on any more is replaced. Throws what listening throws. */
export async function listen({ target, maximumConnections, serve, logger }: ListenerOptions): Promise<Listener> {
  // A peer whose machine is gone would wait for its trigger for ever, and hold a place.
  const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };
  const server = createServer(options, (socket) => {
    serve(socket).catch((err: unknown) => {
      logger.error({ err }, "a Livestatus connection failed");
      socket.destroy();
    });
  });
  server.maxConnections = maximumConnections;
  if ("path" in target) await removeStaleSocket(target.path);
  await startListening(server, target);
  if ("path" in target) await chmod(target.path, 0o660);
  return {
    address: describe(server, target),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function startListening(server: Server, target: ListenTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(target, () => {
      server.off("error", reject);
      // Accepting fails when there are too many open files: those that are open go on.
      server.on("error", () => undefined);
      resolve();
    });
  });
}

function describe(server: Server, target: ListenTarget): string {
  const address = server.address();
  if (address === null || typeof address === "string") return "path" in target ? target.path : String(address);
  return address.family === "IPv6" ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}

/** A socket file outlives a process that was killed. One that somebody listens on stays, and listening then fails. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isSocket()) return;
  const isAlive = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
  if (!isAlive) await unlink(path);
}
