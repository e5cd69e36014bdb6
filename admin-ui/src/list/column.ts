import type { ReactNode } from "react";
import type { RaRecord } from "react-admin";

/** One column of a list. */
export interface Column<Item extends RaRecord> {
  readonly key: string;
  readonly label: string;
  readonly render: (record: Item) => ReactNode;
  /** The field that the server sorts by; a column without one cannot be sorted. */
  readonly sortBy?: string;
  /** CSS width; columns without one share what is left. */
  readonly width?: number | string;
  readonly isNumber?: boolean;
  /** What becomes of it on a telephone: hidden, a line of its own, or taking the rest of a line. */
  readonly narrow?: "hide" | "full" | "grow";
}
