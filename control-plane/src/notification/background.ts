/** Something known about a problem that its mail says below the message itself. */
export interface Background {
  /** Without a colon at its end. */
  readonly title: string;
  readonly lines: readonly string[];
}

/** Tells what is known around the beginning of a host's problem; nothing where nothing is known in time. Never throws, and never takes long. */
export type TellBackground = (
  hostId: number,
  times: { readonly lastOkAtMs: number | null; readonly startedAtMs: number },
  signal: AbortSignal,
) => Promise<readonly Background[]>;
