import type { PruneCount, PrunePlan } from "@mycloud/backup/prune";
import { formatTable, type Paint } from "../../command-line/index.ts";
import { counted, formatCount, formatSize } from "./size-text.ts";

/** A plan for people. Pure. */
export function describePlan(plan: PrunePlan, paint: Paint): string {
  const row = (what: string, { blobs, bytes }: PruneCount) => ({
    what,
    blobs: formatCount(blobs),
    size: formatSize(bytes),
  });
  const rows = [
    row("needed", plan.used),
    row("needed, stored twice", plan.duplicate),
    row("not needed", plan.unused),
    row("removed with their packs", plan.removed),
    row("rewritten", plan.repacked),
    row("freed by that", plan.repackFreed),
  ];
  const table = formatTable(
    [
      { heading: "BLOBS", cell: ({ what }: (typeof rows)[number]) => what },
      { heading: "COUNT", cell: ({ blobs }) => blobs, align: "right" },
      { heading: "SIZE", cell: ({ size }) => size, align: "right" },
    ],
    rows,
    paint,
  );
  const unreferenced =
    plan.packsUnreferenced.length > 0
      ? ` and ${formatCount(plan.packsUnreferenced.length)} no index knows (${formatSize(plan.unreferencedBytes)})`
      : "";
  return [
    table.trimEnd(),
    `packs: keep ${formatCount(plan.packsKept)}, rewrite ${formatCount(plan.packsToRepack.length)}, remove ${formatCount(plan.packsToRemove.length)}${unreferenced}`,
    ...(plan.packsMissing.length > 0
      ? [`in the index but gone: ${counted(plan.packsMissing.length, "pack")} nothing needs`]
      : []),
    `${formatSize(plan.totalBytesBefore)} now, ${formatSize(plan.totalBytesAfter)} afterwards, ${formatSize(plan.unusedBytesAfter)} of it unused`,
    "",
  ].join("\n");
}

/** A plan as `--json` shows it. Pure. */
export function planJson(plan: PrunePlan): Readonly<Record<string, unknown>> {
  return {
    packs_kept: plan.packsKept,
    packs_to_remove: plan.packsToRemove,
    packs_to_repack: plan.packsToRepack,
    packs_unreferenced: plan.packsUnreferenced,
    packs_missing: plan.packsMissing,
    used: plan.used,
    duplicate: plan.duplicate,
    unused: plan.unused,
    removed: plan.removed,
    repacked: plan.repacked,
    repack_freed: plan.repackFreed,
    unreferenced_bytes: plan.unreferencedBytes,
    total_bytes_before: plan.totalBytesBefore,
    total_bytes_after: plan.totalBytesAfter,
    unused_bytes_after: plan.unusedBytesAfter,
  };
}
