// Entry point of a worker: holds the zones and answers. Started by the supervisor (worker-pool.ts) with an IPC channel, and gone with it.

import { setImmediate as nextTurn } from "node:timers/promises";
import { exchangeDatagram, exchangeStream } from "../exchange/index.ts";
import { createForwarder, type Forwarder } from "../forwarding/index.ts";
import { formatName } from "../name/index.ts";
import { type FetchedZone, NameServer, type UpdateRequest } from "../name-server/index.ts";
import { QueryLog } from "../query-log/index.ts";
import type { ResourceRecord } from "../record/index.ts";
import { systemClock } from "../server/index.ts";
import { encodeFrame, framesOf, type StoreChange, zoneIdOf } from "../zone-store/index.ts";
import { ListenError, type Listeners, listenAll } from "./listen.ts";
import type { FromWorker, ToWorker, WorkerReport, WorkerStart } from "./messages.ts";
import { WorkerMeter } from "./worker-meter.ts";
import { WorkerZones } from "./worker-zones.ts";

const queriesEveryMs = 250;
const cachedAnswers = 100_000;
/** The control plane commits within this, or the client is told that it is away. */
const relayTimeoutMs = 10_000;

function send(message: FromWorker): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

class Worker {
  readonly #server: NameServer;
  readonly #zones: WorkerZones;
  readonly #meter = new WorkerMeter(Date.now);
  readonly #queryLog = new QueryLog(Date.now);
  readonly #forwarder: Forwarder;
  readonly #relays = new Map<number, (resultCode: number | null) => void>();
  #relayNumber = 0;
  #sending = Promise.resolve();
  #listeners: Listeners | undefined;

  constructor({ configuration, isLeader, kept }: WorkerStart) {
    this.#forwarder = createForwarder(systemClock);
    this.#server = new NameServer({
      clock: systemClock,
      random: Math.random,
      exchange: { datagram: exchangeDatagram, stream: exchangeStream },
      isLeader,
      cachedAnswers,
      relayUpdate: (update, signal) => this.#relay(update, signal),
      onNotify: (key, from) => send({ kind: "notified", key, from }),
      onZoneFetched: (fetched) => {
        // As of now: what is changed while others are sent belongs to the steps that follow.
        const records = fetched.zone.records();
        this.#sending = this.#sending.then(() => sendFetched(fetched, records));
      },
      onZoneRefreshed: (key, expiresAtMs) => send({ kind: "refreshed", key, expiresAtMs }),
      onEvent: ({ level, message, fields }) => send({ kind: "event", level, message, fields }),
      onAnswered: (answered) => {
        this.#meter.note(answered);
        this.#queryLog.note(answered);
      },
      forward: (octets, arrival) => this.#forwarder.forward(octets, arrival),
    });
    this.#zones = new WorkerZones(this.#server, kept, (key) => send({ kind: "missing", key }));
    this.configure({ configuration, queryLogOneIn: configuration.queryLogOneIn });
    setInterval(() => {
      const text = this.#queryLog.take();
      if (text !== "") send({ kind: "queries", text });
    }, queriesEveryMs).unref();
  }

  configure({ configuration, queryLogOneIn }: Omit<Extract<ToWorker, { kind: "configure" }>, "kind">): void {
    this.#server.reconfigure(configuration);
    this.#forwarder.configure(configuration.forwarding);
    this.#queryLog.configure(queryLogOneIn);
  }

  zone(change: StoreChange): Promise<void> {
    return this.#zones.take(change);
  }

  async listen({ listening, isShared, tls }: Extract<ToWorker, { kind: "listen" }>): Promise<void> {
    try {
      this.#listeners = await listenAll({
        listening,
        isShared,
        tls,
        handler: {
          handleDatagram: (octets, arrival) => {
            this.#meter.countPacket(arrival.transport);
            return this.#server.handleDatagram(octets, arrival);
          },
          handleStream: (octets, arrival) => {
            this.#meter.countPacket(arrival.transport);
            return this.#server.handleStream(octets, arrival);
          },
        },
        onLost: (reason) => this.#meter.countLost(reason),
        onFault: (error) => {
          const fields = { err: error instanceof Error ? (error.stack ?? error.message) : String(error) };
          send({ kind: "event", level: "error", message: "a message could not be answered: a fault of ours", fields });
        },
      });
      send({ kind: "listening" });
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      send({ kind: "cannot listen", address: error.address, code: error.code });
    }
  }

  renewTls({ tls }: Extract<ToWorker, { kind: "tls" }>): void {
    this.#listeners?.renewTls(tls);
  }

  notified({ key, from }: Extract<ToWorker, { kind: "notified" }>): void {
    this.#server.noteNotify(key, from);
  }

  refreshed({ key, expiresAtMs }: Extract<ToWorker, { kind: "refreshed" }>): void {
    this.#server.noteRefreshed(key, expiresAtMs);
  }

  relayed({ number, resultCode }: Extract<ToWorker, { kind: "relayed" }>): void {
    this.#relays.get(number)?.(resultCode);
  }

  report(isStatus: boolean): WorkerReport {
    return {
      ...this.#meter.report(isStatus),
      counters: this.#server.counters(),
      forwarded: this.#forwarder.counters(),
      transfers: this.#server.transferCounts(),
      queryLogDropped: this.#queryLog.dropped,
      connections: this.#listeners?.connections ?? 0,
    };
  }

  #relay(update: UpdateRequest, signal: AbortSignal): Promise<number> {
    const number = ++this.#relayNumber;
    return new Promise((resolve, reject) => {
      const end = (resultCode: number | null) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abandon);
        this.#relays.delete(number);
        if (resultCode === null) reject(new Error("the control plane could not be asked"));
        else resolve(resultCode);
      };
      const abandon = () => end(null);
      const timer = setTimeout(abandon, relayTimeoutMs);
      signal.addEventListener("abort", abandon);
      this.#relays.set(number, end);
      send({ kind: "relay", number, update });
    });
  }
}

