import { randomUUID } from "node:crypto";
import type { BackupJob } from "@mycloud/protocol/backup-policy";
import { backoffMs } from "../backoff/index.ts";
import { planStart, splayMs } from "../backup-schedule/index.ts";
import type { BackupRequest } from "../command-execution/index.ts";
import type { BackupFigures } from "../metrics-collector/own/index.ts";
import { type Patience, waitMs } from "../retry-loop/index.ts";
import {
  type Conducted,
  type ConductOptions,
  conductRun,
  identityOf,
  nothingMade,
  type RunEnd,
} from "./conduct-run.ts";
import type { ActiveRun, FinishedRun, JobState, JobStates } from "./job-state.ts";
import type { OutcomeSpool } from "./outcome-spool.ts";

/** What the runner needs from outside. */
export interface JobRunnerOptions extends ConductOptions {
  readonly states: JobStates;
  readonly outcomes: OutcomeSpool;
  /** The end of a run waits to be delivered. */
  readonly onOutcome: () => void;
  /** Whether this host has just been enrolled: its first backup begins at once. */
  readonly isNewHost: boolean;
  readonly isOnBattery: () => Promise<boolean>;
  readonly isMetered: () => Promise<boolean>;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

export interface JobRunner {
  /** The jobs of a new configuration. */
  configure(jobs: readonly BackupJob[]): void;
  /** Answers why something cannot be done, or null when it is. */
  command(request: BackupRequest): Promise<string | null>;
  /** Asks for a run on behalf of a timer; answers as `command`. */
  requestByTimer(repositoryId: number): Promise<string | null>;
  /** Repositories that are paused here. */
  paused(): number[];
  /** How each job stands, for metrics. */
  figures(): BackupFigures[];
  /** Does something to a repository while no run of it goes on: one that is under way lets go first, and goes on afterwards. */
  exclusively<Result>(repositoryId: number, work: () => Promise<Result>): Promise<Result>;
  /** Resolves when the run under way has let go; it goes on with the next agent. */
  stop(): Promise<void>;
}

/** The wall clock may be set and machines sleep: it is looked at again this often. */
const lookEveryMs = 30_000;
const powerEveryMs = 60_000;
/** The first backup of a host that was enrolled before waits up to this long: a policy may reach a thousand hosts at once. */
const firstSplayMs = 60_000;
/** The storage is away, or the engine crashed: so many attempts, further and further apart. */
const engineAttempts = 6;
const engineBackoff = { baseMs: 10_000, maximumMs: 600_000 };

type StopReason = "pause" | "cancel" | "gone" | "shutdown" | "yield";

interface CurrentRun {
  readonly repositoryId: number;
  readonly runId: string;
  readonly stop: AbortController;
  reason: StopReason | null;
  /** Resolves when it has let go. */
  readonly letGo: PromiseWithResolvers<void>;
}

interface Retry {
  readonly atMs: number;
  readonly failures: number;
  readonly engineFailures: number;
}

type Next =
  | { readonly kind: "run"; readonly job: BackupJob; readonly run: ActiveRun; readonly isResumed: boolean }
  | { readonly kind: "wait"; readonly untilMs: number };

/** Makes a runner and lets it begin. It has no jobs until `configure`. */
export function createJobRunner(options: JobRunnerOptions): JobRunner {
  const { states, outcomes, logger, now, patience, signal } = options;
  let jobs = new Map<number, BackupJob>();
  let current: CurrentRun | null = null;
  const retries = new Map<string, Retry>();
  /** Repositories that are somebody else's at present, and how often. */
  const held = new Map<number, number>();
  let isWoken = false;
  let endWait: () => void = () => undefined;
  let configuring: Promise<void> = Promise.resolve();

  function wake(): void {
    isWoken = true;
    endWait();
  }

  async function change(repositoryId: number, with_: Partial<JobState>): Promise<void> {
    const state = states.get(repositoryId);
    if (state !== undefined) await states.set(repositoryId, { ...state, ...with_ });
  }

  function stopCurrent(reason: StopReason): void {
    if (current === null) return;
    current.reason ??= reason;
    current.stop.abort(new Error(reason));
  }

  async function takeJobs(next: readonly BackupJob[]): Promise<void> {
    jobs = new Map(next.map((job) => [job.repositoryId, job]));
    for (const { repositoryId, schedule } of next) {
      if (states.get(repositoryId) !== undefined) continue;
      const delayMs = options.isNewHost ? 0 : patience.random() * Math.min(firstSplayMs, schedule.splaySeconds * 1000);
      const requested = { trigger: "enrolment" as const, notBeforeMs: now() + delayMs };
      await states.set(repositoryId, { handledUpToMs: now(), requested, isPaused: false, activeRun: null });
    }
    for (const [repositoryId, { activeRun }] of [...states.all()]) {
      if (jobs.has(repositoryId)) continue;
      if (current?.repositoryId === repositoryId) {
        stopCurrent("gone");
        continue;
      }
      if (activeRun !== null) await finish(repositoryId, activeRun, cancelled("no policy backs this host up any more"));
      await states.remove(repositoryId);
    }
    wake();
  }

  /** The next run to take on, or until when there is none. What was begun goes first. */
  async function pick(): Promise<Next> {
    let untilMs = now() + lookEveryMs;
    for (const look of [pickBegun, pickNew]) {
      for (const job of jobs.values()) {
        if (held.has(job.repositoryId)) continue;
        const state = states.get(job.repositoryId);
        const next = state === undefined ? null : await look(job, state);
        if (next?.kind === "run") return next;
        untilMs = Math.min(untilMs, next?.untilMs ?? untilMs);
      }
    }
    return { kind: "wait", untilMs };
  }

  async function pickBegun(job: BackupJob, { activeRun, isPaused }: JobState): Promise<Next | null> {
    if (activeRun === null || isPaused) return null;
    if (await outcomes.has(activeRun.runId)) {
      // The agent before this one came to its end, and no further.
      await change(job.repositoryId, { activeRun: null });
      return null;
    }
    const retry = retries.get(activeRun.runId);
    if (retry !== undefined && retry.atMs > now()) return { kind: "wait", untilMs: retry.atMs };
    return { kind: "run", job, run: activeRun, isResumed: true };
  }

  async function pickNew(job: BackupJob, state: JobState): Promise<Next | null> {
    if (state.activeRun !== null) return null;
    const facts = { ...job, ...state, splayMs: splayMs(job.schedule.splaySeconds, options.hostName, job.policyName) };
    const plan = planStart(facts, now());
    if (plan.kind === "wait") {
      if (plan.handledUpToMs !== state.handledUpToMs) {
        await change(job.repositoryId, { handledUpToMs: plan.handledUpToMs });
      }
      return { kind: "wait", untilMs: plan.untilMs };
    }
    if (plan.trigger !== "manual" && (await isHeldBack(job))) return { kind: "wait", untilMs: now() + powerEveryMs };
    const run = { runId: randomUUID(), trigger: plan.trigger, startedAtMs: now() };
    // On disk before it begins: whoever comes after a crash goes on with this run and begins no other.
    await change(job.repositoryId, { handledUpToMs: plan.handledUpToMs, requested: null, activeRun: run });
    return { kind: "run", job, run, isResumed: false };
  }

  async function isHeldBack({ onBattery, onMetered }: BackupJob): Promise<boolean> {
    if (onBattery === "skip" && (await options.isOnBattery())) return true;
    return onMetered === "skip" && (await options.isMetered());
  }

  async function take({ job, run, isResumed }: Extract<Next, { kind: "run" }>): Promise<void> {
    // Taken meanwhile: what has begun is on disk, and goes on later.
    if (held.has(job.repositoryId)) return;
    const mine: CurrentRun = {
      repositoryId: job.repositoryId,
      runId: run.runId,
      stop: new AbortController(),
      reason: null,
      letGo: Promise.withResolvers(),
    };
    current = mine;
    const log = logger.child({ policy: job.policyName, runId: run.runId });
    log.info({ trigger: run.trigger, isResumed }, isResumed ? "backup run goes on" : "backup run begins");
    // It may have been paused, or its job taken away, in the moment before.
    if (signal.aborted) stopCurrent("shutdown");
    else if (states.get(job.repositoryId)?.isPaused) stopCurrent("pause");
    const conducted = await conductRun(job, run, isResumed, options, mine.stop.signal);
    current = null;
    mine.letGo.resolve();
    await settle(job, run, conducted, mine.reason);
    if (!jobs.has(job.repositoryId) && states.get(job.repositoryId)?.activeRun === null) {
      await states.remove(job.repositoryId);
    }
  }

  async function settle(
    job: BackupJob,
    run: ActiveRun,
    conducted: Conducted,
    reason: StopReason | null,
  ): Promise<void> {
    const log = logger.child({ policy: job.policyName, runId: run.runId });
    switch (conducted.kind) {
      case "ended":
        await finish(job.repositoryId, run, conducted.end);
        return;
      case "unwanted":
        log.warn({ reason: conducted.message }, "backup run dropped: the control plane does not want it");
        retries.delete(run.runId);
        await change(job.repositoryId, { activeRun: null });
        return;
      case "stopped":
        await settleStopped(job, run, reason);
        return;
      case "later": {
        const before = retries.get(run.runId) ?? { failures: 0, engineFailures: 0 };
        const failures = before.failures + 1;
        const engineFailures = before.engineFailures + (conducted.isEngine ? 1 : 0);
        const { message } = conducted.failure;
        if (engineFailures >= engineAttempts) {
          const words = `${message} (after ${engineFailures} attempts)`;
          await finish(job.repositoryId, run, { ...nothingMade, phase: "failed", message: words.slice(0, 4000) });
          return;
        }
        const pauseMs = conducted.isEngine
          ? backoffMs(engineFailures, engineBackoff, patience.random())
          : waitMs(patience, failures, conducted.failure);
        retries.set(run.runId, { atMs: now() + pauseMs, failures, engineFailures });
        log.warn({ reason: message, pauseMs: Math.round(pauseMs) }, "backup run waits and is tried again");
        if (conducted.isEngine) await tellWaiting(job, run, message);
      }
    }
  }

  /** Told to end, it has ended; told to wait, it says so. On a shutdown the next agent goes on. */
  async function settleStopped(job: BackupJob, run: ActiveRun, reason: StopReason | null): Promise<void> {
    switch (reason) {
      case "cancel":
        return await finish(job.repositoryId, run, cancelled("somebody cancelled it"));
      case "gone":
        return await finish(job.repositoryId, run, cancelled("no policy backs this host up any more"));
      case "pause":
        return await tellWaiting(job, run, "paused");
      case "yield":
        return await tellWaiting(job, run, "files are being brought back first");
    }
  }

  async function tellWaiting(job: BackupJob, run: ActiveRun, message: string): Promise<void> {
    await options.controlPlane.sendBackupProgress(run.runId, {
      ...identityOf(job.repositoryId, run, options.agentVersion),
      phase: "waiting",
      message: message.slice(0, 1000),
      filesDone: 0,
      filesTotal: 0,
      bytesDone: 0,
      bytesTotal: 0,
      isTotalKnown: false,
      bytesPerSecond: null,
      remainingSeconds: null,
      currentPaths: [],
      errorCount: 0,
    });
  }

  /** Its end is on disk before the run counts as over. */
  async function finish(repositoryId: number, run: ActiveRun, end: RunEnd): Promise<void> {
    const identity = identityOf(repositoryId, run, options.agentVersion);
    const finishedAtMs = now();
    await outcomes.add({ runId: run.runId, ...identity, ...end, finishedAtMs });
    retries.delete(run.runId);
    const succeededAtMs =
      end.phase === "done" ? finishedAtMs : (states.get(repositoryId)?.lastRun?.succeededAtMs ?? null);
    const lastRun: FinishedRun = {
      phase: end.phase,
      startedAtMs: run.startedAtMs,
      finishedAtMs,
      totalBytes: end.figures.totalBytes ?? 0,
      addedBytes: end.figures.dataAddedPackedBytes ?? 0,
      unreadableCount: end.unreadableCount,
      succeededAtMs,
    };
    await change(repositoryId, { activeRun: null, lastRun });
    logger.info({ runId: run.runId, phase: end.phase, message: end.message }, "backup run ended");
    options.onOutcome();
  }

  async function loop(): Promise<void> {
    let lastFault = "";
    while (!signal.aborted) {
      try {
        await configuring;
        isWoken = false;
        const next = await pick();
        if (next.kind === "run") await take(next);
        else await waitUntil(next.untilMs);
        lastFault = "";
      } catch (err) {
        // A full disk, say: nothing is begun that could not be remembered.
        const fault = err instanceof Error ? err.message : String(err);
        if (fault !== lastFault) logger.error({ err }, "backup jobs cannot be looked after");
        lastFault = fault;
        isWoken = false;
        await waitUntil(now() + lookEveryMs);
      }
    }
  }

  async function waitUntil(untilMs: number): Promise<void> {
    if (isWoken || signal.aborted) return;
    const waiting = new AbortController();
    endWait = () => waiting.abort();
    signal.addEventListener("abort", endWait, { once: true });
    await patience.sleep(Math.max(0, Math.min(untilMs - now(), lookEveryMs)), waiting.signal);
    signal.removeEventListener("abort", endWait);
    endWait = () => undefined;
  }

  async function request(repositoryId: number, trigger: "manual" | "timer"): Promise<string | null> {
    const state = states.get(repositoryId);
    if (state === undefined || !jobs.has(repositoryId)) return "this agent has no such backup job";
    if (state.isPaused) return "the job is paused; resume it first";
    if (state.activeRun !== null) return "a run of it is under way already";
    await change(repositoryId, { requested: { trigger, notBeforeMs: now() } });
    wake();
    return null;
  }

  async function setPaused(repositoryId: number, isPaused: boolean): Promise<string | null> {
    if (states.get(repositoryId) === undefined) return "this agent has no such backup job";
    await change(repositoryId, { isPaused });
    if (isPaused && current?.repositoryId === repositoryId) stopCurrent("pause");
    wake();
    return null;
  }

  async function exclusively<Result>(repositoryId: number, work: () => Promise<Result>): Promise<Result> {
    held.set(repositoryId, (held.get(repositoryId) ?? 0) + 1);
    try {
      while (current?.repositoryId === repositoryId) {
        const { letGo } = current;
        stopCurrent("yield");
        await letGo.promise;
      }
      return await work();
    } finally {
      const others = (held.get(repositoryId) ?? 1) - 1;
      if (others > 0) held.set(repositoryId, others);
      else held.delete(repositoryId);
      wake();
    }
  }

  async function cancel(runId: string): Promise<string | null> {
    if (current?.runId === runId) {
      stopCurrent("cancel");
      return null;
    }
    const found = [...states.all()].find(([, { activeRun }]) => activeRun?.runId === runId);
    const activeRun = found?.[1].activeRun;
    if (found === undefined || activeRun == null) return "this run is not under way here";
    await finish(found[0], activeRun, cancelled("somebody cancelled it"));
    return null;
  }

  signal.addEventListener("abort", () => stopCurrent("shutdown"), { once: true });
  const running = loop();
  return {
    configure(next) {
      configuring = configuring
        .then(() => takeJobs(next))
        .catch((err: unknown) => logger.error({ err }, "backup jobs could not be taken over"));
    },
    async command(asked) {
      await configuring;
      switch (asked.kind) {
        case "backup-now":
          return await request(asked.repositoryId, "manual");
        case "backup-pause":
          return await setPaused(asked.repositoryId, true);
        case "backup-resume":
          return await setPaused(asked.repositoryId, false);
        case "backup-cancel":
          return await cancel(asked.runId);
      }
    },
    requestByTimer: (repositoryId) => request(repositoryId, "timer"),
    paused: () => [...states.all()].filter(([, { isPaused }]) => isPaused).map(([id]) => id),
    figures: () =>
      [...jobs.values()].map(({ policyName, repositoryId }) => {
        const state = states.get(repositoryId);
        return {
          policyName,
          repositoryId,
          isRunning: current?.repositoryId === repositoryId,
          isPaused: state?.isPaused === true,
          lastRun: state?.lastRun ?? null,
        };
      }),
    exclusively,
    stop: () => running,
  };
}

function cancelled(message: string): RunEnd {
  return { ...nothingMade, phase: "cancelled", message };
}
