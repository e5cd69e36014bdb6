import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Something that answers on a port of 127.0.0.1, until it is closed. */
export async function listen(port: number): Promise<Server> {
  const server = createServer((socket) => socket.end()).listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Closes it; nothing when it is closed. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, "close");
}
