// Sources of log lines: files that are followed through rotation, the journal, the output of commands, the agent's own diagnostics. A source hands on
// batches of lines with the positions behind them, and reads on only when a batch was taken; whoever keeps the positions hands them back at the next start.

export * from "./create-log-sources.ts";
export type { FileTimes } from "./file/following.ts";
export type { Diagnostics } from "./follow-diagnostics.ts";
export type { JournalProgram } from "./journal/follow-journal.ts";
export * from "./line-batch.ts";