/** Of a whole zone so many frames are one message: some 400 KB, which takes a few milliseconds. */
const framesOfMessage = 16;

/** Hands the supervisor what was fetched, to be kept. One after the other: steps follow what they go on from. */
async function sendFetched(
  { key: { view, name }, steps }: FetchedZone,
  records: Iterable<ResourceRecord>,
): Promise<void> {
  const id = zoneIdOf(name, view);
  const key = { view, name: formatName(id.apex) };
  if (steps !== undefined) {
    const frames = steps.map((step) => encodeFrame({ kind: "step", step }));
    send({ kind: "fetched", key, isWhole: false, hasMore: false, frames });
    return;
  }
  const { frames } = await framesOf(id, records);
  for (let at = 0; at < frames.length; at += framesOfMessage) {
    const hasMore = at + framesOfMessage < frames.length;
    send({ kind: "fetched", key, isWhole: true, hasMore, frames: frames.slice(at, at + framesOfMessage) });
    await nextTurn();
  }
}

function main(): void {
  let worker: Worker | undefined;
  let queue = Promise.resolve();
  const take = async (message: ToWorker): Promise<void> => {
    if (message.kind === "start") worker = new Worker(message);
    else if (message.kind === "configure") worker?.configure(message);
    else if (message.kind === "zone") await worker?.zone(message.change);
    else if (message.kind === "listen") await worker?.listen(message);
    else if (message.kind === "tls") worker?.renewTls(message);
    else if (message.kind === "notified") worker?.notified(message);
    else if (message.kind === "refreshed") worker?.refreshed(message);
  };
  process.on("message", (message: ToWorker) => {
    // What somebody waits for does not stand in line behind a zone that is loaded.
    if (message.kind === "relayed") worker?.relayed(message);
    else if (message.kind === "ping") send({ kind: "pong" });
    else if (message.kind === "report") {
      if (worker !== undefined)
        send({ kind: "report", number: message.number, report: worker.report(message.isStatus) });
    } else queue = queue.then(() => take(message));
  });
  // Whoever started it is gone: what it would answer nobody keeps up to date.
  process.on("disconnect", () => process.exit(0));
  // Ctrl-C reaches the whole group; the supervisor ends its workers itself.
  for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
  send({ kind: "hello" });
}

main();
