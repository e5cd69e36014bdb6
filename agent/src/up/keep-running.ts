import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration } from "../command-line/index.ts";
import { planRestart, type RestartHistory } from "./restart-policy.ts";
import { describeEnd, stopTethered, type TetheredProcess } from "./tethered-process.ts";

export interface KeepRunningOptions {
  readonly start: () => TetheredProcess;
  /** The child that runs already; without it the first one is started at once. */
  readonly first?: TetheredProcess;
  /** Says why a child is started again. */
  readonly onRestart: (message: string) => void;
  readonly graceMs: number;
  readonly now: () => number;
  readonly random: () => number;
  /** Ends it: the child is stopped and not started again. */
  readonly signal: AbortSignal;
}

/** Keeps one child running until the signal; resolves when the last one has ended. */
export async function keepRunning(options: KeepRunningOptions): Promise<void> {
  const { signal, now } = options;
  let history: RestartHistory = { failures: 0 };
  let child = options.first ?? options.start();
  while (true) {
    const startedAtMs = now();
    const end = await endOrAbort(child, signal);
    if (end === undefined) {
      await stopTethered(child, options.graceMs);
      return;
    }
    const plan = planRestart(history, now() - startedAtMs, options.random());
    history = plan.history;
    const wait = plan.delayMs < 1000 ? "at once" : `in ${formatDuration(plan.delayMs)}`;
    options.onRestart(
      `ended with ${describeEnd(end)} after ${formatDuration(now() - startedAtMs)}; starting it again ${wait}`,
    );
    await sleep(plan.delayMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    child = options.start();
  }
}

/** The child's end, or undefined when the signal came first. */
async function endOrAbort(child: TetheredProcess, signal: AbortSignal) {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onAbort = () => resolve(undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([child.ended, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
