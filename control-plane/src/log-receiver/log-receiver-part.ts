import { createLocalClock } from "@mycloud/protocol/syslog";
import type { ForwardAddress } from "../log-job/index.ts";
import { createSenderDirectory } from "../log-sender/index.ts";
import type { LogStore, NewLogRecord } from "../log-store/index.ts";
import type { Core, Part } from "../part.ts";
import { createAgentFinder } from "./forward/find-agents.ts";
import { createForwardListener } from "./forward/forward-listener.ts";
import { createReadMessage } from "./forward/read-records.ts";
import { IdentityWatch } from "./forward/watch-identities.ts";
import { createLogsRoute } from "./http/logs-route.ts";
import { ByteBudget } from "./intake/byte-budget.ts";
import { Collector } from "./intake/collector.ts";
import { createIntake, type HeldRecords } from "./intake/intake.ts";
import { Quotas } from "./intake/quota.ts";
import { createLogReceiverMetrics } from "./metrics.ts";
import type { ListenAddress, StreamServer } from "./stream/stream-server.ts";
import { createSyslogListeners } from "./syslog/syslog-listeners.ts";
import { readTlsIdentity, serverKeyDigest } from "./tls-identity.ts";

interface LogReceiverNeeds {
  readonly store: Pick<LogStore, "append">;
  /** Keeps what is about to be stored, to be sent on then. Never throws, and never waits for an outside system. */
  readonly hold: (records: readonly NewLogRecord[]) => Promise<HeldRecords>;
  readonly retentionDays: () => number;
  /** Where agents' configurations get the address from. */
  readonly announce: ForwardAddress["announce"];
}

/** The listeners that were started, for tests: their ports. */
export interface LogReceiver {
  readonly part: Part;
  readonly forwardPort: () => number | null;
  readonly syslogPort: () => number | null;
  readonly syslogTlsPort: () => number | null;
}

/** What all senders together may have in memory. */
const budgetBytes = 128 * 1024 * 1024;
const maximumUnpackedBytes = 32 * 1024 * 1024;
const collectMs = 20;
const collectRecords = 5_000;

/** Whether it is where it listens when nobody says otherwise. */
function isAt(address: ListenAddress | null, port: number): boolean {
  return address !== null && address.host === "127.0.0.1" && address.port === port;
}

/** Everything that takes logs in, as the configuration has it. */
export function createLogReceiver(core: Core, needs: LogReceiverNeeds): LogReceiver {
  const { configuration, registry, logger, database, sealer, changes, now } = core;
  const metrics = createLogReceiverMetrics(registry);
  const directory = createSenderDirectory({ database, sealer, changes, now });
  const { senders, hosts } = directory;
  const { store, hold, retentionDays } = needs;
  const intake = createIntake({ store, hold, metrics, logger, monotonicNow: () => performance.now() });
  const quotas = new Quotas();
  const budget = new ByteBudget(budgetBytes);
  const stopping = new AbortController();
  const collectors = new Map<string, Collector>();
  const shared = { senders, hosts, retentionDays, intake, quotas, budget, metrics, now };
  let listeners: StreamServer[] = [];
  let forward: StreamServer | undefined;
  let syslog: ReturnType<typeof createSyslogListeners> | undefined;

  async function startForward(tls: Awaited<ReturnType<typeof readTlsIdentity>>): Promise<void> {
    if (configuration.forward === null) return;
    const agents = createAgentFinder({ database, sealer });
    forward = createForwardListener({
      ...shared,
      address: configuration.forward,
      isDefaultAddress: isAt(configuration.forward, 24_224),
      tls,
      findAgent: agents.find,
      findActiveAgents: agents.findActive,
      watch: new IdentityWatch(),
      readMessage: createReadMessage({ hosts, retentionDays, budget, maximumUnpackedBytes }),
      logger,
    });
    await forward.start();
    listeners.push(forward);
    const { host } = configuration.forward;
    const port = forward.port();
    if (port === null) return;
    needs.announce({ host, port, tls: tls === null ? null : { serverKeySha256: serverKeyDigest(tls) } });
  }

  async function startSyslog(tls: Awaited<ReturnType<typeof readTlsIdentity>>): Promise<void> {
    syslog = createSyslogListeners({
      address: configuration.syslog,
      isDefaultAddress: isAt(configuration.syslog, 5_514),
      tlsAddress: configuration.syslogTls,
      tls,
      dependencies: {
        ...shared,
        toUtcMs: createLocalClock(configuration.syslogTimeZone),
        store(identity, records, bytes) {
          const collector = collectors.get(identity.key) ?? collectorOf(identity);
          collectors.set(identity.key, collector);
          return collector.add(records, bytes);
        },
      },
      logger,
    });
    await syslog.start();
  }

  function collectorOf(identity: Parameters<typeof intake.store>[0]["identity"]): Collector {
    return new Collector({
      maximumWaitMs: collectMs,
      maximumRecords: collectRecords,
      async store(records, bytes) {
        const delivery = { protocol: "syslog", identity, chunk: null, receivedAtMs: now(), records, bytes } as const;
        await intake.storePatiently(delivery, stopping.signal);
      },
    });
  }

  return {
    forwardPort: () => forward?.port() ?? null,
    syslogPort: () => syslog?.port() ?? null,
    syslogTlsPort: () => syslog?.tlsPort() ?? null,
    part: {
      name: "log-receiver",
      routes: [createLogsRoute(shared)],
      async start() {
        const { logTlsCert, logTlsKey } = configuration;
        const tls = await readTlsIdentity(logTlsCert, logTlsKey);
        await startForward(tls);
        await startSyslog(tls);
      },
      async stop() {
        needs.announce(null);
        const cutOff = setTimeout(() => stopping.abort(new Error("the control plane stops")), 5_000);
        await Promise.all([...listeners.map((listener) => listener.stop()), syslog?.stop()]);
        await Promise.all([...collectors.values()].map((collector) => collector.end()));
        clearTimeout(cutOff);
        listeners = [];
      },
    },
  };
}
