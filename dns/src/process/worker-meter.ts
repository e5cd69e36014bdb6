import { monitorEventLoopDelay } from "node:perf_hooks";
import { type DomainName, formatName } from "../name/index.ts";
import type { AnsweredQuery } from "../name-server/index.ts";
import { HeavyHitters, Sampler } from "../top-talkers/index.ts";
import type { WorkerReport } from "./messages.ts";

const slots = 500;
const topCount = 50;
/** Up to 500 queries a second are all looked at. */
const freePerTurn = 50;
const oneInBeyond = 64;
const nanosecondsPerSecond = 1e9;
/** The wait that the measuring timer has anyway. */
const resolutionMs = 10;

/** What a worker counts beside its name server. Called for each query: it has to be quick. */
export class WorkerMeter {
  readonly #now: () => number;
  readonly #sampler = new Sampler(freePerTurn, oneInBeyond);
  readonly #clients = new HeavyHitters(slots);
  readonly #names = new HeavyHitters(slots);
  readonly #byTransport = { udp: 0, tcp: 0, tls: 0 };
  readonly #lost: Record<string, number> = {};
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });

  constructor(now: () => number) {
    this.#now = now;
    this.#delay.enable();
  }

  countPacket(transport: AnsweredQuery["arrival"]["transport"]): void {
    this.#byTransport[transport] += 1;
  }

  countLost(reason: string): void {
    this.#lost[reason] = (this.#lost[reason] ?? 0) + 1;
  }

  note({ name, arrival }: AnsweredQuery): void {
    const weight = this.#sampler.weigh(this.#now());
    if (weight === 0) return;
    this.#clients.add(arrival.address, weight);
    // Packets without a question have none.
    if (name !== "") this.#names.add(name, weight);
  }

  /** With a status who asked most is forgotten, and counted anew. */
  report(
    isStatus: boolean,
  ): Omit<WorkerReport, "counters" | "forwarded" | "transfers" | "queryLogDropped" | "connections"> {
    const { user, system } = process.cpuUsage();
    const longestStallSeconds = Math.max(0, this.#delay.max / nanosecondsPerSecond - resolutionMs / 1_000);
    this.#delay.reset();
    return {
      queriesByTransport: { ...this.#byTransport },
      lost: { ...this.#lost },
      clients: isStatus ? this.#clients.take(topCount) : [],
      names: (isStatus ? this.#names.take(topCount) : []).map((each) => ({
        ...each,
        key: formatName(each.key as DomainName),
      })),
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
      longestStallSeconds,
    };
  }
}
