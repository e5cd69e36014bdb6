import type { OnProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { PruneLimits, PrunePlan } from "./plan.ts";

export interface PruneOptions extends PruneLimits {
  readonly isDryRun?: boolean;
  /** Told of the plan before it is carried out. */
  readonly onPlan?: (plan: PrunePlan) => void;
  readonly onProgress?: OnProgress;
  /** How long to wait for the lock. */
  readonly retryForMs?: number;
  readonly nowMs: () => number;
  readonly signal?: AbortSignal;
}

export interface PruneResult {
  readonly plan: PrunePlan;
  readonly isDryRun: boolean;
}

/**
 * Removes data no snapshot needs, under an exclusive lock. Throws DamagedError, with nothing changed, when a needed blob or tree is missing:
 * `verify` says more.
 */
export async function prune(repository: Repository, options: PruneOptions): Promise<PruneResult> {
  throw new Error(`not built yet (${repository.backend.location} ${options.nowMs})`);
}
