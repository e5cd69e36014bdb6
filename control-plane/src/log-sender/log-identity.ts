/** Who sends logs, as the receiver found out: it decides whose the records are. */
export interface LogIdentity {
  readonly kind: "agent" | "sender" | "token";
  /** Unique among all: what a chunk's id is unique for. `agent:<id>`, `sender:<name>`, `token:<id>`. */
  readonly key: string;
  readonly name: string;
  /** An agent's own: its records are of this host, whatever they say. */
  readonly hostId: number | null;
  /** A LogSender's: its records are of this host, whatever they say. */
  readonly hostName: string | null;
  /** Hosts of others are unknown to it. Null: the operator's, who knows all. */
  readonly customer: string | null;
  readonly maximumLinesPerSecond: number | null;
  readonly maximumBytesPerDay: number | null;
}
