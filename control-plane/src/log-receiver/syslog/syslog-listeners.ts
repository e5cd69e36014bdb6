import type { Logger } from "pino";
import { StartError } from "../../start-error.ts";
import {
  createStreamServer,
  type ListenAddress,
  type StreamServer,
  type TlsIdentity,
} from "../stream/stream-server.ts";
import { type SyslogDependencies, serveSyslog } from "./serve-syslog.ts";
import { createSyslogUdp } from "./syslog-udp.ts";

interface SyslogListenersOptions {
  /** TCP and UDP; null when they are off. */
  readonly address: ListenAddress | null;
  readonly isDefaultAddress: boolean;
  readonly tlsAddress: ListenAddress | null;
  readonly tls: TlsIdentity | null;
  readonly dependencies: SyslogDependencies;
  readonly logger: Logger;
}

const maximumConnections = 2_000;
const maximumPerAddress = 200;

/** Syslog's listeners: TCP, UDP at the same port, and TLS (RFC 5425). */
export function createSyslogListeners(options: SyslogListenersOptions): {
  start(): Promise<void>;
  stop(): Promise<void>;
  port(): number | null;
  tlsPort(): number | null;
} {
  const { address, tlsAddress, tls, dependencies, logger } = options;
  const { metrics } = dependencies;

  function stream(title: string, flag: string, at: ListenAddress, identity: TlsIdentity | null): StreamServer {
    return createStreamServer({
      title,
      flag,
      address: at,
      isDefault: at === address && options.isDefaultAddress,
      tls: identity,
      maximumConnections,
      maximumPerAddress,
      serve: (socket, peer, signal) => serveSyslog(socket, peer, signal, dependencies),
      onRefused: () => metrics.refused("syslog", "connections"),
      onConnections: (change) => metrics.connections("syslog", change),
      logger,
    });
  }

  const tcp = address === null ? null : stream("syslog over TCP", "--syslog", address, null);
  const secure =
    tlsAddress === null || tls === null ? null : stream("syslog over TLS", "--syslog-tls", tlsAddress, tls);
  let udp: ReturnType<typeof createSyslogUdp> | undefined;
  return {
    port: () => tcp?.port() ?? null,
    tlsPort: () => secure?.port() ?? null,
    async start() {
      if (tlsAddress !== null && tls === null) {
        throw new StartError("configuration", "--syslog-tls needs --log-tls-cert and --log-tls-key");
      }
      await tcp?.start();
      const port = tcp?.port() ?? null;
      if (address !== null && port !== null) {
        udp = createSyslogUdp({ ...address, port }, dependencies, logger);
        await udp.start();
      }
      await secure?.start();
    },
    async stop() {
      await Promise.all([tcp?.stop(), udp?.stop(), secure?.stop()]);
    },
  };
}
