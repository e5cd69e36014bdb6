import { connect, type Socket } from "node:net";
import { StoppedWaiting } from "../plugin/stopped-waiting.ts";
import { describeEndpoint } from "./network-options.ts";

/** Where to connect: a name or address with a port, or the path of a Unix socket. */
export interface Endpoint {
  readonly host: string;
  readonly port: number | undefined;
  readonly family?: 0 | 4 | 6;
}

/** Connects; rejects with the system's error, or StoppedWaiting on abort. The caller destroys the socket. */
export function openConnection(endpoint: Endpoint, signal: AbortSignal): Promise<Socket> {
  const { host, port, family = 0 } = endpoint;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = host.startsWith("/") || port === undefined ? connect({ path: host }) : connect({ host, port, family });
  const onAbort = (): void => {
    socket.destroy();
    reject(new StoppedWaiting(`a connection to ${describeEndpoint(host, port)}`));
  };
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  socket.once("connect", () => resolve(socket));
  socket.on("error", (error) => {
    reject(error);
    socket.destroy();
  });
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}

/** Milliseconds that only go forward, for response times. */
export function monotonicMs(): number {
  return performance.now();
}
