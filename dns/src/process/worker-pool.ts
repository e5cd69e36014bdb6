import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Clock } from "../server/index.ts";
import { StartError } from "./exit-code.ts";
import type { Logger } from "./logger.ts";
import type { FromWorker, ToWorker, WorkerReport } from "./messages.ts";
import { addReports, countersOf } from "./worker-report.ts";

export interface WorkerPoolOptions {
  readonly count: number;
  /** From when on workers that end are not replaced. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Everything that a worker has to be told before it is of use; asked for at each start of one. */
  readonly opening: (isLeader: boolean) => readonly ToWorker[];
  /** What workers say that is not the pool's own business. `worker` tells them apart. */
  readonly onMessage: (message: FromWorker, worker: number) => void;
}

interface Worker {
  readonly index: number;
  child: ChildProcess | undefined;
  startedAtMs: number;
  failures: number;
  /** It was told everything so far. */
  isOpened: boolean;
  isListening: boolean;
  report: WorkerReport | undefined;
  /** What its predecessors counted. */
  ended: WorkerReport | undefined;
  /** How often it was spoken to since it answered last. */
  unanswered: number;
  takeBackRestart: (() => void) | undefined;
}

const script = fileURLToPath(new URL("./worker.ts", import.meta.url));
/** A worker that ran so long did not die of its start. */
const soundMs = 5_000;
const longestPauseMs = 5_000;
const firstPauseMs = 50;
const reportWithinMs = 500;
/** A worker that says nothing for so long goes round in circles: another one answers in its place. */
const lookEveryMs = 5_000;
const maximumUnanswered = 6;
const graceMs = 1_500;

/** Milliseconds until a worker is started again: at once the first time, longer the more often it died soon after its start. Pure. */
export function restartPause(failures: number): number {
  return failures === 0 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
}

