import type { NewLogRecord } from "../../log-store/index.ts";

/** An outside system that records are sent on to. */
export interface LogTarget {
  /** Resolves when it has taken them: acknowledged by Forward, handed to the system by syslog. Throws why not; then the same is sent again. */
  send(records: readonly NewLogRecord[], id: string, signal: AbortSignal): Promise<void>;
  close(): void;
}
