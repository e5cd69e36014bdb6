/** How a value is compared; a `!` in front is `isNegated`. */
export type Operator = "=" | "~" | "=~" | "~~" | "<" | ">" | "<=" | ">=";

export interface Comparison {
  readonly kind: "compare";
  readonly column: string;
  readonly operator: Operator;
  readonly isNegated: boolean;
  readonly value: string;
}

/** A condition on a row, as the filter stack left it. */
export type FilterNode =
  | Comparison
  | { readonly kind: "and" | "or"; readonly of: readonly FilterNode[] }
  | { readonly kind: "not"; readonly of: FilterNode };

export const aggregations = ["sum", "min", "max", "avg", "std", "suminv", "avginv"] as const;
export type Aggregation = (typeof aggregations)[number];

/** One figure of a Stats query: how many rows pass, or something of a column's values. */
export type Stat =
  | { readonly kind: "count"; readonly filter: FilterNode }
  | { readonly kind: Aggregation; readonly column: string };

export interface SortKey {
  readonly column: string;
  /** Which entry of a column that is a map, as in `Sort: custom_variables OWNER asc`. */
  readonly key: string | null;
  readonly isDescending: boolean;
}

export type OutputFormat = "csv" | "CSV" | "json" | "wrapped_json" | "python";

/** The four separators of csv: of rows, columns, list items, and host from service. */
export interface Separators {
  readonly row: string;
  readonly column: string;
  readonly list: string;
  readonly pair: string;
}

export const waitTriggers = ["check", "state", "log", "downtime", "comment", "command", "program", "all"] as const;
export type WaitTrigger = (typeof waitTriggers)[number];

/** What has to happen before the query is answered. */
export interface Wait {
  readonly object: string | null;
  readonly trigger: WaitTrigger | null;
  readonly condition: FilterNode | null;
  /** Null waits for as long as the peer does. */
  readonly timeoutMs: number | null;
}

/** How the answer is to be given; known even of a request that is wrong otherwise. */
export interface AnswerStyle {
  readonly hasFixed16: boolean;
  readonly isKeptAlive: boolean;
}

/** A `GET`, understood. Whether its table and columns exist is not known yet. */
export interface Query extends AnswerStyle {
  readonly table: string;
  /** Null = all, with their names. */
  readonly columns: readonly string[] | null;
  readonly filter: FilterNode;
  readonly stats: readonly Stat[];
  readonly sort: readonly SortKey[];
  readonly limit: number | null;
  readonly offset: number;
  readonly hasColumnHeaders: boolean;
  readonly format: OutputFormat;
  readonly separators: Separators;
  readonly authUser: string | null;
  /** Seconds that the peer's clock is ahead of ours, to the half hour: instants are given, and filtered by, in its time. */
  readonly clockOffsetSeconds: number;
  readonly wait: Wait | null;
}

/** The codes of fixed16. */
export type ResponseCode = 200 | 400 | 403 | 404 | 413 | 450 | 451 | 452 | 502;

/** A request that cannot be answered, in the words and with the code its sender gets. */
export class RequestError extends Error {
  readonly code: ResponseCode;

  constructor(code: ResponseCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type ParsedRequest =
  | { readonly kind: "query"; readonly query: Query }
  /** `authUser`: on whose behalf, where the peer says so. */
  | { readonly kind: "command"; readonly line: string; readonly authUser: string | null }
  | { readonly kind: "error"; readonly error: RequestError; readonly style: AnswerStyle };
