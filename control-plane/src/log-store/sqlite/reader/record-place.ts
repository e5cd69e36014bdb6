import { InputError } from "../../../error/index.ts";
import { formatRecordId, parseRecordId } from "../../record-id.ts";

/** A record's, or between two. */
export interface RecordPlace {
  readonly day: number;
  readonly rowId: number;
}

/** The place up to which was searched, as a page's cursor: opaque to whoever keeps it. Pure. */
export function formatCursor(order: "newest" | "oldest", { day, rowId }: RecordPlace): string {
  return `${order === "newest" ? "n" : "o"}${formatRecordId(day, rowId)}`;
}

/** Throws InputError when it is no cursor of this order. Pure. */
export function parseCursor(order: "newest" | "oldest", cursor: string): RecordPlace {
  const place = parseRecordId(cursor.slice(1));
  if (place === null || cursor[0] !== (order === "newest" ? "n" : "o")) {
    throw new InputError("the cursor is not one of this question's pages");
  }
  return place;
}
