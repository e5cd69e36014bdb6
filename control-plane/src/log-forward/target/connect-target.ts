import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type AddressGuard, allowedAddresses } from "../../outgoing-request/index.ts";

export interface TargetAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly ca: string | null; readonly serverName: string | null } | null;
}

const connectMs = 10_000;

/** Connects to an address that the guard allows. Throws why it cannot. */
export async function connectTarget({ host, port, tls }: TargetAddress, guard: AddressGuard): Promise<Socket> {
  const [address = host] = await allowedAddresses(host, guard);
  const socket =
    tls === null
      ? connect({ host: address, port })
      : connectTls({
          host: address,
          port,
          servername: tls.serverName ?? (/[a-z]/i.test(host) && !host.includes(":") ? host : ""),
          ...(tls.ca === null ? {} : { ca: tls.ca }),
        });
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${connectMs / 1000} s`)), connectMs);
    socket.once(tls === null ? "connect" : "secureConnect", () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once("error", reject);
    socket.once("close", () => {
      clearTimeout(timer);
      reject(new Error("the connection was closed"));
    });
  });
  socket.on("error", () => undefined);
  return socket;
}
