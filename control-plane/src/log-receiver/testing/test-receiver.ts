import { createLocalClock } from "@mycloud/protocol/syslog";
import { pino } from "pino";
import { Registry } from "prom-client";
import { compileLogSenders, createHostDirectory, type LogSender } from "../../log-sender/index.ts";
import type { KnownAgent } from "../forward/authenticate-ping.ts";
import { createForwardListener } from "../forward/forward-listener.ts";
import { createReadMessage } from "../forward/read-records.ts";
import { IdentityWatch } from "../forward/watch-identities.ts";
import { ByteBudget } from "../intake/byte-budget.ts";
import { Collector } from "../intake/collector.ts";
import { createIntake } from "../intake/intake.ts";
import { Quotas } from "../intake/quota.ts";
import { createLogReceiverMetrics } from "../metrics.ts";
import type { TlsIdentity } from "../stream/stream-server.ts";
import { createSyslogListeners } from "../syslog/syslog-listeners.ts";
import { RecordingLogStore } from "./recording-log-store.ts";

type SenderDefinition = Parameters<typeof compileLogSenders>[0][number];

/** A LogSender with what a test says of it. */
export function senderDefinition(some: Partial<SenderDefinition>): SenderDefinition {
  return {
    name: "sender",
    isEnabled: true,
    protocols: ["forward", "syslog", "http"],
    networks: [],
    username: null,
    password: null,
    secret: null,
    host: null,
    customer: null,
    maximumLinesPerSecond: null,
    maximumBytesPerDay: null,
    ...some,
  };
}

interface TestReceiverOptions {
  readonly senders?: readonly Partial<SenderDefinition>[];
  readonly agents?: readonly KnownAgent[];
  readonly tls?: TlsIdentity | null;
}

/** Hosts that records may be of. */
const hosts = [
  { id: 1, name: "web1", address: "192.0.2.1", customer: "acme" },
  { id: 2, name: "db1", address: null, customer: "other" },
];

/** Listeners of Forward and syslog on free ports, over a store that remembers. */
export async function startTestReceiver({ senders = [], agents = [], tls = null }: TestReceiverOptions = {}) {
  const store = new RecordingLogStore();
  const registry = new Registry();
  const metrics = createLogReceiverMetrics(registry);
  const logger = pino({ level: "silent" });
  const state = {
    senders: compileLogSenders(senders.map(senderDefinition)) as readonly LogSender[],
    active: new Set(agents.map(({ id }) => id)),
  };
  const directory = createHostDirectory(hosts);
  const retentionDays = () => 30;
  const intake = createIntake({
    store,
    hold: async () => ({ release: () => undefined, discard: () => undefined }),
    metrics,
    logger,
    monotonicNow: () => performance.now(),
  });
  const budget = new ByteBudget(64 * 1024 * 1024);
  const shared = {
    senders: async () => state.senders,
    hosts: async () => directory,
    retentionDays,
    quotas: new Quotas(),
    metrics,
    now: () => Date.now(),
  };
  const forward = createForwardListener({
    ...shared,
    intake,
    address: { host: "127.0.0.1", port: 0 },
    isDefaultAddress: false,
    tls,
    findAgent: async (id) => agents.find((agent) => agent.id === id && state.active.has(id)) ?? null,
    findActiveAgents: async () => state.active,
    watch: new IdentityWatch(),
    readMessage: createReadMessage({ hosts: shared.hosts, retentionDays, budget, maximumUnpackedBytes: 4_000_000 }),
    logger,
  });
  const stopping = new AbortController();
  const syslog = createSyslogListeners({
    address: { host: "127.0.0.1", port: 0 },
    isDefaultAddress: false,
    tlsAddress: tls === null ? null : { host: "127.0.0.1", port: 0 },
    tls,
    dependencies: {
      ...shared,
      toUtcMs: createLocalClock("UTC"),
      store(identity, records, bytes) {
        const collector = new Collector({
          maximumWaitMs: 5,
          maximumRecords: 1_000,
          async store(collected, size) {
            await intake.storePatiently(
              { protocol: "syslog", identity, chunk: null, receivedAtMs: Date.now(), records: collected, bytes: size },
              stopping.signal,
            );
          },
        });
        return collector.add(records, bytes);
      },
    },
    logger,
  });
  await forward.start();
  await syslog.start();
  return {
    store,
    state,
    forwardPort: forward.port() ?? 0,
    syslogPort: syslog.port() ?? 0,
    syslogTlsPort: syslog.tlsPort() ?? 0,
    metric: async (name: string, labels: Record<string, string> = {}) => {
      const values = (await registry.getSingleMetric(name)?.get())?.values ?? [];
      return values
        .filter((value) => Object.entries(labels).every(([label, text]) => value.labels[label] === text))
        .reduce((sum, { value }) => sum + value, 0);
    },
    async stop() {
      stopping.abort(new Error("the test is over"));
      await Promise.all([forward.stop(), syslog.stop()]);
    },
  };
}

export type TestReceiver = Awaited<ReturnType<typeof startTestReceiver>>;
