import { once } from "node:events";
import type { Server } from "node:http";
import type { EventStreams } from "./event-stream.ts";

const drainMs = 3_000;

/** Starts listening and answers the URL, with the port that was really taken. Rejects with Node's error. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  // A body must arrive within this; SSE answers are not bound by it.
  server.requestTimeout = 60_000;
  server.headersTimeout = 20_000;
  // Longer than nginx keeps its upstream connections (60 s), so that it is never the one to find them closed.
  server.keepAliveTimeout = 65_000;
  server.listen({ host, port, backlog: 4096 });
  await once(server, "listening");
  const address = server.address();
  const taken = typeof address === "object" && address !== null ? address.port : port;
  return `http://${reachable(host)}:${taken}`;
}

/** An address that a client on this machine can use. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** Stops accepting, ends event streams, waits up to 3 s for answers under way, then closes what is left. */
export async function stopServer(server: Server, streams: EventStreams): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  streams.closeAll();
  // A connection that has just got its answer would otherwise stay open for another request.
  const sweeping = setInterval(() => server.closeIdleConnections(), 50);
  const cutting = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearInterval(sweeping);
  clearTimeout(cutting);
}
