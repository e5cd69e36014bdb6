/** A result on its way to another system. */
export interface ForwardedResult {
  readonly host: string;
  /** Null for the host itself. */
  readonly service: string | null;
  readonly returnCode: number;
  /** With perfdata and long output, as a plugin prints them. */
  readonly output: string;
  readonly checkedAtMs: number;
}

/** What became of results that were handed over: those that the receiver will never have are counted, the others it has. */
export interface Handover {
  readonly refused: number;
  /** Why the first was refused. */
  readonly reason: string | null;
}

export const allTaken: Handover = { refused: 0, reason: null };
