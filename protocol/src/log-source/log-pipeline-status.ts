import { z } from "zod";

/** What was read of one source, since the shipper started. */
export const LogSourceStatus = z.object({
  name: z.string(),
  /** Files that are followed now. */
  files: z.number(),
  /** Bytes in files that wait to be read. */
  lagBytes: z.number(),
  lines: z.number(),
  records: z.number(),
  parseFailures: z.number(),
  /** Left out by include and exclude, or as not in the sample. */
  filtered: z.number(),
  /** Over the rate limit. */
  suppressed: z.number(),
  redacted: z.number(),
  /** Lines on which a pattern of the configuration took too long: withheld, or joined to the record before where it says where records begin. */
  patternTimeouts: z.number().default(0),
  /** Files, or what else was asked for, that may not or cannot be read now. */
  refused: z.number(),
  /** Files that were gone before they had been read to their end. */
  lost: z.number(),
  /** Directories that are looked at every second, since the kernel had no watch left for them. */
  polledDirectories: z.number().default(0),
  /** Some of what is refused: a path and why it is not read. */
  unread: z.array(z.string()).default([]),
  /** What is not as it should be, though all is read. */
  notices: z.array(z.string()).default([]),
  fault: z.string().nullable(),
});
export type LogSourceStatus = z.infer<typeof LogSourceStatus>;

/** How shipping to one destination goes; counters since the shipper started. */
export const LogDestinationStatus = z.object({
  name: z.string(),
  chunks: z.number(),
  bytes: z.number(),
  maximumBytes: z.number(),
  /** When the first record was read that the destination has not acknowledged. */
  oldestAtMs: z.number().nullable(),
  shippedRecords: z.number(),
  /** Because the queue was full. */
  droppedRecords: z.number(),
  /** Put aside: the destination never takes them. */
  refusedRecords: z.number(),
  isConnected: z.boolean(),
  lastAcknowledgedAtMs: z.number().nullable(),
  lastError: z.string().nullable(),
});
export type LogDestinationStatus = z.infer<typeof LogDestinationStatus>;

/** How an agent's logs get on. */
export const LogPipelineStatus = z.object({
  /** Of the process that reads and ships; null while it is not there. */
  pid: z.number().nullable(),
  /** When that process was started; counters begin anew then. */
  startedAtMs: z.number().nullable(),
  /** How often it has ended unasked since the agent started. */
  restarts: z.number(),
  /** Why logs are not read, or cannot be kept; null when all is well. */
  fault: z.string().nullable(),
  sources: z.array(LogSourceStatus),
  destinations: z.array(LogDestinationStatus),
});
export type LogPipelineStatus = z.infer<typeof LogPipelineStatus>;
