import { displayText } from "@mycloud/backup/byte-string";
import type { PlanFigures } from "@mycloud/backup/checkout";
import type { RestorePlan } from "@mycloud/protocol/restore-run";

/** Paths that a plan is told with take no more than this, in characters: some are thousands long. */
const maximumCharacters = 500_000;

/** A plan as people are told it. Pure. */
export function toldPlan(figures: PlanFigures): RestorePlan {
  let characters = 0;
  const actions: RestorePlan["actions"] = [];
  for (const { action, path, sizeBytes, reason } of figures.actions) {
    const told = { action, path: displayText(path), sizeBytes, reason: reason?.slice(0, 2000) ?? null };
    characters += told.path.length + (told.reason?.length ?? 0);
    if (characters > maximumCharacters) break;
    actions.push(told);
  }
  return { ...figures, actions };
}
