import { createSocket } from "node:dgram";
import { createServer, isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes, StartError } from "./exit-code.ts";
import { formatListenAddress, type ListenAddress } from "./listen-address.ts";
import type { Listening } from "./messages.ts";

/**
 * Where workers are to listen: UDP and TCP on each address, TLS on its own. Each is tried for a moment, alone: workers share their ports, and another
 * program that shares the same would take a part of the packets without anybody noticing. Port 0 becomes a free one. Rejects with StartError.
 */
export async function reserveAddresses(
  plain: readonly ListenAddress[],
  tls: readonly ListenAddress[],
): Promise<readonly Listening[]> {
  const listening: Listening[] = [];
  for (const { address, port } of plain) {
    const udpPort = await insist(() => tryUdp({ address, port }));
    const tcpPort = await insist(() => tryTcp({ address, port: udpPort }));
    listening.push({ transport: "udp", address, port: udpPort }, { transport: "tcp", address, port: tcpPort });
  }
  for (const each of tls)
    listening.push({ transport: "tls", address: each.address, port: await insist(() => tryTcp(each)) });
  return listening;
}

/** The workers of a supervisor that was killed a moment ago may not be gone yet. */
const attempts = 10;
const pauseMs = 100;

async function insist(attempt: () => Promise<number>): Promise<number> {
  for (let left = attempts; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 1 || !(error instanceof StartError) || error.exitCode !== exitCodes.addressInUse.code) throw error;
      await sleep(pauseMs);
    }
  }
}

function tryUdp({ address, port }: ListenAddress): Promise<number> {
  const socket = createSocket({ type: isIPv6(address) ? "udp6" : "udp4", ipv6Only: isIPv6(address) });
  return new Promise((resolve, reject) => {
    socket.once("error", (error) => {
      socket.close();
      reject(explain("udp", { address, port }, error));
    });
    socket.bind({ address, port, exclusive: true }, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}

function tryTcp({ address, port }: ListenAddress): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(explain("tcp", { address, port }, error)));
    server.listen({ host: address, port, ipv6Only: isIPv6(address), exclusive: true }, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === "object" && bound !== null ? bound.port : port));
    });
  });
}

function explain(transport: string, listen: ListenAddress, error: Error): StartError {
  const code = "code" in error ? String(error.code) : error.message;
  const address = `${formatListenAddress(listen)} (${transport})`;
  if (code === "EADDRINUSE") return new StartError("addressInUse", `${address} is taken by another program`, error);
  if (code === "EACCES") {
    const advice = "ports below 1024 want the capability CAP_NET_BIND_SERVICE";
    return new StartError("notAllowed", `this user may not listen on ${address}; ${advice}`, error);
  }
  if (code === "EADDRNOTAVAIL")
    return new StartError("configuration", `${address} is no address of this machine`, error);
  return new StartError("configuration", `${address} cannot be listened on (${code})`, error);
}
