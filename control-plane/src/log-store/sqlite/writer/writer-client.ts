import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import type { LogBatch, LogRetention } from "../../log-store.ts";
import { LogStoreBusyError, LogStoreFaultError } from "../../log-store-error.ts";
import { buffersOf, encodeBatch, sizeOfBatch } from "../batch-codec.ts";
import type { DamagedDay } from "../damaged-day.ts";
import type { AppendResult, FromWriter, MaintainResult, ToWriter, WriterAnswer, WriterStatus } from "./messages.ts";

/** What may wait: enough for the disk to be busy all the time, little enough to lose no memory over it. */
const maximumWaiting = { batches: 20_000, characters: 64 * 1024 * 1024 };
const maximumRestartMs = 10_000;

export interface WriterClient {
  /** `wantsIds`: whether the result shall say where each record is. */
  append(batch: LogBatch, wantsIds: boolean): Promise<AppendResult>;
  maintain(retention: LogRetention, nowMs: number): Promise<MaintainResult>;
  status(): Promise<WriterStatus>;
  quarantine(damaged: DamagedDay): Promise<void>;
  readonly waiting: () => number;
  close(): Promise<void>;
}

interface WriterClientOptions {
  readonly directory: string;
  readonly logger: Logger;
}

interface Waiting {
  readonly size: number;
  readonly resolve: (answer: WriterAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The main thread's end of the writer's thread, which is started again when it dies. */
export function createWriterClient({ directory, logger }: WriterClientOptions): WriterClient {
  const waiting = new Map<number, Waiting>();
  let waitingSize = 0;
  let nextNumber = 0;
  let worker: Worker | null = null;
  let isClosed = false;
  let notBeforeMs = 0;
  let restartMs = 100;

  function start(): Worker {
    const started = new Worker(new URL("./writer-thread.ts", import.meta.url), {
      workerData: { directory },
      execArgv: [],
    });
    started.on("message", receive);
    started.on("error", (err) => logger.error({ err }, "the thread that stores logs has died"));
    started.on("exit", () => {
      if (worker === started) worker = null;
      restartMs = Math.min(restartMs * 2, maximumRestartMs);
      notBeforeMs = performance.now() + restartMs;
      for (const [number, { reject }] of [...waiting]) {
        settle(number);
        reject(new LogStoreFaultError("the thread that stores logs has ended"));
      }
    });
    return started;
  }

  function settle(number: number): Waiting | undefined {
    const settled = waiting.get(number);
    waiting.delete(number);
    waitingSize -= settled?.size ?? 0;
    return settled;
  }

  function receive(message: FromWriter): void {
    switch (message.kind) {
      case "answers":
        restartMs = 100;
        for (const answer of message.answers) {
          const asked = settle(answer.number);
          if ("failure" in answer) asked?.reject(new LogStoreFaultError(answer.failure));
          else asked?.resolve(answer.result);
        }
        return;
      case "fault":
        if (message.fault === null) logger.info("logs are stored again");
        else logger.error({ reason: message.fault }, "logs cannot be stored");
        return;
      case "quarantined":
        logger.error({ ...message.quarantined }, "a damaged file of logs was put aside");
        return;
    }
  }

  async function ask<Answer extends WriterAnswer>(
    message: (number: number) => ToWriter,
    size = 0,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Answer> {
    if (isClosed) throw new LogStoreFaultError("the store of logs is closed");
    if (worker === null && performance.now() < notBeforeMs) {
      throw new LogStoreFaultError("the thread that stores logs is being started again");
    }
    worker ??= start();
    const number = nextNumber;
    nextNumber += 1;
    const { promise, resolve, reject } = Promise.withResolvers<WriterAnswer>();
    waiting.set(number, { size, resolve, reject });
    waitingSize += size;
    worker.postMessage(message(number), [...transfer]);
    return (await promise) as Answer;
  }

  worker = start();
  return {
    async append(batch, wantsIds) {
      if (waiting.size >= maximumWaiting.batches) throw new LogStoreBusyError();
      if (waitingSize > 0 && waitingSize >= maximumWaiting.characters) throw new LogStoreBusyError();
      const encoded = encodeBatch(batch);
      return await ask<AppendResult>(
        (number) => ({ kind: "append", number, batch: encoded, wantsIds }),
        sizeOfBatch(encoded),
        buffersOf(encoded),
      );
    },
    async maintain(retention, nowMs) {
      return await ask<MaintainResult>((number) => ({ kind: "maintain", number, retention, nowMs }));
    },
    async status() {
      return await ask<WriterStatus>((number) => ({ kind: "status", number }));
    },
    async quarantine(damaged) {
      await ask((number) => ({ kind: "quarantine", number, ...damaged }));
    },
    waiting: () => waiting.size,
    async close() {
      if (isClosed) return;
      const ending = worker;
      if (ending === null) {
        isClosed = true;
        return;
      }
      const ended = new Promise<void>((resolve) => ending.once("exit", () => resolve()));
      const closing = ask((number) => ({ kind: "close", number })).catch(() => undefined);
      isClosed = true;
      await closing;
      await ended;
    },
  };
}
