import { readFile } from "node:fs/promises";
import { z } from "zod";
import { isId } from "../../blob/index.ts";
import type { OpenRepository } from "../repository/index.ts";

/** A snapshot that must not be deleted, why, and until when. */
export const Hold = z.object({
  snapshot: z.string().refine(isId),
  reason: z.string().min(1).max(1000),
  /** Unix time in ms; null holds until it is removed. */
  untilMs: z.number().nullable(),
  createdAtMs: z.number(),
  createdBy: z.string().max(200),
});
export type Hold = z.infer<typeof Hold>;

/** Why a snapshot may not be deleted, or null. A hold that cannot be understood holds: somebody meant to. `nowMs` is the cautious time. */
export async function readHoldReason(
  repository: OpenRepository,
  snapshotId: string,
  nowMs: number,
): Promise<string | null> {
  const path = repository.layout.object({ type: "holds", name: snapshotId });
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return text === null ? null : reasonOfHold(text, nowMs);
}

/** Why the text of a hold keeps its snapshot, or null when it has expired. Pure. */
export function reasonOfHold(text: string, nowMs: number): string | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return "it is held, and the reason cannot be read";
  }
  const hold = Hold.safeParse(content);
  if (!hold.success) return "it is held, and the reason cannot be read";
  const { untilMs, reason, createdBy } = hold.data;
  if (untilMs !== null && untilMs <= nowMs) return null;
  const until = untilMs === null ? "" : ` until ${new Date(Math.min(untilMs, 8.64e15)).toISOString()}`;
  return `it is held${until} by ${createdBy}: ${reason}`;
}

/** Whether a hold keeps its snapshot for as long as another does, or longer; one that cannot be understood is the longest. Pure. */
export function isAtLeastAsLong(text: string, than: string): boolean {
  return endOf(text) >= endOf(than);
}

function endOf(text: string): number {
  try {
    const hold = Hold.safeParse(JSON.parse(text));
    return hold.success ? (hold.data.untilMs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
