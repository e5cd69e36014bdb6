import type { MetricsEndpoint } from "@mycloud/protocol/host-metrics";
import type { Logger } from "../logger/index.ts";
import type { Selection } from "../metrics-collector/index.ts";
import type { AgentFigures, BackupFigures, LatestResult } from "../metrics-collector/own/index.ts";
import type { EndpointSettings, MetricsEndpoint as OpenEndpoint } from "../metrics-endpoint/index.ts";
import type { AgentStatusFile } from "../status/index.ts";

/** How this host's metrics are told. */
export interface MetricsSettings {
  /** Where they may be fetched; null: nowhere. They may be pushed all the same. */
  readonly endpoint: EndpointSettings | null;
  /** A folder with `*.prom` files; null: Debian's, where it is there. */
  readonly textfileDirectory: string | null;
  /** Collectors that are never run. */
  readonly without: readonly string[];
}

/** What metrics need from outside. */
export interface StartMetricsOptions {
  readonly settings: MetricsSettings;
  /** The control plane's address: on this machine, others on this machine may scrape too. */
  readonly serverUrl: string;
  readonly startedAtMs: number;
  readonly status: () => AgentStatusFile;
  readonly results: () => Iterable<LatestResult>;
  readonly backups: () => readonly BackupFigures[];
  readonly logger: Logger;
  readonly now: () => number;
  readonly monotonicNow: () => number;
}

/** This host's metrics. */
export interface Metrics {
  /** What a scrape is answered, in text format 0.0.4. Never rejects. */
  exposition(selection?: Selection): Promise<string>;
  /** Where others may scrape; null: nowhere. */
  reachable(): MetricsEndpoint | null;
  stop(): Promise<void>;
}

/** Another program may have the port for a moment, or a certificate comes later than the agent. */
const listenAgainMs = 30_000;
const collectorTimeoutMs = 8_000;
const debianDirectory = "/var/lib/prometheus/node-exporter";

/** Begins to listen, and goes on trying until it can: metrics are no reason for an agent to end. Collectors are loaded with the first scrape. */
export function startMetrics(options: StartMetricsOptions): Metrics {
  const { settings, logger } = options;
  let scraper: ReturnType<typeof loadScraper> | undefined;
  let open: OpenEndpoint | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastFault = "";
  let isStopped = false;

  function load(): ReturnType<typeof loadScraper> {
    scraper ??= loadScraper(options);
    return scraper;
  }

  async function exposition(selection?: Selection): Promise<string> {
    const { write, scrape, byDefault } = await load();
    return write(await scrape(selection ?? byDefault));
  }

  async function listen(endpoint: EndpointSettings): Promise<void> {
    try {
      const { serveMetrics } = await import("../metrics-endpoint/index.ts");
      const opened = await serveMetrics({
        ...endpoint,
        names: async () => (await load()).names,
        scrape: exposition,
        logger,
      });
      if (isStopped) return await opened.stop();
      open = opened;
      const address = `${endpoint.address.host}:${opened.port}`;
      logger.info(
        { address, tls: endpoint.tls !== null, isOpen: endpoint.tokenFile === null },
        "metrics endpoint listening",
      );
      if (!isLoopback(endpoint.address.host) && endpoint.tokenFile === null) {
        logger.warn(
          { address },
          "whoever reaches this address may read this host's metrics; a token file narrows that",
        );
      }
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== lastFault) logger.warn({ fault }, "metrics cannot be told; this is tried again");
      lastFault = fault;
      if (isStopped) return;
      timer = setTimeout(() => void listen(endpoint), listenAgainMs);
      timer.unref();
    }
  }

  const listening = settings.endpoint === null ? Promise.resolve() : listen(settings.endpoint);
  return {
    exposition,
    reachable() {
      const { endpoint } = settings;
      if (endpoint === null || open === undefined) return null;
      if (isLoopback(endpoint.address.host) && !isLoopback(hostOf(options.serverUrl))) return null;
      return { port: open.port, scheme: endpoint.tls === null ? "http" : "https" };
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await listening;
      await open?.stop();
    },
  };
}

async function loadScraper(options: StartMetricsOptions) {
  const { settings, logger, now, monotonicNow } = options;
  const [collectors, own, { writeExposition }] = await Promise.all([
    import("../metrics-collector/index.ts"),
    import("../metrics-collector/own/index.ts"),
    import("@mycloud/protocol/exposition"),
  ]);
  const figures = (): AgentFigures => options.status();
  const all = [
    ...collectors.createCollectors({
      places: collectors.ownMachine,
      textfiles: {
        directory: settings.textfileDirectory ?? debianDirectory,
        isGiven: settings.textfileDirectory !== null,
        onFault: (fault) => logger.warn({ fault }, "a file with metrics cannot be used"),
      },
      now,
      monotonicNow,
    }),
    own.createAgentCollector(figures),
    own.createBackupCollector(options.backups, now),
    own.createCheckCollector(options.results, now),
    own.createLogCollector(() => options.status().logs, now),
    own.createSpoolCollector(figures, now),
    own.createProcessCollector("/proc", options.startedAtMs, monotonicNow),
  ];
  const scraper = collectors.createScraper({
    collectors: all.filter(({ name }) => !settings.without.includes(name)),
    monotonicNow,
    timeoutMs: collectorTimeoutMs,
    onFault: (collector, reason) => logger.warn({ collector, reason }, "metrics of a collector are missing"),
  });
  return { ...scraper, write: writeExposition, byDefault: collectors.everythingByDefault };
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.[\d.]+|\[?::1\]?)$/i.test(host);
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? "";
}
