import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { NewLogRecord } from "../log-store/index.ts";
import type { DiskQueue } from "./disk-queue.ts";
import type { LogTarget } from "./target/log-target.ts";

interface DrainDependencies {
  readonly name: string;
  readonly queue: DiskQueue;
  readonly target: LogTarget;
  readonly onSent: (records: number) => void;
  readonly onFailed: () => void;
  readonly logger: Logger;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
  readonly firstPauseMs?: number;
}

const longestPauseMs = 60_000;

/** Sends what waits, in order, until the signal fires. While the target is away it is tried again less and less often, once a minute at least. */
export async function drainQueue(dependencies: DrainDependencies, signal: AbortSignal): Promise<void> {
  const { name, queue, target, onSent, onFailed, logger, random, firstPauseMs = 500 } = dependencies;
  let failures = 0;
  let lastFault = "";
  while (!signal.aborted) {
    const more = queue.waitForMore(signal);
    const piece = await queue.read();
    if (piece === null) {
      await more;
      continue;
    }
    try {
      const records = piece.lines.flatMap(readLine);
      if (records.length > 0) await target.send(records, piece.id, signal);
      await queue.commit(piece);
      onSent(records.length);
      if (failures > 0) logger.info({ forward: name }, "logs are sent on again");
      failures = 0;
      lastFault = "";
    } catch (error) {
      if (signal.aborted) return;
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== lastFault) logger.warn({ forward: name, fault }, "logs cannot be sent on; they wait");
      lastFault = fault;
      onFailed();
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures) * (0.5 + random() / 2);
      failures += 1;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** None, when a process ended while it wrote the line. */
function readLine(line: string): NewLogRecord[] {
  try {
    const record: NewLogRecord = JSON.parse(line);
    return typeof record === "object" && record !== null && typeof record.timeUs === "number" ? [record] : [];
  } catch {
    return [];
  }
}
