import { mkdir, readFile } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import type { NameServerConfiguration } from "@mycloud/protocol/name-server";
import { ControlChannel, ControlPlaneClient } from "../control-channel/index.ts";
import { ConfigurationFileError, type ReadZone, readFiles } from "../file-source/index.ts";
import { formatMetrics, type MetricsEndpoint, startMetricsEndpoint } from "../metrics/index.ts";
import { openQueryLog } from "../query-log/index.ts";
import type { Clock } from "../server/index.ts";
import { ZoneError } from "../zone/index.ts";
import { describeZone, diskFiles, zoneKey } from "../zone-store/index.ts";
import { StartError } from "./exit-code.ts";
import { lockDirectory } from "./instance-lock.ts";
import { KeptState } from "./kept-state.ts";
import { expandWildcard, formatListenAddress } from "./listen-address.ts";
import type { Logger } from "./logger.ts";
import type { TlsContent } from "./messages.ts";
import { reserveAddresses } from "./reserve-addresses.ts";
import type { ConfigurationSource, ServeSettings, TlsFiles } from "./settings.ts";
import { Supervisor } from "./supervisor.ts";

export interface ServeContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly version: string;
  /** Ends the name server. */
  readonly signal: AbortSignal;
  /** Calls back whenever files are to be read again (SIGHUP). */
  readonly onReload: (reload: () => void) => void;
  readonly writeQueries: (text: string) => void;
}

const saveEveryMs = 10_000;

/** What is served before a control plane was ever heard: nothing. */
function nothing(cookieSecret: string): NameServerConfiguration {
  return {
    nsid: null,
    cookieSecrets: [cookieSecret],
    tsigKeys: [],
    views: [],
    allowQuery: [],
    zones: [],
    forwarding: null,
    rateLimit: null,
    queryLogOneIn: null,
  };
}

/** Serves until its signal. Rejects with StartError where it cannot begin. */
export async function serve(settings: ServeSettings, context: ServeContext): Promise<void> {
  const { clock, logger, signal } = context;
  const { stateDir, source } = settings;
  await makeDirectory(stateDir);
  const unlock = await lockDirectory(stateDir);
  const kept = new KeptState(stateDir, logger);
  await kept.openExpiries();
  const tls = settings.tls === null ? null : await readTls(settings.tls);
  const listening = await reserveAddresses(
    settings.listen.flatMap((each) => expandWildcard(each, networkInterfaces())),
    settings.tlsListen.flatMap((each) => expandWildcard(each, networkInterfaces())),
  );
  const queryLog =
    settings.queryLog === "-"
      ? null
      : openQueryLog(settings.queryLog, (err) =>
          logger.error({ file: settings.queryLog, err }, "queries cannot be logged"),
        );
  let channel: ControlChannel | undefined;
  const supervisor = new Supervisor({
    zoneDirectory: join(stateDir, "zones"),
    files: diskFiles,
    kept,
    listening,
    tls,
    workers: settings.workers,
    signal,
    queryLogOneIn: settings.queryLogOneIn,
    version: context.version,
    clock,
    logger,
    onQueries: (text) => (queryLog === null ? context.writeQueries(text) : queryLog.write(text)),
    relayUpdate: async (update) => (channel === undefined ? null : await channel.relayUpdate(update)),
  });
  await supervisor.store.open();
  const cookieSecret = await kept.cookieSecret();
  const files = source.kind === "files" ? new ServedFiles(source, cookieSecret, supervisor, logger) : null;
  if (files === null) await supervisor.configure((await kept.configuration()) ?? nothing(cookieSecret));
  else await files.readFirst();
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve());
    if (signal.aborted) resolve();
  });
  await Promise.race([supervisor.start(), aborted]);
  if (source.kind === "control plane") {
    channel = followControlPlane(source, { supervisor, kept, context });
  }
  const running = channel?.run(signal);
  const metrics = await listenForMetrics(settings, supervisor, channel);
  const addresses = listening.map((each) => `${each.transport} ${formatListenAddress(each)}`);
  if (!signal.aborted)
    logger.info({ listening: addresses, workers: settings.workers, stateDir }, "the name server answers");
  context.onReload(() => {
    void files?.reload();
    if (settings.tls !== null) void renewTls(settings.tls, supervisor, logger);
  });
  const saving = setInterval(() => void supervisor.save(), saveEveryMs);
  await aborted;
  clearInterval(saving);
  await Promise.all([metrics?.close(), running]);
  await supervisor.stop();
  queryLog?.close();
  unlock();
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StartError(
      "configuration",
      `${path} cannot be made (${code}); choose another with --state-dir DIR`,
      error,
    );
  }
}

async function readTls({ certFile, keyFile }: TlsFiles): Promise<TlsContent> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
    return { cert, key };
  } catch (error) {
    throw new StartError("configuration", error instanceof Error ? error.message : String(error), error);
  }
}

