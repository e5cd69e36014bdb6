import { RestoreRunOutcome } from "@mycloud/protocol/restore-run";
import { openRunSpool } from "../backup-job/outcome-spool.ts";
import { startRetryLoop } from "../retry-loop/index.ts";
import type { AgentPaths } from "../state-directory/index.ts";
import type { ControlPlane } from "../transport/index.ts";
import { createRestoreRunner, type RestoreRunner, type RestoreRunnerOptions } from "./restore-runner.ts";
import { openTakenRuns } from "./restore-state.ts";

export interface StartRestoresOptions
  extends Omit<RestoreRunnerOptions, "paths" | "taken" | "outcomes" | "onOutcome" | "controlPlane"> {
  readonly paths: AgentPaths;
  readonly controlPlane: Pick<ControlPlane, "restoreCredentials" | "sendRestoreProgress" | "sendRestoreOutcome">;
  /** Ends what delivers the ends of runs: later than `signal`, so that the last is told too. */
  readonly closingSignal: AbortSignal;
}

/** A runner, and the delivery of what came of its runs. */
export interface Restores extends RestoreRunner {
  /** Delivers now what waits. */
  retryNow(): void;
}

/** Starts a runner on what the state directory holds. Throws when its directories cannot be made. */
export async function startRestores(options: StartRestoresOptions): Promise<Restores> {
  const { paths, controlPlane, patience, logger, closingSignal } = options;
  const outcomes = await openRunSpool(paths.restoreOutcomes, RestoreRunOutcome, logger);
  const delivery = startRetryLoop({
    patience,
    signal: closingSignal,
    attempt: () =>
      outcomes
        .deliverOldest((outcome) => controlPlane.sendRestoreOutcome(outcome))
        .catch((error: unknown) => ({ kind: "unreachable", message: String(error) }) as const),
  });
  const taken = await openTakenRuns(paths.restores);
  const runner = createRestoreRunner({ ...options, taken, outcomes, onOutcome: () => delivery.wake() });
  return { ...runner, retryNow: () => delivery.retryNow() };
}
