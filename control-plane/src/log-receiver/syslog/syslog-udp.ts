import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { Logger } from "pino";
import { findOpenSender, plainAddress } from "../../log-sender/index.ts";
import { StartError } from "../../start-error.ts";
import type { ListenAddress } from "../stream/stream-server.ts";
import { readSyslog } from "./read-syslog.ts";
import type { SyslogDependencies } from "./serve-syslog.ts";

interface Datagram {
  readonly bytes: Uint8Array;
  readonly address: string;
}

/** What the system keeps for us while we are busy; it may give less. */
const receiveBufferBytes = 8 * 1024 * 1024;
const maximumQueued = 50_000;
const atOnce = 2_000;

/** Receives syslog over UDP. Nobody can be held up: what comes while the queue is full, or is nobody's, is dropped and counted. */
export function createSyslogUdp(
  address: ListenAddress,
  dependencies: SyslogDependencies,
  logger: Logger,
): { start(): Promise<void>; stop(): Promise<void>; port(): number | null } {
  const { metrics } = dependencies;
  let socket: Socket | undefined;
  let queue: Datagram[] = [];
  let working: Promise<void> | null = null;

  function take(bytes: Uint8Array, { address: peer }: RemoteInfo): void {
    if (queue.length >= maximumQueued) {
      metrics.refused("syslog", "queue-full");
      return;
    }
    queue.push({ bytes, address: plainAddress(peer) });
    working ??= work().finally(() => {
      working = null;
    });
  }

  async function work(): Promise<void> {
    // What comes in the same moment is worked on at once.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const batch = queue.slice(0, atOnce);
      queue = queue.slice(batch.length);
      try {
        await storeAll(batch, dependencies);
      } catch (err) {
        metrics.refused("syslog", "store", batch.length);
        logger.error({ err }, "syslog messages over UDP were lost");
      }
    }
  }

  return {
    port: () => socket?.address().port ?? null,
    async start() {
      const opened = createSocket({ type: address.host.includes(":") ? "udp6" : "udp4" });
      socket = opened;
      await bind(opened, address);
      opened.on("error", (err) => logger.warn({ err }, "syslog over UDP failed"));
      try {
        opened.setRecvBufferSize(receiveBufferBytes);
      } catch (err) {
        logger.debug({ err }, "the receive buffer of syslog over UDP stays as it is");
      }
      opened.on("message", take);
      logger.info({ address: `${address.host}:${address.port}` }, "syslog over UDP listening");
    },
    async stop() {
      socket?.close();
      await working;
    },
  };
}

/** Makes records of messages and stores them, each sender's by itself. */
async function storeAll(batch: readonly Datagram[], dependencies: SyslogDependencies): Promise<void> {
  const { quotas, metrics, now, retentionDays, toUtcMs } = dependencies;
  const [senders, hosts] = await Promise.all([dependencies.senders(), dependencies.hosts()]);
  const byAddress = Map.groupBy(batch, ({ address }) => address);
  const storing: Promise<void>[] = [];
  for (const [address, datagrams] of byAddress) {
    const sender = findOpenSender(senders, "syslog", address);
    if (sender === undefined) {
      metrics.refused("syslog", "unknown-sender", datagrams.length);
      continue;
    }
    const { identity } = sender;
    const context = { identity, hosts, receivedAtMs: now(), peerAddress: address, retentionDays: retentionDays() };
    const allowed = datagrams.filter(({ bytes }) => {
      const mayPass = quotas.check(identity, now()).kind === "go";
      if (mayPass) quotas.use(identity, 1, bytes.length, now());
      else metrics.refused("syslog", "quota");
      return mayPass;
    });
    if (allowed.length === 0) continue;
    const records = allowed.map(({ bytes }) => readSyslog(bytes, false, toUtcMs, context));
    const size = allowed.reduce((sum, { bytes }) => sum + bytes.length, 0);
    storing.push(dependencies.store(identity, records, size));
  }
  await Promise.all(storing);
}

function bind(socket: Socket, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", (error) => {
      const exit = "code" in error && error.code === "EADDRINUSE" ? "addressInUse" : "configuration";
      const reason = `syslog cannot listen at ${host}:${port} over UDP (${error.message}); choose another with --syslog`;
      reject(new StartError(exit, reason));
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners("error");
      resolve();
    });
  });
}
