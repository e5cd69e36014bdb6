import type { RestoreRunOutcome } from "@mycloud/protocol/restore-run";
import { backoffMs } from "../backoff/index.ts";
import type { RunSpool } from "../backup-job/outcome-spool.ts";
import type { RestoreCommand } from "../command-execution/index.ts";
import { type Patience, waitMs } from "../retry-loop/index.ts";
import {
  type ConductedRestore,
  type ConductRestoreOptions,
  conductRestore,
  endOf,
  identityOf,
  type RestoreEnd,
} from "./conduct-restore.ts";
import type { TakenRun, TakenRuns } from "./restore-state.ts";

/** What the runner needs from outside. */
export interface RestoreRunnerOptions extends Omit<ConductRestoreOptions, "onSafetySnapshot"> {
  readonly taken: TakenRuns;
  readonly outcomes: Pick<RunSpool<RestoreRunOutcome>, "add" | "has">;
  /** The end of a run waits to be delivered. */
  readonly onOutcome: () => void;
  readonly patience: Patience;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export interface RestoreRunner {
  /** Answers why something cannot be done, or null when it is. */
  command(command: RestoreCommand): Promise<string | null>;
  /** Resolves when the run under way has let go; it goes on with the next agent. */
  stop(): Promise<void>;
}

/** The storage is away, or the engine crashed: so many attempts, further and further apart. */
const engineAttempts = 6;
const engineBackoff = { baseMs: 5_000, maximumMs: 300_000 };
const idleMs = 60_000;
const maximumTaken = 100;

/** Makes a runner and lets it begin with what the agent before it had taken on. */
export function createRestoreRunner(options: RestoreRunnerOptions): RestoreRunner {
  const { taken, outcomes, logger, now, patience, signal } = options;
  let current: { readonly runId: string; readonly stop: AbortController; isCancelled: boolean } | null = null;
  const failures = new Map<string, { requests: number; engine: number }>();
  let isWoken = false;
  let endWait: () => void = () => undefined;

  function wake(): void {
    isWoken = true;
    endWait();
  }

  async function take(run: TakenRun): Promise<number> {
    const log = logger.child({ runId: run.runId });
    if (await outcomes.has(run.runId)) {
      // The agent before this one came to its end, and no further.
      await taken.remove(run.runId);
      return 0;
    }
    const mine = { runId: run.runId, stop: new AbortController(), isCancelled: false };
    current = mine;
    if (signal.aborted) mine.stop.abort();
    log.info({}, "restore begins");
    const conducted = await conductRestore(
      run,
      {
        ...options,
        onSafetySnapshot: (_, safetySnapshotId) => taken.set({ ...run, safetySnapshotId }),
      },
      mine.stop.signal,
    );
    current = null;
    return await settle(run, conducted, mine.isCancelled);
  }

  /** Answers how long to wait before the next attempt, in milliseconds. */
  async function settle(run: TakenRun, conducted: ConductedRestore, isCancelled: boolean): Promise<number> {
    const log = logger.child({ runId: run.runId });
    switch (conducted.kind) {
      case "ended":
        await finish(run, conducted.end);
        return 0;
      case "unwanted":
        log.warn({ reason: conducted.message }, "restore dropped: the control plane does not want it");
        await taken.remove(run.runId);
        return 0;
      case "stopped":
        if (isCancelled) await finish(run, endOf("cancelled", cancelledWords(conducted.soFar), conducted.soFar));
        return 0;
      case "later": {
        if (isCancelled) {
          await finish(run, endOf("cancelled", cancelledWords(conducted.soFar), conducted.soFar));
          return 0;
        }
        const count = failures.get(run.runId) ?? { requests: 0, engine: 0 };
        if (conducted.isEngine) count.engine++;
        else count.requests++;
        failures.set(run.runId, count);
        const { message } = conducted.failure;
        if (count.engine >= engineAttempts) {
          await finish(run, endOf("failed", `${message} (after ${count.engine} attempts)`, conducted.soFar));
          return 0;
        }
        const pauseMs = conducted.isEngine
          ? backoffMs(count.engine, engineBackoff, patience.random())
          : waitMs(patience, count.requests, conducted.failure);
        log.warn({ reason: message, pauseMs: Math.round(pauseMs) }, "restore waits and is tried again");
        if (conducted.isEngine) await tellWaiting(run, message);
        return pauseMs;
      }
    }
  }

  async function tellWaiting(run: TakenRun, message: string): Promise<void> {
    const { phase: _, errors: _errors, ...figures } = endOf("failed", message.slice(0, 1000));
    await options.controlPlane.sendRestoreProgress(run.runId, {
      ...identityOf(run, options.agentVersion),
      ...figures,
      phase: "waiting",
      bytesPerSecond: null,
      remainingSeconds: null,
      currentPath: null,
    });
  }

  /** Its end is on disk before the run counts as over. */
  async function finish(run: TakenRun, end: RestoreEnd): Promise<void> {
    const identity = identityOf(run, options.agentVersion);
    await outcomes.add({ runId: run.runId, ...identity, ...end, finishedAtMs: now() });
    failures.delete(run.runId);
    await taken.remove(run.runId);
    logger.info({ runId: run.runId, phase: end.phase, message: end.message }, "restore ended");
    options.onOutcome();
  }

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      isWoken = false;
      let pauseMs = idleMs;
      try {
        const [run] = taken.all();
        if (run !== undefined) pauseMs = await take(run);
        if (pauseMs === 0 && !signal.aborted) continue;
      } catch (err) {
        // A full disk, say: nothing is begun that could not be remembered.
        logger.error({ err }, "restores cannot be looked after");
      }
      await wait(pauseMs);
    }
  }

  async function wait(ms: number): Promise<void> {
    if (isWoken || signal.aborted) return;
    const waiting = new AbortController();
    endWait = () => waiting.abort();
    signal.addEventListener("abort", endWait, { once: true });
    await patience.sleep(ms, waiting.signal);
    signal.removeEventListener("abort", endWait);
    endWait = () => undefined;
  }

  async function accept(runId: string, repositoryId: number): Promise<string | null> {
    if (taken.all().some((run) => run.runId === runId) || (await outcomes.has(runId))) return null;
    if (taken.all().length >= maximumTaken) return `${maximumTaken} restores wait on this host already`;
    await taken.set({ runId, repositoryId, startedAtMs: now(), safetySnapshotId: null });
    wake();
    return null;
  }

  async function cancel(runId: string): Promise<string | null> {
    if (current?.runId === runId) {
      current.isCancelled = true;
      current.stop.abort(new Error("cancelled"));
      return null;
    }
    const run = taken.all().find((one) => one.runId === runId);
    if (run === undefined) return "this restore is not under way here";
    await finish(run, endOf("cancelled", "somebody cancelled it", { safetySnapshotId: run.safetySnapshotId }));
    wake();
    return null;
  }

  signal.addEventListener("abort", () => current?.stop.abort(new Error("shutdown")), { once: true });
  const running = loop();
  return {
    command: (command) =>
      command.kind === "restore" ? accept(command.runId, command.repositoryId) : cancel(command.runId),
    stop: () => running,
  };
}

function cancelledWords({ filesDone, filesTotal }: RestoreEnd): string {
  if (filesDone === 0) return "somebody cancelled it; nothing was written";
  return `somebody cancelled it; ${filesDone} of ${filesTotal} were done before, each of them whole`;
}
