import type { PlanFigures } from "@mycloud/backup/checkout";
import type { Progress } from "@mycloud/backup/progress";
import type { RestorePlan } from "@mycloud/protocol/restore-run";
import { createProgressRate } from "../../backup-job/engine/progress-rate.ts";
import type { RestoreEngineProgress, RestoreResult } from "./restore-message.ts";

/** What a run has done so far, and how fast. */
export class RestoreFigures {
  readonly #rate = createProgressRate();
  plan: RestorePlan | null = null;
  safetySnapshotId: string | null = null;
  filesTotal = 0;
  bytesTotal = 0;
  filesDone = 0;
  bytesDone = 0;
  errorCount = 0;

  /** From here on it is this that is to be done. */
  begin({ creates, replaces, removes, metadata, bytesToWrite }: PlanFigures): void {
    this.filesTotal = creates + replaces + removes + metadata;
    this.bytesTotal = bytesToWrite;
  }

  restoring({ bytesDone, current, errors }: Progress): RestoreEngineProgress {
    this.bytesDone = Math.min(bytesDone, this.bytesTotal);
    this.errorCount = errors;
    const counted = { ...this.#counts(), current, errors, phase: "restoring", isTotalKnown: true };
    const { bytesPerSecond, remainingSeconds } = this.#rate.next(counted, performance.now());
    return { phase: "restoring", ...this.#told(), bytesPerSecond, remainingSeconds, currentPath: current[0] ?? null };
  }

  /** In a phase in which nothing is written yet. */
  before(phase: "planning" | "safety-snapshot", currentPath: string | null): RestoreEngineProgress {
    return { phase, ...this.#told(), bytesPerSecond: null, remainingSeconds: null, currentPath };
  }

  end(phase: RestoreResult["phase"], message: string | null, errors: RestoreResult["errors"] = []): RestoreResult {
    return { phase, ...this.#told(), errors, message };
  }

  #told() {
    return {
      ...this.#counts(),
      errorCount: this.errorCount,
      plan: this.plan,
      safetySnapshotId: this.safetySnapshotId,
    };
  }

  #counts() {
    const { filesDone, filesTotal, bytesDone, bytesTotal } = this;
    return { filesDone: Math.min(filesDone, filesTotal), filesTotal, bytesDone, bytesTotal };
  }
}
