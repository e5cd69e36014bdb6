import type { RestorePhase, RestorePlan, RestoreRun } from "@mycloud/protocol/restore-run";
import { sizeText } from "../resources/backup-runs/run-text.ts";
import { formatDuration } from "../time/duration.ts";

const ends = new Set<RestorePhase>(["planned", "conflicts", "done", "failed", "cancelled"]);

/** Whether nothing more will happen. Pure. */
export function isOver({ phase }: Pick<RestoreRun, "phase">): boolean {
  return ends.has(phase);
}

/** Whether the plan is what matters now. Pure. */
export function tellsPlan(phase: RestorePhase): boolean {
  return phase === "planned" || phase === "conflicts";
}

/** How a bringing-back is, in a sentence. Pure. */
export function restoreText(run: RestoreRun): string {
  switch (run.phase) {
    case "waiting":
      return run.message ?? "Waiting for the machine…";
    case "planning":
      return "Looking what differs…";
    case "safety-snapshot":
      return "Taking a snapshot of how it is now, so that this can be undone…";
    case "restoring":
      return [
        `${sizeText(run.bytesDone)} of ${sizeText(run.bytesTotal)}`,
        ...(run.bytesPerSecond === null ? [] : [`${sizeText(run.bytesPerSecond)}/s`]),
        ...(run.remainingSeconds === null ? [] : [`${formatDuration(run.remainingSeconds)} left`]),
      ].join(", ");
    case "planned":
      return "Nothing has been changed yet. This would be done:";
    case "conflicts":
      return "Nothing was changed: some of it has changed on the machine since it was last backed up.";
    case "done": {
      const errors = run.errorCount > 0 ? ` ${run.errorCount} entries could not be brought back.` : "";
      const undo =
        run.safetySnapshotId === null
          ? ""
          : ` To undo it, roll back to the snapshot ${run.safetySnapshotId.slice(0, 8)}, taken just before.`;
      const files = `${run.filesDone.toLocaleString("en")} file${run.filesDone === 1 ? "" : "s"}`;
      return `Done: ${files}, ${sizeText(run.bytesDone)}.${errors}${undo}`;
    }
    case "failed":
      return `It failed: ${run.message ?? "no reason was told"}`;
    case "cancelled":
      return "It was stopped.";
  }
}

/** What a plan comes to. Pure. */
export function planText(plan: RestorePlan): string {
  const parts = [
    [plan.creates, "new"],
    [plan.replaces, "replaced"],
    [plan.removes, "removed"],
    [plan.metadata, "with other owner, mode or time"],
    [plan.conflicts, "changed since and not to be overwritten"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count.toLocaleString("en")} ${word}`);
  if (said.length === 0) return "It is all as in the snapshot already.";
  return `${said.join(", ")}; ${sizeText(plan.bytesToWrite)} to write.`;
}
