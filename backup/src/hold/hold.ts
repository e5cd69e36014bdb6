import { isId } from "../blob/index.ts";
import { DocumentFields } from "../document/index.ts";
import { DamagedError } from "../error/index.ts";

/** The content of a hold file. */
export interface Hold {
  readonly snapshot: string;
  /** From 1 to 1000 characters. */
  readonly reason: string;
  /** When it ends, or null for never. */
  readonly untilMs: number | null;
  readonly createdAtMs: number;
  /** Who asked for it, for people; at most 200 characters. */
  readonly createdBy: string;
}

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
  // By hand: commands that list snapshots read holds too, and would load a library of schemas for nothing else.
  const fields = new DocumentFields(document, (message) => new DamagedError(object, `is no hold: ${message}`));
  const hold: Hold = {
    snapshot: fields.text("snapshot", { isForm: isId }),
    reason: fields.text("reason", { isForm: (text) => text.length >= 1 && text.length <= 1000 }),
    untilMs: fields.values.untilMs === null ? null : fields.wholeNumber("untilMs"),
    createdAtMs: fields.wholeNumber("createdAtMs"),
    createdBy: fields.text("createdBy", { isForm: (text) => text.length <= 200 }),
  };
  if (hold.snapshot !== snapshotId) throw new DamagedError(object, `holds ${hold.snapshot}`);
  return hold;
}

/** The bytes of a hold file. */
export function formatHold(hold: Hold): Uint8Array {
  return Buffer.from(`${JSON.stringify(hold)}\n`);
}
