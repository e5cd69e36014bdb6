import type { NameServerConfiguration, NameServerStatus } from "@mycloud/protocol/name-server";
import type { UpdateRequest, ZoneKey } from "../name-server/index.ts";
import type { Clock } from "../server/index.ts";
import { ZoneError } from "../zone/index.ts";
import {
  decodeFrames,
  describeZone,
  framedZone,
  type StoreChange,
  type StoreFault,
  type StoreFiles,
  type ZoneId,
  ZoneStore,
  zoneIdOf,
  zoneKey,
} from "../zone-store/index.ts";
import type { KeptState } from "./kept-state.ts";
import { formatListenAddress } from "./listen-address.ts";
import type { Logger } from "./logger.ts";
import type { FromWorker, Listening, TlsContent, ToWorker, WorkerReport } from "./messages.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface SupervisorOptions {
  readonly zoneDirectory: string;
  readonly files: StoreFiles;
  readonly kept: KeptState;
  readonly listening: readonly Listening[];
  readonly tls: TlsContent | null;
  readonly workers: number;
  /** From when on workers that end are not replaced. */
  readonly signal: AbortSignal;
  /** Null: what the configuration says. */
  readonly queryLogOneIn: number | null;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onQueries: (text: string) => void;
  /** Resolves to a result code after the control plane committed; null: it is away. */
  readonly relayUpdate: (update: UpdateRequest) => Promise<number | null>;
}

/** Of a full disk is spoken so often. */
const complainEveryMs = 60_000;

