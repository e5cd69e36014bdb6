import { z } from "zod";
import { isId } from "../blob/index.ts";
import { DamagedError } from "../error/index.ts";

/** The content of a hold file. */
export const Hold = z.object({
  snapshot: z.string().refine(isId, "is no id"),
  reason: z.string().min(1).max(1000),
  /** When it ends, or null for never. */
  untilMs: z.number().int().nullable(),
  createdAtMs: z.number().int(),
  /** Who asked for it, for people. */
  createdBy: z.string().max(200),
});
export type Hold = z.infer<typeof Hold>;

/** Whether the hold is in force at this time. */
export function isInForce(hold: Hold, nowMs: number): boolean {
  return hold.untilMs === null || nowMs < hold.untilMs;
}

/** The hold in the bytes of its file. Throws DamagedError when it is none, or holds another snapshot than its name says. */
export function parseHold(bytes: Uint8Array, snapshotId: string): Hold {
  const object = `holds/${snapshotId}`;
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw new DamagedError(object, "is no JSON", { cause });
  }
  const parsed = Hold.safeParse(document);
  if (!parsed.success) throw new DamagedError(object, `is no hold: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.snapshot !== snapshotId) throw new DamagedError(object, `holds ${parsed.data.snapshot}`);
  return parsed.data;
}

/** The bytes of a hold file. */
export function formatHold(hold: Hold): Uint8Array {
  return Buffer.from(`${JSON.stringify(hold)}\n`);
}