async function renewTls(files: TlsFiles, supervisor: Supervisor, logger: Logger): Promise<void> {
  try {
    supervisor.renewTls(await readTls(files));
  } catch (err) {
    logger.error({ err }, "the certificate cannot be read again; the one before is used on");
  }
}

function followControlPlane(
  { url, tokenFile }: Extract<ConfigurationSource, { kind: "control plane" }>,
  {
    supervisor,
    kept,
    context,
  }: { readonly supervisor: Supervisor; readonly kept: KeptState; readonly context: ServeContext },
): ControlChannel {
  return new ControlChannel({
    client: new ControlPlaneClient({ url, tokenFile, name: hostname() }),
    store: supervisor.store,
    clock: context.clock,
    random: context.random,
    onConfiguration: async (configuration) => {
      await kept.keepConfiguration(configuration);
      await supervisor.configure(configuration);
    },
    status: async () => {
      const report = await supervisor.report(true);
      return report === undefined ? undefined : supervisor.status(report);
    },
    onEvent: (level, fields, message) => context.logger[level](fields, message),
  });
}

async function listenForMetrics(
  { metrics }: ServeSettings,
  supervisor: Supervisor,
  channel: ControlChannel | undefined,
): Promise<MetricsEndpoint | undefined> {
  if (metrics === null) return undefined;
  try {
    return await startMetricsEndpoint(metrics.address, metrics.port, async () => {
      const report = await supervisor.report();
      if (report === undefined) throw new Error("no worker answers");
      const isConnected = channel === undefined ? null : channel.isConnected;
      return formatMetrics({ ...report, ...supervisor.health, status: supervisor.status(report), isConnected });
    });
  } catch (error) {
    await supervisor.stop();
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StartError(
      "addressInUse",
      `--metrics: ${formatListenAddress(metrics)} cannot be listened on (${code})`,
      error,
    );
  }
}

/** Zone files and a configuration file, as they are served. */
class ServedFiles {
  readonly #source: Extract<ConfigurationSource, { kind: "files" }>;
  readonly #cookieSecret: string;
  readonly #supervisor: Supervisor;
  readonly #logger: Logger;
  readonly #hashes = new Map<string, string>();
  #reloading: Promise<void> = Promise.resolve();

  constructor(
    source: Extract<ConfigurationSource, { kind: "files" }>,
    cookieSecret: string,
    supervisor: Supervisor,
    logger: Logger,
  ) {
    this.#source = source;
    this.#cookieSecret = cookieSecret;
    this.#supervisor = supervisor;
    this.#logger = logger;
  }

  /** Rejects with StartError where a file is wrong and there is no good copy of what it says. */
  async readFirst(): Promise<void> {
    try {
      const left = await this.#read();
      if (left.length > 0) throw new StartError("configuration", left.join("\n"));
    } catch (error) {
      if (error instanceof ConfigurationFileError) throw new StartError("configuration", error.message, error);
      throw error;
    }
  }

  /** What cannot be read is said, and what there was is served on. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(async () => {
      try {
        await this.#read();
        this.#logger.info({}, "the files were read again");
      } catch (err) {
        this.#logger.error({ err }, "the files cannot be read again; what there was is served on");
      }
    });
    return this.#reloading;
  }

  /** The faults of zones that cannot be served at all. */
  async #read(): Promise<string[]> {
    const { configuration, zones, faults } = await readFiles(this.#source, this.#cookieSecret);
    await this.#supervisor.configure(configuration);
    const lost: string[] = [];
    for (const zone of zones) {
      const problems = faults.filter((fault) => fault.startsWith(`${zone.file}:`));
      if (await this.#take(zone, problems)) continue;
      if (this.#supervisor.store.get(zone.id) === undefined) lost.push(...problems);
      else
        this.#logger.error(
          { zone: describeZone(zone.id), faults: problems },
          "a zone file is wrong; its last good copy is served",
        );
    }
    return lost;
  }

  /** False where it cannot be served; why is added to `problems`. */
  async #take({ id, file, hash, framer }: ReadZone, problems: string[]): Promise<boolean> {
    if (framer === undefined) return false;
    if (this.#hashes.get(zoneKey(id)) === hash) return true;
    const before = this.#supervisor.store.get(id);
    try {
      await this.#supervisor.store.replace(id, framer);
    } catch (error) {
      if (!(error instanceof ZoneError)) throw error;
      problems.push(`${file}: ${error.message}`);
      return false;
    }
    if (this.#hashes.has(zoneKey(id)) && before?.serial === this.#supervisor.store.get(id)?.serial) {
      const fields = { zone: describeZone(id), serial: before?.serial };
      this.#logger.warn(fields, "a zone file has changed and its serial has not: secondaries will not notice");
    }
    this.#hashes.set(zoneKey(id), hash);
    return true;
  }
}