/** Keeps so many workers running. The first one is the leader. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers: Worker[];
  readonly #waiting = new Map<number, () => void>();
  #number = 0;
  #isStopping = false;
  #restarts = 0;
  #onListening: ((error?: StartError) => void) | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#workers = Array.from({ length: options.count }, (_, index) => ({
      index,
      child: undefined,
      startedAtMs: 0,
      failures: 0,
      isOpened: false,
      isListening: false,
      report: undefined,
      ended: undefined,
      unanswered: 0,
      takeBackRestart: undefined,
    }));
  }

  /** How many were started in place of one that died. */
  get restarts(): number {
    return this.#restarts;
  }

  get listening(): number {
    return this.#workers.filter(({ isListening }) => isListening).length;
  }

  /** Resolves when all of them answer. Rejects with StartError where they cannot listen. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onListening = (error) => {
        if (error !== undefined) reject(error);
        else if (this.listening === this.#workers.length) resolve();
      };
      for (const worker of this.#workers) this.#spawn(worker);
      this.#look();
    });
  }

  /** Tells all workers, or all but one. Those that start just now are told the state they find by `opening`. */
  broadcast(message: ToWorker, except?: number): void {
    for (const worker of this.#workers) if (worker.isOpened && worker.index !== except) post(worker, message);
  }

  send(index: number, message: ToWorker): void {
    const worker = this.#workers[index];
    if (worker?.isOpened === true) post(worker, message);
  }

  /** What all counted, those that died among them. A worker that does not answer soon is told of as it was. */
  async report(isStatus = false): Promise<WorkerReport | undefined> {
    await Promise.all(
      this.#workers.filter(({ isListening }) => isListening).map((worker) => this.#ask(worker, isStatus)),
    );
    // The leader last: it alone knows how secondary zones and those who are told of changes get on.
    const reports = this.#workers.toReversed().flatMap(({ report, ended }) => [ended ?? [], report ?? []].flat());
    return reports.reduce<WorkerReport | undefined>((sum, report) => addReports(sum, report), undefined);
  }

  /** Ends all of them; those that do not within a moment are killed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(
      this.#workers.map(async (worker) => {
        worker.takeBackRestart?.();
        const { child } = worker;
        if (child === undefined) return;
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        const takeBack = this.#options.clock.after(graceMs, () => child.kill("SIGKILL"));
        await ended;
        takeBack();
      }),
    );
  }

  #look(): void {
    this.#options.clock.after(lookEveryMs, () => {
      if (this.#isStopping) return;
      for (const worker of this.#workers) {
        if (!worker.isListening) continue;
        if (worker.unanswered >= maximumUnanswered) {
          this.#options.logger.error({ worker: worker.index }, "a worker does not answer any more and is ended");
          worker.child?.kill("SIGKILL");
        } else {
          worker.unanswered += 1;
          post(worker, { kind: "ping" });
        }
      }
      this.#look();
    });
  }

  #spawn(worker: Worker): void {
    const { clock, logger } = this.#options;
    const child = fork(script, [], {
      serialization: "advanced",
      // A young generation of the usual 16 MB is what garbage of answers fills; half of it costs nothing measurable.
      execArgv: ["--max-semi-space-size=8", "--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    worker.child = child;
    worker.startedAtMs = clock.now();
    worker.takeBackRestart = undefined;
    worker.unanswered = 0;
    child.on("message", (message: FromWorker) => this.#take(worker, message));
    child.on("error", (err) => logger.error({ worker: worker.index, err }, "a worker could not be started or told"));
    child.on("exit", (code, signal) => this.#ended(worker, code, signal));
  }

  #take(worker: Worker, message: FromWorker): void {
    switch (message.kind) {
      case "hello":
        for (const each of this.#options.opening(worker.index === 0)) post(worker, each);
        worker.isOpened = true;
        return;
      case "listening":
        worker.isListening = true;
        this.#onListening?.();
        return;
      case "cannot listen":
        this.#cannotListen(worker, message);
        return;
      case "pong":
        worker.unanswered = 0;
        return;
      case "report":
        worker.report = message.report;
        this.#waiting.get(message.number)?.();
        return;
      default:
        this.#options.onMessage(message, worker.index);
    }
  }

  #cannotListen(worker: Worker, { address, code }: Extract<FromWorker, { kind: "cannot listen" }>): void {
    this.#options.logger.error({ worker: worker.index, address, code }, "an address cannot be listened on");
    const name = code === "EACCES" ? "notAllowed" : "addressInUse";
    this.#onListening?.(new StartError(name, `${address} cannot be listened on (${code})`));
    // It is of no use like this; what holds the address may be gone when its successor tries.
    worker.child?.kill("SIGKILL");
  }

  #ended(worker: Worker, code: number | null, signal: string | null): void {
    const { clock, logger } = this.#options;
    worker.child = undefined;
    worker.isOpened = false;
    worker.isListening = false;
    if (this.#isStopping || this.#options.signal.aborted) return;
    if (worker.report !== undefined) worker.ended = addReports(worker.ended, countersOf(worker.report));
    worker.report = undefined;
    worker.failures = clock.now() - worker.startedAtMs < soundMs ? worker.failures + 1 : 0;
    const pauseMs = restartPause(worker.failures);
    this.#restarts += 1;
    logger.error({ worker: worker.index, code, signal, pauseMs }, "a worker ended; another one takes its place");
    if (pauseMs === 0) this.#spawn(worker);
    else worker.takeBackRestart = clock.after(pauseMs, () => this.#spawn(worker));
  }

  #ask(worker: Worker, isStatus: boolean): Promise<unknown> {
    const number = ++this.#number;
    return new Promise<void>((resolve) => {
      const end = () => {
        takeBack();
        this.#waiting.delete(number);
        resolve();
      };
      const takeBack = this.#options.clock.after(reportWithinMs, end);
      this.#waiting.set(number, end);
      post(worker, { kind: "report", number, isStatus });
    });
  }
}

function post(worker: Worker, message: ToWorker): void {
  // One that is about to end does not take it; its end is heard of.
  worker.child?.send(message, undefined, undefined, () => undefined);
}
