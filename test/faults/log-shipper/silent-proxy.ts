import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Cleanup } from "../../support/index.ts";

/** Between a sender and its server: what the server says may be swallowed while it goes on to hear. */
export interface SilentProxy {
  readonly port: number;
  /** From now on nothing that the server says comes back; what connections said before has. */
  silence(): void;
  /** Connections that were silenced are cut, new ones are not. */
  heal(): void;
  /** Bytes of the server's that nobody got. */
  swallowedBytes(): number;
}

/** Starts one before a port of this machine. */
export async function startSilentProxy(cleanup: Cleanup, to: number): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  let swallowed = 0;
  const server = createServer((client) => {
    const upstream = connect(to, "127.0.0.1");
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one
        .on("error", () => undefined)
        .on("close", () => {
          sockets.delete(one);
          other.destroy();
        });
    }
    client.on("data", (bytes) => upstream.write(bytes));
    upstream.on("data", (bytes) => {
      if (isSilent) swallowed += bytes.length;
      else client.write(bytes);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanup.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    port: address.port,
    silence() {
      isSilent = true;
    },
    heal() {
      isSilent = false;
      for (const socket of sockets) socket.destroy();
    },
    swallowedBytes: () => swallowed,
  };
}
