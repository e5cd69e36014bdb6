import type { Column } from "../column/index.ts";
import type { QueryContext } from "../query/context.ts";
import type { FilterNode } from "../request/index.ts";

/** What a table is told of a query, so that it need not give rows that cannot pass. */
export interface RowsWanted {
  readonly filter: FilterNode;
  readonly clockOffsetSeconds: number;
}

/** A table of rows of one kind. */
export interface Table<Row> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  /** The rows the viewer may know of: all at once from memory, or a chunk at a time from the database. */
  readonly rows: (context: QueryContext, wanted: RowsWanted) => Iterable<Row> | AsyncIterable<readonly Row[]>;
  /** The row that `WaitObject:` names; its table cannot be waited on when absent. */
  readonly find?: (context: QueryContext, name: string) => Row | undefined;
}