/** Knows what is served, and sees to it that all workers do. */
export class Supervisor {
  readonly store: ZoneStore;
  readonly #options: SupervisorOptions;
  readonly #pool: WorkerPool;
  readonly #startedAtMs: number;
  readonly #complainedAtMs = new Map<string, number>();
  #configuration: NameServerConfiguration | undefined;
  #tls: TlsContent | null;
  #storeFaults = 0;
  #keeping: Promise<void> = Promise.resolve();
  /** Of a zone that a worker is sending. */
  #fetched: Buffer[] | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#tls = options.tls;
    this.#startedAtMs = options.clock.now();
    this.store = new ZoneStore({
      directory: options.zoneDirectory,
      files: options.files,
      onChange: (change, origin) => this.#pool.broadcast({ kind: "zone", change }, origin),
      onFault: (fault) => this.#onStoreFault(fault),
    });
    this.#pool = new WorkerPool({
      count: options.workers,
      signal: options.signal,
      clock: options.clock,
      logger: options.logger,
      opening: (isLeader) => this.#opening(isLeader),
      onMessage: (message, worker) => this.#take(message, worker),
    });
  }

  get configuration(): NameServerConfiguration | undefined {
    return this.#configuration;
  }

  /** From now on this is served; zones that are not in it are forgotten. Before `start` it is what workers begin with. */
  async configure(configuration: NameServerConfiguration): Promise<void> {
    this.#configuration = configuration;
    this.#pool.broadcast(this.#configureMessage(configuration));
    const wanted = new Set(configuration.zones.map(({ name, view }) => zoneKey(zoneIdOf(name, view))));
    const left = [...this.store.zones()].filter(({ id }) => !wanted.has(zoneKey(id)));
    for (const { id } of left) {
      await this.store.remove(id);
      this.#options.logger.info({ zone: describeZone(id) }, "a zone is not served any more");
    }
  }

  /** Starts the workers; resolves when all answer. Rejects with StartError. */
  start(): Promise<void> {
    return this.#pool.start();
  }

  renewTls(tls: TlsContent): void {
    this.#tls = tls;
    this.#pool.broadcast({ kind: "tls", tls });
  }

  /** `isStatus`: who asked most is told, and counted anew. */
  report(isStatus = false): Promise<WorkerReport | undefined> {
    return this.#pool.report(isStatus);
  }

  get health(): {
    readonly workers: number;
    readonly restarts: number;
    readonly storeFaults: number;
    readonly unsaved: number;
  } {
    const unsaved = [...this.store.zones()].filter(({ isSaved }) => !isSaved).length;
    return { workers: this.#pool.listening, restarts: this.#pool.restarts, storeFaults: this.#storeFaults, unsaved };
  }

  status(report: WorkerReport): NameServerStatus {
    const { counters, clients, names } = report;
    const top = (list: WorkerReport["clients"]) => list.map(({ key, count }) => ({ key, count }));
    return {
      version: this.#options.version,
      startedAtMs: this.#startedAtMs,
      listeners: this.#options.listening.map((each) => `${each.transport} ${formatListenAddress(each)}`),
      zones: counters.zones.map((zone) => this.#withSaving(zone)),
      queries: counters.queries,
      queriesByType: { ...counters.queriesByType },
      answersByCode: { ...counters.answersByCode },
      rateLimited: counters.rateLimited,
      topClients: top(clients),
      topNames: top(names),
    };
  }

  /** What the disk did not take is tried again. */
  async save(): Promise<void> {
    await this.store.saveAll();
    await this.#options.kept.saveExpiries();
  }

  async stop(): Promise<void> {
    await this.#pool.stop();
    await this.save();
  }

  #withSaving(zone: NameServerStatus["zones"][number]): NameServerStatus["zones"][number] {
    const stored = this.store.get(zoneIdOf(zone.name, zone.view));
    if (zone.error !== null || stored?.isSaved !== false) return zone;
    return { ...zone, error: "the disk does not take its copy: after a restart it is as it was before" };
  }

  #opening(isLeader: boolean): readonly ToWorker[] {
    const { kept, listening, workers } = this.#options;
    const configuration = this.#configuration;
    if (configuration === undefined) throw new Error("workers are started before anything is configured");
    const loads = [...this.store.zones()].flatMap(({ id }) => this.store.load(id) ?? []);
    return [
      { kind: "start", configuration, isLeader, kept: kept.expiries },
      this.#configureMessage(configuration),
      ...loads.map((change): ToWorker => ({ kind: "zone", change })),
      { kind: "listen", listening, isShared: workers > 1, tls: this.#tls },
    ];
  }

  #configureMessage(configuration: NameServerConfiguration): ToWorker {
    const queryLogOneIn = this.#options.queryLogOneIn ?? configuration.queryLogOneIn;
    return { kind: "configure", configuration, queryLogOneIn };
  }

  #take(message: FromWorker, worker: number): void {
    const { logger, kept } = this.#options;
    switch (message.kind) {
      case "event":
        logger[message.level]({ worker, ...message.fields }, message.message);
        return;
      case "missing":
        this.#sendZone(message.key, worker);
        return;
      case "notified":
        // The leader looks after secondary zones; it told itself.
        if (worker !== 0) this.#pool.send(0, message);
        return;
      case "fetched":
        this.#keeping = this.#keeping
          .then(() => this.#keepFetched(message, worker))
          .catch((err: unknown) => {
            logger.error({ zone: message.key.name, err }, "a zone that was fetched cannot be kept");
          });
        return;
      case "refreshed":
        kept.noteExpiry(message.key, message.expiresAtMs);
        // The other workers do not ask primaries: without this they would let the zone expire.
        this.#pool.broadcast(message, worker);
        return;
      case "relay":
        void this.#relay(message, worker);
        return;
      case "queries":
        this.#options.onQueries(message.text);
    }
  }

  #sendZone(key: ZoneKey, worker: number): void {
    const change: StoreChange | undefined = this.store.load(zoneIdOf(key.name, key.view));
    if (change === undefined) return;
    this.#options.logger.warn({ worker, zone: key.name }, "a worker missed a part of a zone and reads it anew");
    this.#pool.send(worker, { kind: "zone", change });
  }

  async #keepFetched(
    { key, isWhole, hasMore, frames }: Extract<FromWorker, { kind: "fetched" }>,
    worker: number,
  ): Promise<void> {
    const id = zoneIdOf(key.name, key.view);
    if (isWhole) {
      await this.#keepWhole(id, worker, hasMore, frames.map(Buffer.from));
      return;
    }
    for (const frame of frames.flatMap((octets) => [...decodeFrames(Buffer.from(octets))])) {
      if (frame.kind !== "step") continue;
      const isKept = await this.store.append(id, frame.step, worker);
      if (!isKept) throw new ZoneError(`the copy on disk is not at serial ${frame.step.fromSerial}`);
    }
  }

  async #keepWhole(id: ZoneId, worker: number, hasMore: boolean, frames: readonly Buffer[]): Promise<void> {
    // A worker that died in the middle of a zone is followed by one that begins with another.
    const [first] = decodeFrames(frames[0] ?? Buffer.alloc(0));
    if (first?.kind === "zone" || this.#fetched === undefined) this.#fetched = [];
    this.#fetched.push(...frames);
    if (hasMore) return;
    const whole = this.#fetched;
    this.#fetched = undefined;
    await this.store.replace(id, framedZone(whole), { origin: worker });
  }

  async #relay({ number, update }: Extract<FromWorker, { kind: "relay" }>, worker: number): Promise<void> {
    const resultCode = await this.#options.relayUpdate(update).catch(() => null);
    this.#pool.send(worker, { kind: "relayed", number, resultCode });
  }

  #onStoreFault({ id, file, doing, error }: StoreFault): void {
    const { logger, clock } = this.#options;
    this.#storeFaults += 1;
    const now = clock.now();
    const last = this.#complainedAtMs.get(file);
    if (last !== undefined && now >= last && now - last < complainEveryMs) return;
    this.#complainedAtMs.set(file, now);
    const zone = id === null ? undefined : describeZone(id);
    const message =
      doing === "read"
        ? "a kept copy of a zone cannot be used"
        : "the disk does not take a zone; it is served all the same";
    logger.error({ zone, file, err: error }, message);
  }
}
