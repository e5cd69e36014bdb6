import { exchangeDatagram, exchangeStream } from "../../dns/src/exchange/index.ts";
import { NameServer, type NameServerEvent, type NameServerOptions } from "../../dns/src/name-server/index.ts";
import {
  defaultStreamLimits,
  listenStream,
  listenUdp,
  type StreamLimits,
  systemClock,
} from "../../dns/src/server/index.ts";
import type { Cleanup } from "../support/cleanup.ts";

export interface InProcessOptions extends Partial<NameServerOptions> {
  readonly limits?: Partial<StreamLimits>;
}

/** A name server of ours in the process of the test, with real sockets on one port of 127.0.0.1. */
export async function startInProcess(t: Cleanup, { limits = {}, ...options }: InProcessOptions = {}) {
  const events: NameServerEvent[] = [];
  const server = new NameServer({
    clock: systemClock,
    random: Math.random,
    exchange: { datagram: exchangeDatagram, stream: exchangeStream },
    isLeader: true,
    cachedAnswers: 1_000,
    relayUpdate: () => Promise.reject(new Error("there is no control plane")),
    onNotify: () => undefined,
    onZoneFetched: () => undefined,
    onZoneRefreshed: () => undefined,
    onEvent: (event) => events.push(event),
    onAnswered: null,
    forward: null,
    ...options,
  });
  const faults: unknown[] = [];
  const lost: string[] = [];
  const place = { address: "127.0.0.1", isShared: false };
  const watch = { onLost: (reason: string) => lost.push(reason), onFault: (error: unknown) => faults.push(error) };
  const tcp = await listenStream({
    ...place,
    ...watch,
    port: 0,
    tls: null,
    limits: { ...defaultStreamLimits, ...limits },
    answer: (octets, address) => server.handleStream(octets, { address, transport: "tcp" }),
  });
  const udp = await listenUdp({
    ...place,
    ...watch,
    port: tcp.port,
    answer: (octets, address) => server.handleDatagram(octets, { address, transport: "udp" }),
  });
  t.after(async () => {
    server.close();
    await Promise.all([tcp.close(), udp.close()]);
  });
  return { server, port: tcp.port, events, faults, lost };
}
