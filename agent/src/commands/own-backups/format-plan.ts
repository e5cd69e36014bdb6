import type { RestorePlan, RestoreRun } from "@mycloud/protocol/restore-run";
import { formatDuration, type Paint, printable, type Style } from "../../command-line/index.ts";
import { counted, formatCount, formatSize } from "../repo/size-text.ts";

const signs = {
  conflict: { sign: "!", style: "red" },
  remove: { sign: "-", style: "red" },
  create: { sign: "+", style: "green" },
  replace: { sign: "~", style: "yellow" },
  metadata: { sign: "m", style: "dim" },
} as const satisfies Record<RestorePlan["actions"][number]["action"], { sign: string; style: Style }>;

/** What would be done, a line for each path and one for all: `+` create, `~` replace, `-` remove, `m` metadata alone, `!` conflict. Pure. */
export function formatPlan(plan: RestorePlan, paint: Paint): string {
  const lines = plan.actions.map(({ action, path, sizeBytes, reason }) => {
    const { sign, style } = signs[action];
    const size = sizeBytes === null ? "" : `  ${formatSize(sizeBytes)}`;
    const why = reason === null ? "" : `  (${printable(reason)})`;
    return `${paint(style, `${sign} ${printable(path)}`)}${size}${why}`;
  });
  const all = changesOf(plan) + plan.conflicts;
  if (all > plan.actions.length) lines.push(`  and ${formatCount(all - plan.actions.length)} more`);
  lines.push(summarizePlan(plan));
  return `${lines.join("\n")}\n`;
}

/** How many paths would be touched. Pure. */
export function changesOf({ creates, replaces, removes, metadata }: RestorePlan): number {
  return creates + replaces + removes + metadata;
}

/** `2 to create, 1 to replace, 3 to remove; 12 KiB to write; 40 unchanged`. Pure. */
export function summarizePlan(plan: RestorePlan): string {
  const counts = [
    [plan.creates, "to create"],
    [plan.replaces, "to replace"],
    [plan.removes, "to remove"],
    [plan.metadata, "to change in metadata"],
    [plan.conflicts, "in conflict"],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  if (parts.length === 0) return `nothing to do: ${counted(plan.unchanged, "entry", "entries")} unchanged`;
  const bytes = plan.bytesToWrite > 0 ? `; ${formatSize(plan.bytesToWrite)} to write` : "";
  return `${parts.join(", ")}${bytes}; ${formatCount(plan.unchanged)} unchanged`;
}

const deeds = { checkout: "checked out", rollback: "rolled back", restore: "restored" } as const;

/** What was done, in one line. Pure. */
export function describeOutcome({ request, hostName, plan, startedAtMs, finishedAtMs }: RestoreRun): string {
  const tookMs = startedAtMs === null || finishedAtMs === null ? null : Math.max(1000, finishedAtMs - startedAtMs);
  const took = tookMs === null ? "" : ` in ${formatDuration(tookMs)}`;
  const where = request.targetDirectory === null ? "" : ` to ${printable(request.targetDirectory)}`;
  const done = plan === null ? "" : `: ${describeDone(plan)}`;
  return `${deeds[request.kind]} on ${printable(hostName)}${where}${took}${done}\n`;
}

function describeDone(plan: RestorePlan): string {
  const counts = [
    [plan.creates, "created"],
    [plan.replaces, "replaced"],
    [plan.removes, "removed"],
    [plan.metadata, "changed in metadata"],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  if (parts.length === 0) return "everything was as in the snapshot already";
  return plan.bytesToWrite > 0 ? `${parts.join(", ")}; ${formatSize(plan.bytesToWrite)}` : parts.join(", ");
}
