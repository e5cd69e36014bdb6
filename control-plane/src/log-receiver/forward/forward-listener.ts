import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { hostname } from "node:os";
import type { Logger } from "pino";
import { runEvery } from "../../schedule/index.ts";
import {
  createStreamServer,
  type ListenAddress,
  type StreamServer,
  type TlsIdentity,
} from "../stream/stream-server.ts";
import { defaultForwardLimits, type ForwardDependencies, serveForward } from "./serve-forward.ts";

interface ForwardListenerOptions extends Omit<ForwardDependencies, "hostName" | "limits"> {
  readonly address: ListenAddress;
  readonly isDefaultAddress: boolean;
  readonly tls: TlsIdentity | null;
  /** Of agents, those that may still send. */
  readonly findActiveAgents: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly logger: Logger;
}

const watchEveryMs = 2_000;
const maximumConnections = 4_000;
const maximumPerAddress = 500;

/** The receiver of Forward: TCP or TLS, and the heartbeat over UDP at the same port. */
export function createForwardListener(options: ForwardListenerOptions): StreamServer {
  const { address, metrics, logger, watch, senders } = options;
  const dependencies: ForwardDependencies = {
    ...options,
    limits: defaultForwardLimits,
    // Agents on this machine have its name.
    hostName: `mycloud.${hostname()}`,
  };
  const server = createStreamServer({
    title: "Forward",
    flag: "--forward",
    address,
    isDefault: options.isDefaultAddress,
    tls: options.tls,
    maximumConnections,
    maximumPerAddress,
    serve: (socket, peer, signal) => serveForward(socket, peer, signal, dependencies),
    onRefused: () => metrics.refused("forward", "connections"),
    onConnections: (change) => metrics.connections("forward", change),
    logger,
  });
  let heartbeat: UdpSocket | undefined;
  let watching: ReturnType<typeof runEvery> | undefined;

  async function endThoseThatMayNot(): Promise<void> {
    watch.endSendersBut(await senders());
    const ids = watch.agentIds;
    if (ids.length > 0) watch.endAgentsBut(await options.findActiveAgents(ids));
  }

  return {
    port: server.port,
    async start() {
      await server.start();
      const port = server.port();
      if (port === null) return;
      heartbeat = answerHeartbeats({ host: address.host, port }, logger);
      watching = runEvery({ name: "log senders", intervalMs: watchEveryMs, job: endThoseThatMayNot, logger });
    },
    async stop() {
      await watching?.stop();
      heartbeat?.close();
      await server.stop();
    },
  };
}

/** Says that somebody is there, in a byte: nobody is sent more than they sent. */
function answerHeartbeats({ host, port }: ListenAddress, logger: Logger): UdpSocket {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("error", (err) => logger.warn({ err }, "Forward's heartbeat over UDP is not answered"));
  socket.on("message", (bytes, peer) => {
    // Port 0 is nobody's, and to send there throws.
    if (bytes.length > 0 && peer.port > 0) socket.send(Buffer.from([0]), peer.port, peer.address, () => undefined);
  });
  socket.bind(port, host);
  return socket;
}
